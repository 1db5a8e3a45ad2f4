import "server-only";
import fs from "node:fs";
import http from "node:http";
import path from "node:path";
import { canaryMark, MARK_HEADER } from "@/lib/kernel/canary-mark";
import { environment } from "@/lib/kernel/env";

// Requests of canaries: over loopback to this very server, by the address and origin that people use, through the same doors as theirs.

/** Where the web server listens on this machine: `http://127.0.0.1:3000`. */
export function loopbackUrl(): string {
  const { host, port } = environment();
  const address = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[host] ?? (host.includes(":") ? `[${host}]` : host);
  return `http://${address}:${port}`;
}

export type Answer = { status: number; text: string };
type Call = { method?: string; headers?: Record<string, string>; body?: string };

const TIMEOUT_MS = 15_000;

const begin = (url: string, { method = "GET", headers = {} }: Call) =>
  http.request(url, {
    method,
    agent: false,
    headers: { host: new URL(environment().url).host, [MARK_HEADER]: canaryMark(), "user-agent": "reeve-canary", ...headers },
  });

/** Asks and reads the whole answer. Throws when there is none. */
export function call(url: string, what: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = begin(url, what);
    request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1_000} s`)));
    request.once("error", reject);
    request.once("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }));
    });
    request.end(what.body);
  });
}

/** `endedAt` of `performance.now()`; undefined while it is open. */
export type Stream = { endedAt: () => number | undefined; close: () => void };

/** Opens a stream and keeps it open. Throws when it is refused. */
export function openStream(url: string, headers: Record<string, string>): Promise<Stream> {
  return new Promise((resolve, reject) => {
    const request = begin(url, { headers });
    request.setTimeout(TIMEOUT_MS, () => request.destroy(new Error(`no answer in ${TIMEOUT_MS / 1_000} s`)));
    request.on("error", reject); // after the answer it says what `close` says too
    request.once("response", (response) => {
      request.setTimeout(0);
      if (response.statusCode !== 200) {
        request.destroy();
        return reject(new Error(`the stream answered ${response.statusCode}`));
      }
      let endedAt: number | undefined;
      response.once("close", () => (endedAt = performance.now()));
      response.on("error", () => undefined);
      response.resume();
      resolve({ endedAt: () => endedAt, close: () => request.destroy() });
    });
    request.end();
  });
}

type Manifest = { node?: Record<string, { filename?: string; exportedName?: string }> };

/** The id by which browsers call a server action; undefined where the build doesn't say it (development). */
export function actionId(file: string, name: string): string | undefined {
  const manifest = path.join(process.env.REEVE_DIST_DIR ?? ".next", "server/server-reference-manifest.json");
  try {
    const { node = {} } = JSON.parse(fs.readFileSync(/* turbopackIgnore: true */ manifest, "utf8")) as Manifest;
    return Object.entries(node).find(([, action]) => action.filename === file && action.exportedName === name)?.[0];
  } catch {
    return undefined;
  }
}
