import "server-only";
import { randomUUID } from "node:crypto";
import { ROLES, type RoleId } from "@/lib/authz/permissions";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { newId } from "@/lib/kernel/id";
import { inScope } from "@/lib/kernel/transaction";
import { provisionWorkspace } from "@/lib/workspaces/create-workspace";
import { serveZenml } from "./serve";

// The wire's own door for tests: workspaces, service accounts with keys, calls in process.

export type Account = { principalId: string; keyId: string; key: string; token: string };
export type Answer = { status: number; body: unknown; text: string; headers: Headers };

/** One request through the door. `token` undefined: without a credential. */
export async function call(
  token: string | undefined,
  slug: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const answer = await serveZenml(
    new Request(`http://reeve.test/${slug}/api/v1${path}`, {
      method,
      headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), "content-type": "application/json", ...headers },
      body: body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body),
    }),
  );
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text) as unknown, text, headers: answer.headers };
}

/** The token endpoint with an API key. */
export const login = (key: string, slug: string): Promise<Answer> =>
  call(undefined, slug, "POST", "/login", new URLSearchParams({ grant_type: "zenml-api-key", password: key }).toString(), {
    "content-type": "application/x-www-form-urlencoded",
  });

/** The token endpoint with a person's name and password. */
export const passwordLogin = (username: string, password: string, slug: string): Promise<Answer> =>
  call(undefined, slug, "POST", "/login", new URLSearchParams({ grant_type: "password", username, password }).toString(), FORM);

const FORM = { "content-type": "application/x-www-form-urlencoded" };
export const CLIENT_AGENT = "Host/mbp-aalto ZenML/0.98.0 Python/3.11.7 OS/Darwin";

export type DeviceLogin = { clientId: string; deviceId: string; userCode: string; deviceCode: string };

/** What `zenml login` does first: asks for codes. */
export async function requestCodes(slug: string, address = "192.0.2.7", clientId: string = randomUUID()): Promise<{ answer: Answer; login: DeviceLogin }> {
  const answer = await call(undefined, slug, "POST", "/device_authorization", `client_id=${clientId}`, {
    ...FORM,
    "user-agent": CLIENT_AGENT,
    "x-forwarded-for": address,
  });
  const body = answer.body as Record<string, string>;
  const deviceId = new URL(body.verification_uri_complete ?? "http://none.test").searchParams.get("device_id") ?? "";
  return { answer, login: { clientId, deviceId, userCode: body.user_code ?? "", deviceCode: body.device_code ?? "" } };
}

/** What it does next, again and again. */
export const pollCodes = (slug: string, { clientId, deviceCode }: Pick<DeviceLogin, "clientId" | "deviceCode">): Promise<Answer> =>
  call(
    undefined,
    slug,
    "POST",
    "/login",
    new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: clientId, device_code: deviceCode }).toString(),
    FORM,
  );

/** An organization with workspaces, each with the project and stack `default`. */
export async function makeWireWorkspaces(slugs: readonly string[]): Promise<{ organizationId: string; workspaces: Record<string, string> }> {
  const organizationId = newId();
  await inScope([], (tx) => tx.insertInto("organization").values({ id: organizationId, name: "Acme" }).execute());
  const workspaces: Record<string, string> = {};
  for (const slug of slugs) {
    const made = await inScope([], (tx) =>
      provisionWorkspace(tx, { organizationId, slug, displayName: slug, projects: ["default", "second"], createdBy: null }),
    );
    workspaces[slug] = made.id;
  }
  return { organizationId, workspaces };
}

/** A service account with one grant and one key, logged in. */
export async function makeAccount(organizationId: string, workspaceId: string, slug: string, role: RoleId, name: string = role): Promise<Account> {
  const [principalId, keyId, secret] = [newId(), newId(), mintKeySecret()];
  const isOrganization = (ROLES[role].scope as readonly string[]).includes("organization");
  await inScope([], async (tx) => {
    await tx
      .insertInto("principal")
      .values({ id: principalId, organization_id: organizationId, kind: "service_account", home_workspace_id: workspaceId, name })
      .execute();
    await tx
      .insertInto("role_grant")
      .values({
        id: newId(),
        organization_id: organizationId,
        principal_id: principalId,
        role,
        source: "setup",
        scope_kind: isOrganization ? "organization" : "workspace",
        workspace_ref: isOrganization ? null : workspaceId,
      })
      .execute();
    await tx
      .insertInto("api_key")
      .values({ id: keyId, organization_id: organizationId, principal_id: principalId, name: "default", secret_hmac: hashApiKey(secret) })
      .execute();
  });
  const key = formatApiKey(keyId, secret);
  const answer = await login(key, slug);
  if (answer.status !== 200) throw new Error(`${name} could not log in: ${answer.text}`);
  return { principalId, keyId, key, token: (answer.body as { access_token: string }).access_token };
}

/** The id in an answer, or of the first thing in it. */
export function idOf(answer: Answer): string {
  const value = Array.isArray(answer.body) ? answer.body[0] : answer.body;
  if (answer.status !== 200 || typeof value?.id !== "string") throw new Error(`expected an entity: ${answer.status} ${answer.text.slice(0, 300)}`);
  return value.id;
}

/** Starts a run of a static pipeline of two steps; gives what later calls name. */
export async function startRun(
  token: string,
  slug: string,
  name: string,
  projectName = "default",
): Promise<{ project: string; run: string; snapshot: string; pipeline: string }> {
  const first = async (path: string) => ((await call(token, slug, "GET", path)).body as { items: { id: string }[] }).items[0]?.id as string;
  const project = await first(`/projects?name=${projectName}`);
  const stack = await first("/stacks?name=default");
  const pipeline = idOf(await call(token, slug, "POST", "/pipelines", { project, name: `p-${name}` }));
  const snapshot = idOf(
    await call(token, slug, "POST", "/pipeline_snapshots", {
      project,
      stack,
      pipeline,
      run_name_template: "{date}",
      pipeline_configuration: { name: `p-${name}` },
      step_configurations: {
        load: { spec: { upstream_steps: [] }, config: { name: "load" } },
        train: { spec: { upstream_steps: ["load"] }, config: { name: "train" } },
      },
      client_environment: {},
    }),
  );
  const run = idOf(await call(token, slug, "POST", "/runs", { project, name: `r-${name}`, snapshot, status: "initializing" }));
  return { project, run, snapshot, pipeline };
}
