import "server-only";
import { randomUUID } from "node:crypto";
import { approveDevice } from "@/lib/devices/approve-device";
import { loadActor } from "@/lib/identity/actor";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { sessionCookie } from "@/lib/identity/session";
import { openSession } from "@/lib/identity/start-session";
import { type CallContext, execute, type Workspace } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { createPersonalToken } from "@/lib/tokens/create-token";
import { call, openStream, type Stream } from "./ask";
import { CANARY } from "./schema";

// One canary: somebody whom a directory brought, with everything that people hold. It may read one project for the seconds that it lives.

/** Where canaries are made. `connectionId`: a single sign-on connection for their sessions, where there is one. */
export type Place = { url: string; organizationId: string; workspace: Workspace; project: string; connectionId: string | null; directory: Directory };
export type Directory = { id: string; slug: string; token: string };

export type Held = {
  place: Place;
  name: string;
  projectPath: string;
  principalId: string;
  userId: string;
  grantId: string;
  sessionId: string;
  cookie: string;
  deviceId: string;
  deviceToken: string;
  tokenId: string;
  token: string;
  accountId: string;
  keyId: string;
  key: string;
  stream: Stream;
};

export const newCanaryName = (): string => `canary-${newId().slice(-12)}`;

/** Makes a canary. Throws with what did not work; what was made till then is swept with the rest (remove-canaries.ts). */
export async function holdCanary(place: Place, name = newCanaryName()): Promise<Held> {
  const made = await scim(place, "POST", "/Users", { userName: name, displayName: name, active: true });
  if (made.status !== 201) throw new Error(`the directory's door answered ${made.status}`);
  const { id: userId } = JSON.parse(made.text) as { id: string };
  const rows = await giveRows(place, userId, name);
  const signedOn = place.connectionId ? { connectionId: place.connectionId, subject: name, sessionIndex: null, endsAt: null } : undefined;
  const session = await openSession(rows.principalId, "canary", systemContext("canary"), { signedOn });
  const cookie = `${sessionCookie().name}=${session.token}`;
  const own = await asCanary(place, rows.principalId, session.id);
  const token = await execute(createPersonalToken, own, { name });
  const device = await logInDevice(place, own);
  const projectPath = `/${place.workspace.slug}/projects/${encodeURIComponent(place.project)}`;
  const asked = new URLSearchParams({ workspace: place.workspace.slug, project: place.project });
  const stream = await openStream(`${place.url}/api/live?${asked}`, { cookie });
  return { place, name, projectPath, userId, ...rows, sessionId: session.id, cookie, ...device, tokenId: token.id, token: token.value, stream };
}

/** A request of the canaries' directory. */
export const scim = ({ url, directory }: Place, method: string, path: string, body?: unknown) =>
  call(`${url}/api/scim/v2/${directory.slug}${path}`, {
    method,
    headers: { authorization: `Bearer ${directory.token}`, "content-type": "application/scim+json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

/** The canary itself, at its session. */
export async function asCanary({ workspace }: Place, principalId: string, sessionId: string): Promise<CallContext> {
  const actor = await inScope([], (tx) => loadActor(tx, principalId, { kind: "session", id: sessionId, label: "canary" }));
  if (!actor) throw new Error("the canary is not active");
  return { actor, request: systemContext("canary"), workspace };
}

/** A grant, and a service account with a key that was issued to the canary: both read one workspace. */
function giveRows({ organizationId, workspace }: Place, userId: string, name: string) {
  const [grantId, accountId, keyId, secret] = [newId(), newId(), newId(), mintKeySecret()];
  return inScope([], async (tx) => {
    const { principal_id: principalId } = await tx.selectFrom("directory_user").select("principal_id").where("id", "=", userId).executeTakeFirstOrThrow();
    const grant = { organization_id: organizationId, role: "viewer", source: "setup", scope_kind: "workspace", workspace_ref: workspace.id };
    await tx.insertInto("principal").values({ id: accountId, organization_id: organizationId, home_workspace_id: workspace.id, kind: CANARY, name }).execute();
    await tx
      .insertInto("role_grant")
      .values([
        { ...grant, id: grantId, principal_id: principalId },
        { ...grant, id: newId(), principal_id: accountId },
      ])
      .execute();
    const key = { id: keyId, organization_id: organizationId, principal_id: accountId, name: CANARY, secret_hmac: hashApiKey(secret), issued_to: principalId };
    await tx.insertInto("api_key").values(key).execute();
    return { principalId, grantId, accountId, keyId, key: formatApiKey(keyId, secret) };
  });
}

/** A command line logs in, and the canary approves it. */
async function logInDevice({ url, workspace }: Place, own: CallContext): Promise<{ deviceId: string; deviceToken: string }> {
  const wire = `${url}/${workspace.slug}/api/v1`;
  const post = async (path: string, fields: Record<string, string>) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const { status, text } = await call(`${wire}${path}`, { method: "POST", headers, body: new URLSearchParams(fields).toString() });
    if (status !== 200) throw new Error(`${path} answered ${status}`);
    return JSON.parse(text) as Record<string, string>;
  };
  const client = randomUUID();
  const codes = await post("/device_authorization", { client_id: client });
  const deviceId = new URL(codes.verification_uri_complete as string).searchParams.get("device_id") as string;
  const approved = await execute(approveDevice, own, { deviceId, userCode: codes.user_code });
  if (approved.status !== "approved") throw new Error("the device was not approved");
  const grant = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: client, device_code: codes.device_code as string };
  return { deviceId, deviceToken: (await post("/login", grant)).access_token as string };
}
