import "server-only";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { cookiesOf, sessionActor } from "@/lib/identity/session";
import type { CallContext } from "./command";
import { AppError, toAppError } from "./errors";
import { logError } from "./log";
import { type Place, resolvePlace } from "./place";
import { type RequestContext, requestContext } from "./request";
import type { Permission } from "@/lib/authz/permissions";
import { can, readPermissionOf } from "@/lib/authz/can";
import { recordRefusal } from "./command";

// Route handlers of our own (exports, streams, REST): session, origin check on writes, permission, one error shape.

export type RouteArguments = { request: Request; context: CallContext; place: Place; params: Record<string, string>; url: URL };
type Handler = (args: RouteArguments) => Promise<Response>;

/**
 * Makes a route handler. Answers JSON problems `{ error: { code, message, fix, requestId } }` with the code's status, never a stack.
 */
export function route(permission: Permission, handler: Handler) {
  return async (request: Request, route: { params: Promise<Record<string, string> | undefined> }): Promise<Response> => {
    const facts = requestContext(request.headers, "ui");
    try {
      const params = (await route.params) ?? {}; // a path without parameters has none
      if (request.method !== "GET" && request.method !== "HEAD") requireSameOrigin(request.headers);
      const actor = await sessionActor(cookiesOf(request.headers));
      if (!actor) throw new AppError("unauthenticated", "You are signed out.", { fix: "Sign in again." });
      const place = await resolvePlace(actor, params.workspace, params.project);
      if (!place) throw new AppError("not_found", "There is no such thing here.");
      const context: CallContext = { actor, request: facts, workspace: place.workspace };
      const target = { workspaceId: place.workspace?.id, projectId: place.project?.id, ownerId: actor.id, isList: true };
      if (!can(actor, permission, target).allowed) {
        const readable = can(actor, readPermissionOf(permission), target).allowed;
        const error = readable
          ? new AppError("forbidden", `This needs the permission ${permission}.`, { reason: "no_grant" })
          : new AppError("not_found", "There is no such thing here.", { reason: "not_readable" });
        await recordRefusal(context, permission.replace(":", "."), error, target);
        throw error;
      }
      const response = await handler({ request, context, place, params, url: new URL(request.url) });
      response.headers.set("x-request-id", facts.requestId);
      if (!response.headers.has("cache-control")) response.headers.set("cache-control", "private, no-store");
      return response;
    } catch (error) {
      return problem(error, facts);
    }
  };
}

/** The error answer of our own routes. Unexpected errors are logged with the request id and shown as `internal`. */
export function problem(error: unknown, request: RequestContext): Response {
  const known = toAppError(error);
  if (known.code === "internal") logError(request, known);
  return Response.json(
    { error: { code: known.code, message: known.message, fix: known.fix, fields: known.fields, requestId: request.requestId } },
    { status: known.status, headers: { "cache-control": "private, no-store", "x-request-id": request.requestId } },
  );
}

/** What is read of a request with a body: the framework's request is one. */
export type BodyRequest = { headers: Pick<Headers, "get">; body: ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | null };

/** Reads a body of at most `limit` bytes as text (WEB-17). Error: too_large. */
export async function readBody(request: BodyRequest, limit: number): Promise<string> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limit) throw tooLarge(limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Node's streams can be walked through; the browsers' types don't know it of theirs.
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

const tooLarge = (limit: number) => new AppError("too_large", `The body is larger than ${Math.round(limit / 1024)} KiB.`, { fix: "Send less at once." });
