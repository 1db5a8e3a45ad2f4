import "server-only";
import { isCanaryMark, MARK_HEADER } from "./canary-mark";
import { newId } from "./id";

// The facts of one request that every audit entry carries. The request id is ours; what the client says of itself is "claimed".

/** `canary`: of an account that was made to measure how long access lives (lib/canaries). */
export type Origin = "ui" | "cli" | "ci" | "api" | "agent" | "schedule" | "system" | "canary";

export type RequestContext = {
  requestId: string;
  origin: Origin;
  address: string | null;
  userAgent: string | null;
  /** The client's own request id, kept beside ours. */
  clientRequestId?: string;
  /** What the client said of itself: never used for a decision. */
  claimed?: Record<string, string>;
};

/**
 * Reads the facts from headers. The start-up preload has overwritten the forwarded headers of untrusted peers, so the first
 * address of `x-forwarded-for` is the peer as far as we trust.
 */
export function requestContext(headers: Pick<Headers, "get">, origin: Origin): RequestContext {
  return {
    requestId: newId(),
    origin: isCanaryMark(headers.get(MARK_HEADER)) ? "canary" : origin,
    address: headers.get("x-forwarded-for")?.split(",")[0]?.trim() || null,
    userAgent: headers.get("user-agent")?.slice(0, 300) ?? null,
  };
}

/** A context for work that no request started (operator commands, the worker). */
export const systemContext = (origin: Origin = "system"): RequestContext => ({ requestId: newId(), origin, address: null, userAgent: null });
