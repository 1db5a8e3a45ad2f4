// What every HTML page needs before Next sees its request: a policy with a nonce of its own, and the path to go on at after a sign-in.
// Not in proxy.ts, as the way through Next's proxy is a good part of a small page's time: only what isn't a plain read goes there.
import { randomBytes } from "node:crypto";

const NONCE_BYTES = 18;
// Signing out is no page: it may go on to an identity provider by a form, and judges itself where it comes from (app/(public)/sign-out).
const NO_PAGE = /^\/(?:api\/|_next\/|(?:health|ready|sign-out)$|[^/]+\/(?:api\/v1\/|(?:health|ready)$))|\.(?:png|svg|ico|txt|woff2|webmanifest)$/;

/** Prepares a request for a page, and its response. Changes both in place; everything that isn't a page is left alone. */
export function openPage(request, response, isDevelopment = process.env.NODE_ENV === "development") {
  const [path, search = ""] = splitOnce(request.url ?? "", "?");
  if (NO_PAGE.test(path)) return;
  const policy = contentSecurityPolicy(randomBytes(NONCE_BYTES).toString("base64"), isDevelopment);
  response.setHeader("content-security-policy", policy);
  setHeader(request, "content-security-policy", policy); // Next reads the nonce of its own scripts from here
  setHeader(request, "x-reeve-path", path + withoutInternal(search)); // where to go on after a sign-in
  const isPlainRead = (request.method === "GET" || request.method === "HEAD") && request.headers["next-action"] === undefined;
  if (!isPlainRead) setHeader(request, "x-reeve-changes", "1"); // proxy.ts judges where it comes from
}

function setHeader(request, name, value) {
  request.headers[name] = value;
  request.rawHeaders.push(name, value);
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at)];
}

/** The router's mark of its own requests isn't part of an address. */
const withoutInternal = (search) => (search.includes("_rsc=") ? search.replace(/(?<=[?&])_rsc=[^&]*&?/g, "").replace(/[?&]$/, "") : search);

function contentSecurityPolicy(nonce, isDevelopment) {
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
