import http from "node:http";

// Requests exactly as written: any Host, any header, none added. What browsers and `fetch` would forbid is what attackers send.

export type RawAnswer = { status: number; headers: http.IncomingHttpHeaders; body: string };
export type RawRequest = { method?: string; headers?: Record<string, string>; body?: string };

/** Sends one request to `base` + `path` and reads the answer; redirects are not followed. */
export function raw(base: string, path: string, { method = "GET", headers = {}, body }: RawRequest = {}): Promise<RawAnswer> {
  const url = new URL(base);
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: url.hostname,
        port: url.port,
        path,
        method,
        headers: { host: url.host, ...headers, ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }) },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString("utf8") }));
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.setTimeout(20_000, () => request.destroy(new Error(`no answer to ${method} ${path} within 20 s`)));
    request.end(body);
  });
}

/** The cookies of an answer, name → value. */
export const cookiesSet = (answer: RawAnswer): Record<string, string> =>
  Object.fromEntries((answer.headers["set-cookie"] ?? []).map((cookie) => cookie.split(";")[0]?.split(/=(.*)/s).slice(0, 2) as [string, string]));
