import { type NextRequest, NextResponse } from "next/server";
import { AppError } from "@/lib/kernel/errors";
import { requireSameOrigin } from "@/lib/identity/same-origin";

/**
 * Gives every HTML page a Content-Security-Policy with a nonce of its own, and refuses what other sites send to pages: it
 * never decides who may do what. Everything that isn't a page is left out by the matcher, as a pass through here costs 2 ms.
 */
export function proxy(request: NextRequest): NextResponse {
  const refusal = refuseForeign(request);
  if (refusal) return refusal;
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString("base64");
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-reeve-path", request.nextUrl.pathname + request.nextUrl.search); // where to go on after a sign-in
  headers.set("content-security-policy", policy); // Next reads the nonce of its own scripts from here
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Server actions answer a true 403 here; behind it `action()` checks the same once more. A GET never calls one. */
function refuseForeign(request: NextRequest): NextResponse | undefined {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (isRead) return request.headers.has("next-action") ? refusal(405, "A server action is called with POST.") : undefined;
  try {
    requireSameOrigin(request.headers);
    return undefined;
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

function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    isDevelopment ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'", // positions and widths that components set on single elements
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
    "worker-src 'self'", // the layout of graphs
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export const config = {
  matcher: ["/((?!api/|_next/|health$|ready$|[^/]+/api/v1/|[^/]+/health$|[^/]+/ready$|.*\\.(?:png|svg|ico|txt|woff2|webmanifest)$).*)"],
};
