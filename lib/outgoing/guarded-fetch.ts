import "server-only";
import http from "node:http";
import https from "node:https";
import type { Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { environment } from "../kernel/env";
import { guardedLookup, type Resolve } from "./guarded-lookup";
import { judgeUrl, OutgoingError, type UrlRules } from "./judge-url";

const MAX_REDIRECTS = 3;
const MAX_HEADER_BYTES = 16 * 1024;
const DECODERS = new Map<string, () => Transform>([
  ["gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

export interface GuardedOptions extends UrlRules {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** PEM certificates that are trusted instead of the usual ones. */
  ca?: string;
  /** PEM of a client certificate and its key, shown to the first origin alone. */
  client?: { certificate: string; key: string };
  /** The certificate of the first origin is not checked: only where somebody said so for this one server. */
  isInsecure?: boolean;
  /** The body as it came, also where it is labelled as compressed. */
  isRaw?: boolean;
  maxBytes?: number;
  timeoutMs?: number;
  resolve?: Resolve;
}

export interface GuardedAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

/** Calls a URL that somebody configured. Every hop's URL and connected address is judged; size and time are limited. Throws OutgoingError. */
export async function guardedFetch(target: string, options: GuardedOptions = {}): Promise<GuardedAnswer> {
  const rules = { ...options, networks: options.networks ?? environment().allowNetworks };
  const signal = AbortSignal.timeout(options.timeoutMs ?? 10_000);
  let url = judgeUrl(target, rules);
  // What is meant for one server goes to no other: keys, and the leave not to check who it is.
  let own: Pick<GuardedOptions, "headers" | "client" | "isInsecure"> = options;
  for (let hop = 0; ; hop++) {
    const response = await send(url, { ...rules, headers: own.headers, client: own.client, isInsecure: own.isInsecure }, signal);
    const status = response.statusCode ?? 0;
    const location = [301, 302, 303, 307, 308].includes(status) ? response.headers.location : undefined;
    if (location === undefined) return { status, headers: response.headers, body: await read(response, options, signal) };
    response.destroy();
    // What was posted, a client secret say, goes nowhere but where it was addressed to.
    if (hop === MAX_REDIRECTS || (options.method ?? "GET") !== "GET") throw new OutgoingError("redirect");
    const next = followed(url, location, rules);
    if (next.origin !== url.origin) own = {};
    url = next;
  }
}

function followed(from: URL, location: string, rules: UrlRules): URL {
  if (/[\\\s]/.test(location) || !URL.canParse(location, from)) throw new OutgoingError("redirect");
  const next = judgeUrl(new URL(location, from).href, rules);
  if (from.protocol === "https:" && next.protocol === "http:") throw new OutgoingError("redirect");
  return next;
}

function send(url: URL, options: GuardedOptions & { networks: readonly string[] }, signal: AbortSignal): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { request } = url.protocol === "https:" ? https : http;
    const call = request(url, {
      method: options.method ?? "GET",
      headers: {
        "accept-encoding": options.isRaw ? "identity" : "gzip, deflate, br",
        // By itself Node says no length for the body of a DELETE, and the server takes it for the next request.
        ...(options.body === undefined ? {} : { "content-length": String(Buffer.byteLength(options.body)) }),
        ...options.headers,
      },
      // An agent of its own: no kept connection that was judged by other rules.
      agent: false,
      lookup: guardedLookup(options.networks, options.resolve, url.protocol === "http:" && options.allowHttp === "private"),
      ca: options.ca,
      cert: options.client?.certificate,
      key: options.client?.key,
      rejectUnauthorized: !options.isInsecure,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
    });
    call.on("response", resolve);
    call.on("error", (error) => reject(classOf(error, signal)));
    call.end(options.body);
  }).catch((error) => {
    throw classOf(error, signal); // certificates that are none are refused before there is a call
  }) as Promise<http.IncomingMessage>;
}

/** The body, decompressed, up to a number of bytes: what a small answer unpacks to is counted, not what came over the wire. */
async function read(response: http.IncomingMessage, { maxBytes = 1024 * 1024, isRaw }: GuardedOptions, signal: AbortSignal): Promise<Buffer> {
  const decoder = isRaw ? undefined : DECODERS.get(response.headers["content-encoding"] ?? "")?.();
  if (decoder) response.on("error", (error) => decoder.destroy(error)).pipe(decoder);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoder ?? response) {
      size += chunk.length;
      if (size > maxBytes) throw new OutgoingError("size");
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch (error) {
    throw classOf(error, signal);
  } finally {
    response.destroy();
  }
}

/** Only the class of what went wrong: messages of sockets and parsers quote the other side. */
function classOf(error: unknown, signal: AbortSignal): OutgoingError {
  if (error instanceof OutgoingError) return error;
  if (signal.aborted) return new OutgoingError("time");
  const code = String((error as NodeJS.ErrnoException).code);
  if (code === "HPE_HEADER_OVERFLOW") return new OutgoingError("size");
  return new OutgoingError(/CERT|ALTNAME|TLS|SSL|UNABLE_TO|PEM/.test(code) ? "tls" : "connection");
}
