import { type NextRequest, NextResponse } from "next/server";
import { AppError } from "@/lib/kernel/errors";
import { requireSameOrigin } from "@/lib/identity/same-origin";

/**
 * Refuses what other sites send to pages: it never decides who may do what. Plain reads don't come here, as that costs them 2 ms; what
 * they need is set before Next (scripts/page-door.mjs). Server actions answer a true 403 here; behind it `action()`
 * checks the same once more. A GET never calls one.
 */
export function proxy(request: NextRequest): NextResponse {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead) return request.headers.has("next-action") ? refusal(405, "A server action is called with POST.") : NextResponse.next();
  try {
    requireSameOrigin(request.headers);
    return NextResponse.next();
  } catch (error) {
    if (error instanceof AppError) return refusal(error.status, [error.message, error.fix].filter(Boolean).join(" "));
    throw error;
  }
}

const refusal = (status: number, text: string) =>
  new NextResponse(text, {
    status,
    headers: {
      "content-type": "text/plain; charset=utf-8",
      "cache-control": "private, no-store",
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    },
  });

/** What isn't a plain read of a page carries a mark of ours (scripts/page-door.mjs). */
export const config = { matcher: [{ source: "/:path*", has: [{ type: "header", key: "x-reeve-changes" }] }] };
