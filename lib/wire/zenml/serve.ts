import "server-only";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { refuseForeignApproval } from "@/lib/devices/approve-device";
import type { Actor } from "@/lib/identity/actor";
import { can } from "@/lib/authz/can";
import { flushRefusedCredentials, noteRefusedCredential } from "@/lib/identity/refused-credentials";
import { actorOfBearer } from "@/lib/identity/wire-credential";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { type RequestContext, requestContext } from "@/lib/kernel/request";
import { readBody } from "@/lib/kernel/route";
import { outsideScope, readTogether } from "@/lib/kernel/transaction";
import { findWorkspace } from "@/lib/workspaces/find-workspace";
import { DATA_PATH, serveData } from "./data";
import type { WireCall, WireRequest } from "./endpoint";
import { ENDPOINTS } from "./endpoints";
import { once } from "./idempotency";
import { serverInfo, WIRE_VERSION } from "./info";
import { booleanParameter } from "./list-query";
import { authorizeDevice, login } from "./login";
import { matchEndpoint, matchOperation } from "./match";
import { wireHeaders, wireProblem } from "./problem";
import { serialize } from "./respond";
import { activateUser } from "./user-changes";
import { member } from "./users";

// The one door of the zenml wire: raw path → workspace → credential → endpoint table → command or query. Only
// `Authorization: Bearer` is read; cookies, Basic and keys in the query are refused (WIRE §0).

const MAX_BODY = 32 * 1024 * 1024;
const ACTIVATION = /^\/users\/([^/]+)\/activate$/;
const WIRE_PATH = /^\/([^/]+)\/api\/v1(\/.*)$/;

if (process.env.NEXT_RUNTIME === "nodejs") process.once("SIGTERM", () => void flushRefusedCredentials());

/** Answers one request of a zenml client. */
export async function serveZenml(request: WireRequest): Promise<Response> {
  const facts = wireContext(request.headers);
  try {
    const url = new URL(request.url);
    const [, slug = "", path = ""] = WIRE_PATH.exec(url.pathname) ?? [];
    const data = request.method === "GET" && DATA_PATH.exec(path)?.[1]; // its token is one-use and of that path alone
    if (!data) refuseKeysElsewhere(request, url, facts);
    const { workspace, credential } = await enter(slug, data ? "/data" : path, request.headers, facts);
    if (!workspace) throw new AppError("not_found", `There is no workspace ${slug} here.`, { fix: "Check the URL that you log in to." });
    if (data) return await serveData(workspace, data, url.searchParams.get("token") ?? "", facts);
    if (request.method === "GET" && path === "/info") return answer(await serverInfo(workspace), facts);
    if (request.method === "GET" && path === "/version") return answer(WIRE_VERSION, facts);
    if (request.method === "POST" && path === "/login") return await login(request, workspace, facts);
    if (request.method === "POST" && path === "/device_authorization") return await authorizeDevice(request, workspace, facts);
    if (request.method === "GET" && path === "/logout") return answer(null, facts); // nothing to end: no cookie was set
    const activated = request.method === "PUT" && ACTIVATION.exec(path)?.[1];
    if (activated) return answer(member(await activateUser(request, decodeSegment(activated) ?? "", facts), true), facts);
    if (path === "/activate") throw new AppError("forbidden", "The server is already active.");
    return await serveCall(request, url, path, workspace, authenticated(request.headers, credential, facts), facts);
  } catch (error) {
    return wireProblem(error, facts);
  }
}

/** What needs no credential, or brings its own. */
const OPEN = /^\/(info|version|login|logout|device_authorization|activate|users\/[^/]+\/activate)$/;

type Read = { actor: Actor; nonce?: string };
type Credential = { read: Read } | { error: unknown };

/** Reads the workspace and whom the bearer's token stands for, in one go and anew on every request. */
function enter(
  slug: string,
  path: string,
  headers: Pick<Headers, "get">,
  facts: RequestContext,
): Promise<{ workspace: Workspace | undefined; credential: Credential | undefined }> {
  const token = OPEN.test(path) ? undefined : bearerOf(headers);
  return outsideScope(async (tx) => {
    const finding = findWorkspace(tx, slug);
    const reading: Promise<Credential> | undefined =
      token === undefined
        ? undefined
        : actorOfBearer(tx, token, facts).then(
            (read) => ({ read }),
            (error: unknown) => ({ error }),
          );
    return { credential: await reading, workspace: await finding };
  });
}

