// Calls of the zenml wire and of directories past Next: its way to a route handler costs more processor time than the answer itself. Their
// routes put their handlers on globalThis when they are loaded (by the first call); until then, and for everything that isn't plainly a
// call, Next answers.
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import zlib from "node:zlib";

const METHODS = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);
/** The handler on globalThis, and its paths, without empty segments, which Next redirects: `/<workspace>/api/v1/…`, `/api/scim/v2/<directory>/…`. */
const DOORS = [
  ["reeveWire", /^\/(?!api\/|_)[^/?]+\/api\/v1(?:\/[^/?]+)+(?:\?|$)/],
  ["reeveScim", /^\/api\/scim\/v2\/[^/?]+(?:\/[^/?]+)+(?:\?|$)/],
];
const JSON_TYPE = /^application\/(scim\+)?json\b/;
const gzip = promisify(zlib.gzip);
const GZIP = { level: 1 };
const WORTH_GZIP_BYTES = 1024;

/** Answers such a call; false when it is for Next. */
export function answerWire(request, response) {
  const door = METHODS.has(request.method) ? DOORS.find(([, path]) => path.test(request.url ?? "")) : undefined;
  const serve = door && globalThis[door[0]];
  if (!serve) return false;
  void answer(serve, request, response).catch(() => response.destroy()); // the client went away
  return true;
}

async function answer(serve, request, response) {
  const answered = await serve({
    method: request.method,
    url: `http://wire${request.url}`,
    headers: { get: (name) => request.headers[name.toLowerCase()]?.toString() ?? null },
    // What a too large body leaves unread doesn't end the connection before the answer.
    body: request.iterator({ destroyOnReturn: false }),
  });
  response.statusCode = answered.status;
  for (const [name, value] of answered.headers) response.setHeader(name, value);
  if (answered.status === 413) response.setHeader("connection", "close");
  if (!answered.body) response.end();
  else if (JSON_TYPE.test(answered.headers.get("content-type") ?? "")) await send(request, response, Buffer.from(await answered.arrayBuffer()));
  else await pipeline(Readable.fromWeb(answered.body), response);
}

async function send(request, response, plain) {
  let body = plain;
  if (plain.length >= WORTH_GZIP_BYTES) {
    response.setHeader("vary", "Accept-Encoding");
    if (/\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|$))/.test(request.headers["accept-encoding"] ?? "")) {
      body = await gzip(plain, GZIP);
      response.setHeader("content-encoding", "gzip");
    }
  }
  response.setHeader("content-length", body.length);
  response.end(body);
}
