import "server-only";
import { noteRequest } from "@/lib/directories/note-request";
import { holderOfToken, type TokenHolder } from "@/lib/directories/token";
import { directoryActor } from "@/lib/identity/actor";
import { noteRefusedCredential } from "@/lib/identity/refused-credentials";
import type { CallContext } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { type AppError, toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import { type BodyRequest, readBody } from "@/lib/kernel/route";
import { resourceTypes, schemas, serviceProviderConfig } from "./discovery";
import { listBody, type ScimAnswer, type ScimCall } from "./call";
import { serveGroups } from "./groups";
import { isObject, type Json, type JsonObject } from "./json";
import { errorBody, invalid, ScimError, scimErrorOf } from "./problem";
import { search } from "./search";
import { SEARCH } from "./search-query";
import { serveUsers } from "./users";

// SCIM 2.0 (RFC 7644) of one directory: token, body, resource, answer. A change is committed, with what it revokes, before it is answered.

const MAX_BYTES = 4 * 1_024 * 1_024;
const MEDIA_TYPE = "application/scim+json; charset=utf-8";
/** What the ways past Next and through it both give. */
export type ScimRequest = BodyRequest & { method: string; url: string };
/** Before the directory's name. */
const SEGMENTS_ABOVE = "/api/scim/v2/".split("/").length - 1;

/** Answers a request below /api/scim/v2/<directory>. */
export async function serveScim(request: ScimRequest): Promise<Response> {
  const began = performance.now();
  const facts = requestContext(request.headers, "api");
  const url = new URL(request.url);
  const [slug = "", ...path] = url.pathname.split("/").slice(SEGMENTS_ABOVE).map(decodeURIComponent);
  let holder: TokenHolder | undefined;
  let body: JsonObject | undefined;
  let answer: ScimAnswer;
  try {
    holder = await authenticated(request, slug, facts);
    if (takesBody(path[0]) && ["POST", "PUT", "PATCH"].includes(request.method)) body = await jsonBody(request);
    const actor = directoryActor(holder.organizationId, holder, { id: holder.tokenId, label: `${holder.slug} (…${holder.ending})` });
    const base = `${environment().url}/api/scim/v2/${holder.slug}`;
    const context: CallContext = { actor, request: facts, workspace: null };
    const call = {
      method: request.method,
      id: path[1],
      query: url.searchParams,
      headers: request.headers,
      body: body ?? {},
      context,
      directoryId: holder.directoryId,
      base,
    };
    answer = await routed(path, call);
  } catch (error) {
    answer = refusal(error, facts);
  }
  if (holder)
    await noteRequest({
      directoryId: holder.directoryId,
      method: request.method,
      subject: `/${path.join("/")}${url.search}`,
      status: answer.status,
      durationMs: performance.now() - began,
      ...(answer.status >= 400 ? { detail: String(answer.body?.detail ?? "") } : {}),
      body,
      address: facts.address,
      requestId: facts.requestId,
    }).catch((error: unknown) => logError(facts, toAppError(error)));
  const headers = { "content-type": MEDIA_TYPE, "cache-control": "private, no-store", "x-request-id": facts.requestId, ...answer.headers };
  return new Response(answer.body === undefined ? null : JSON.stringify(answer.body), { status: answer.status, headers });
}

/** One answer for no token, a wrong one, another directory's and an unknown directory (SCIM-1); who has the right one learns that it is off (SCIM-2). */
async function authenticated(request: ScimRequest, slug: string, facts: ReturnType<typeof requestContext>): Promise<TokenHolder> {
  const token = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  const holder = token ? await holderOfToken(token.trim(), facts.address) : undefined;
  if (!holder || holder.slug !== slug) {
    noteRefusedCredential(facts, "scim", token ? (holder ? "scim.other_directory" : "scim.unknown_token") : "scim.no_token");
    throw new ScimError(401, "The token is missing, unknown or has ended.");
  }
  if (!holder.active) throw new ScimError(403, "This directory is switched off. A System Admin can switch it on.");
  return holder;
}

/** What can only be read, or isn't there, says so whatever was sent. */
const takesBody = (collection: string | undefined): boolean => collection === "Users" || collection === "Groups" || collection === SEARCH;

async function jsonBody(request: ScimRequest): Promise<JsonObject> {
  const type = request.headers.get("content-type") ?? "application/json";
  if (!/^application\/(scim\+)?json\b/i.test(type)) throw new ScimError(415, "The body has to be application/scim+json.");
  const text = await readBody(request, MAX_BYTES);
  let body: Json;
  try {
    body = JSON.parse(text) as Json;
  } catch {
    throw invalid("invalidSyntax", "The body is not JSON.");
  }
  if (!isObject(body)) throw invalid("invalidSyntax", "The body is not an object.");
  return body;
}

async function routed(path: readonly string[], call: ScimCall): Promise<ScimAnswer> {
  const [collection, name] = path;
  const discovery: Record<string, () => ScimAnswer> = {
    ServiceProviderConfig: () => ({ status: 200, body: serviceProviderConfig(call.base) }),
    ResourceTypes: () => listOrOne(resourceTypes(call.base), name),
    Schemas: () => listOrOne(schemas(call.base), name),
  };
  if (path.length <= 2) {
    if (collection === "Users") return serveUsers(call);
    if (collection === "Groups") return serveGroups(call);
    if (collection === SEARCH && path.length === 1) return search(call);
    const made = Object.hasOwn(discovery, collection ?? "") ? discovery[collection as string] : undefined;
    if (made && call.method === "GET") return made();
    if (made) throw new ScimError(405, "This can only be read.");
    if (collection === "Bulk" || collection === "Me") throw new ScimError(501, `${collection} is not supported; /ServiceProviderConfig says what is.`);
  }
  throw new ScimError(404, "There is no such endpoint.");
}

function listOrOne(all: JsonObject[], id: string | undefined): ScimAnswer {
  if (id === undefined) return { status: 200, body: listBody(all, all.length, 1) };
  const one = all.find((item) => item.id === id);
  if (!one) throw new ScimError(404, "There is no such thing.");
  return { status: 200, body: one };
}

function refusal(error: unknown, facts: ReturnType<typeof requestContext>): ScimAnswer {
  const known = error instanceof ScimError ? error : scimErrorOf(reported(toAppError(error), facts));
  const headers = known.status === 401 ? { "www-authenticate": 'Bearer realm="scim"' } : known.headers;
  return { status: known.status, body: errorBody(known), headers };
}

function reported(error: AppError, facts: ReturnType<typeof requestContext>): AppError {
  if (error.code === "internal") logError(facts, error);
  return error;
}