async function serveCall(request: WireRequest, url: URL, path: string, workspace: Workspace, actor: Actor, facts: RequestContext): Promise<Response> {
  const place = { workspaceId: workspace.id };
  if (!can(actor, "workspace:read", place).allowed && !can(actor, "run:claim", place).allowed) {
    await refuseVerification(request, path, workspace, actor, facts);
    noteRefusedCredential(facts, "zenml wire", "other_workspace");
    throw new AppError("not_found", `There is no workspace ${workspace.slug} here.`, { reason: "not_readable" });
  }
  const found = matchEndpoint(ENDPOINTS, request.method, path);
  if (!found) {
    if (!matchOperation(request.method, path)) return Response.json({ detail: "Not Found" }, { status: 404, headers: wireHeaders(facts) });
    throw new AppError("not_implemented", `Reeve does not answer ${request.method} ${path.split("/")[1]} yet.`);
  }
  for (const [name, value] of Object.entries(found.path))
    if (name.endsWith("_id") && !name.endsWith("_or_id") && !isUuid(value))
      throw new AppError("invalid_input", `${name} is not a valid UUID.`, { fields: { [name]: "uuid" } });
  const writes = request.method !== "GET";
  const rawBody = writes ? await readBody(request, MAX_BODY) : "";
  const call: WireCall = {
    context: { actor, request: facts, workspace },
    path: found.path,
    query: url.searchParams,
    rawBody,
    body: parseJson(rawBody),
    hydrate: booleanParameter(url.searchParams, "hydrate", !found.endpoint.list),
  };
  const key = request.headers.get("idempotency-key");
  if (!writes && !found.endpoint.apart) return answer(await readTogether([workspace.id], () => found.endpoint.handle(call)), facts);
  if (!writes || !key) return answer(await found.endpoint.handle(call), facts);
  const stored = await once(
    { credentialId: actor.credential.id, key: key.slice(0, 200), method: request.method, path: `${workspace.slug}${path}${url.search}`, rawBody },
    async () => ({ status: 200, body: serialize(await found.endpoint.handle(call)) }),
  );
  return new Response(stored.body, { status: stored.status, headers: wireHeaders(facts) });
}

const VERIFY_PATH = /^\/devices\/([0-9a-f-]{36})\/verify$/i;

/** Who has no access here and yet holds a device's code ends its waiting (DEV-8). */
async function refuseVerification(request: WireRequest, path: string, workspace: Workspace, actor: Actor, facts: RequestContext): Promise<void> {
  const [, deviceId = ""] = VERIFY_PATH.exec(path) ?? [];
  if (request.method !== "PUT" || !isUuid(deviceId)) return;
  const body = parseJson(await readBody(request, 64 * 1024));
  const userCode = typeof body === "object" && body !== null && "user_code" in body ? String(body.user_code) : "";
  await refuseForeignApproval(workspace, actor, facts, { deviceId, userCode });
}

const answer = (value: unknown, facts: RequestContext): Response => new Response(serialize(value), { headers: wireHeaders(facts) });

function parseJson(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AppError("invalid_input", "The body is not valid JSON.");
  }
}

function bearerOf(headers: Pick<Headers, "get">): string | undefined {
  const [scheme = "", token = ""] = headers.get("authorization")?.split(" ") ?? [];
  return scheme.toLowerCase() === "bearer" ? token : undefined;
}

/** The bearer's actor. No credential at all is the first call of every client process: 401 and no entry. */
function authenticated(headers: Pick<Headers, "get">, credential: Credential | undefined, facts: RequestContext): Actor {
  if (!headers.get("authorization")) throw new AppError("unauthenticated", "Not authenticated");
  if (!credential) {
    noteRefusedCredential(facts, "zenml wire", "scheme_not_bearer");
    throw new AppError("bad_request", "Only Authorization: Bearer is read here.", { fix: "Log in with `zenml login`." });
  }
  if ("error" in credential) {
    const { error } = credential;
    if (error instanceof AppError && error.code === "unauthenticated") noteRefusedCredential(facts, "zenml wire", error.reason ?? "bad_token");
    throw error;
  }
  const { actor, nonce } = credential.read;
  if (nonce) facts.claimed = { ...facts.claimed, process: nonce };
  return actor;
}

/** A key in the path or query would stand in logs (KEY-5): 400 and a warning in the trail. */
function refuseKeysElsewhere(request: WireRequest, url: URL, facts: RequestContext): void {
  if (!/ZENKEY_|ZENPROKEY_|rv[lpw]_[A-Za-z0-9_-]{20}|[?&](access_token|api_key|token)=/i.test(decodeQuietly(url.pathname + url.search))) return;
  noteRefusedCredential(facts, "zenml wire", "credential_in_url");
  throw new AppError("bad_request", "A credential must not stand in a URL.", {
    fix: `Send it as Authorization: Bearer, and rotate it: ${request.method} URLs are kept in logs.`,
  });
}

function decodeQuietly(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Origin comes from the credential; `source-context` and the user agent are what the client claims. */
function wireContext(headers: Pick<Headers, "get">): RequestContext {
  const claimed: Record<string, string> = {};
  for (const [name, header] of [
    ["source", "source-context"],
    ["client", "user-agent"],
  ] as const) {
    const value = headers.get(header);
    if (value) claimed[name] = value.slice(0, 200);
  }
  return { ...requestContext(headers, "api"), clientRequestId: headers.get("x-request-id")?.slice(0, 64) ?? undefined, claimed };
}
