import "server-only";
import { noteRefusedCredential } from "@/lib/identity/refused-credentials";
import { loginWithPassword } from "@/lib/identity/login-with-password";
import { type Login, loginWithKey } from "@/lib/identity/wire-credential";
import { can } from "@/lib/authz/can";
import { pollDevice, type PollError } from "@/lib/devices/redeem-device";
import { requestDevice } from "@/lib/devices/request-device";
import { environment } from "@/lib/kernel/env";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import { readBody } from "@/lib/kernel/route";
import type { WireRequest } from "./endpoint";
import { wireHeaders } from "./problem";

// The two doors without a credential (WIRE §3): the token endpoint, with API keys, passwords and device codes, and the one where a
// command line asks for its codes. No entry per key login: every client process makes one; the key's row remembers the last.

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";
const KEY_GRANT = "zenml-api-key";

/** Answers the token endpoint. */
export async function login(request: WireRequest, workspace: Workspace, facts: RequestContext): Promise<Response> {
  const form = await readForm(request);
  const grant = form.get("grant_type") || (form.get("username") ? "password" : KEY_GRANT);
  if (grant === DEVICE_GRANT) return deviceLogin(form, workspace, facts);
  if (grant !== KEY_GRANT && grant !== "password")
    return Response.json({ detail: `Unsupported grant type: ${grant.slice(0, 100)}` }, { status: 400, headers: wireHeaders(facts) });
  try {
    const secret = form.get("password") ?? "";
    const made = grant === "password" ? await loginWithPassword(form.get("username") ?? "", secret, facts) : await loginWithKey(secret, facts);
    const place = { workspaceId: workspace.id };
    if (!can(made.actor, "workspace:read", place).allowed && !can(made.actor, "run:claim", place).allowed)
      throw new AppError("not_found", `There is no workspace ${workspace.slug} here.`, { reason: "other_workspace" });
    return tokenAnswer(made, facts);
  } catch (error) {
    // A wrong password has its entry already: the sign-in page's own.
    if (error instanceof AppError && (error.code === "not_found" || (error.code === "unauthenticated" && grant === KEY_GRANT)))
      noteRefusedCredential(facts, "zenml login", error.reason ?? error.code);
    throw error;
  }
}

/** `POST /device_authorization`: the codes of a device login. */
export async function authorizeDevice(request: WireRequest, workspace: Workspace, facts: RequestContext): Promise<Response> {
  const clientId = (await readForm(request)).get("client_id");
  if (!isUuid(clientId)) throw new AppError("invalid_input", "client_id is not a valid UUID.", { fields: { client_id: "uuid" } });
  const codes = await requestDevice(workspace, clientId.toLowerCase(), facts);
  const uri = `${environment().url.replace(/\/$/, "")}/${workspace.slug}/devices/verify`;
  const body = {
    device_code: codes.deviceCode,
    user_code: codes.userCode,
    verification_uri: uri,
    verification_uri_complete: `${uri}?${new URLSearchParams({ device_id: codes.deviceId, user_code: codes.userCode })}`,
    expires_in: codes.expiresInS,
    interval: codes.intervalS,
  };
  return Response.json(body, { headers: wireHeaders(facts) });
}

/** Only what an attack looks like is noted: waiting is what every client does. */
const SUSPICIOUS: ReadonlySet<PollError> = new Set(["invalid_client", "invalid_grant"]);

async function deviceLogin(form: URLSearchParams, workspace: Workspace, facts: RequestContext): Promise<Response> {
  const clientId = form.get("client_id");
  const poll = isUuid(clientId)
    ? await pollDevice(workspace, clientId.toLowerCase(), form.get("device_code") ?? "", facts)
    : ({ status: "refused", error: "invalid_client", description: "the client ID is not a valid UUID." } as const);
  if (poll.status === "signed_in") return tokenAnswer(poll.login, facts);
  if (SUSPICIOUS.has(poll.error)) noteRefusedCredential(facts, "zenml device login", poll.error);
  const body = { error: poll.error, error_description: `Authentication error: ${poll.description}`, error_uri: null };
  return Response.json(body, { status: 400, headers: wireHeaders(facts) });
}

const readForm = async (request: WireRequest) => new URLSearchParams(await readBody(request, 64 * 1024));

function tokenAnswer({ token, expiresInS }: Login, facts: RequestContext): Response {
  const body = {
    access_token: token,
    token_type: "bearer",
    expires_in: expiresInS,
    refresh_token: null,
    csrf_token: null,
    scope: null,
    device_id: null,
    device_metadata: null,
  };
  return Response.json(body, { headers: wireHeaders(facts) });
}
