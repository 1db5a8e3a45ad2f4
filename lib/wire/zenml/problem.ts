import "server-only";
import { type AppError, type ErrorCode, toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import type { RequestContext } from "@/lib/kernel/request";

// AppError → what the zenml client understands (WIRE §4): it rebuilds an exception from the status and the class name, and a 401
// decides whether it logs in again, so a refusal of permission is never a 401.

const CLASS_OF: Record<ErrorCode, string> = {
  bad_request: "ValueError",
  unauthenticated: "CredentialsNotValid",
  forbidden: "IllegalOperationError",
  in_use: "IllegalOperationError",
  not_found: "KeyError",
  method_not_allowed: "MethodNotAllowedError",
  conflict: "EntityExistsError",
  too_large: "ValueError",
  invalid_input: "ValueError",
  too_many_requests: "RuntimeError",
  internal: "RuntimeError",
  not_implemented: "NotImplementedError",
  unavailable: "RuntimeError",
  sealed: "RuntimeError",
};

/** The wire's answer to anything thrown. */
export function wireProblem(error: unknown, request: RequestContext): Response {
  const known = toAppError(error);
  if (known.code === "internal") logError(request, known);
  const detail = [CLASS_OF[known.code], messageOf(known, request)];
  const headers = new Headers(wireHeaders(request));
  if (known.code === "unauthenticated") headers.set("www-authenticate", "Bearer");
  return Response.json(known.code === "invalid_input" ? detail : { detail }, { status: known.status, headers });
}

/** Headers of every answer of the wire. */
export function wireHeaders(request: RequestContext): Record<string, string> {
  return {
    "cache-control": "private, no-store",
    "content-type": "application/json",
    "x-reeve-request-id": request.requestId,
    ...(request.clientRequestId ? { "x-request-id": request.clientRequestId } : {}),
  };
}

const WITH_REQUEST_ID = new Set<ErrorCode>(["forbidden", "in_use", "internal", "not_implemented", "unavailable", "sealed"]);

function messageOf(error: AppError, request: RequestContext): string {
  const text = error.fix ? `${error.message} ${error.fix}` : error.message;
  return WITH_REQUEST_ID.has(error.code) ? `${text} (request ${request.requestId})` : text;
}
