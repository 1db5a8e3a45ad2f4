import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll } from "vitest";
import { guardedCall } from "../../outgoing/guarded-call";
import type { Call, HostIdentity, Request } from "./contract";

// A server of the tests' own in place of one that can't be had here: what it answers is written from the papers on its protocol. Tests that use it say
// that they were not run against the real service.

/** The start of this second: answers say when things end in whole ones. */
export const NOW = new Date(Math.floor(Date.now() / 1_000) * 1_000);
export const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1_000);

export interface Asked {
  method: string;
  url: URL;
  headers: http.IncomingHttpHeaders;
  body: string;
  json(): Record<string, unknown>;
  form(): Record<string, string>;
  request: Request;
}

export interface Said {
  status?: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

const servers: http.Server[] = [];
afterAll(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** A call that reaches the fixture by whatever name, over a real connection and through the guard; what nobody foresaw is answered 599. */
export async function fixture(
  answer: (asked: Asked) => Said | undefined | Promise<Said | undefined>,
  host: HostIdentity | null = null,
): Promise<{ call: Call; asked: Asked[] }> {
  const asked: Asked[] = [];
  const requests = new Map<string, { url: string; request: Request }>();
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString("utf8");
    const known = requests.get(request.url ?? "") as { url: string; request: Request };
    const one: Asked = {
      method: request.method ?? "",
      url: new URL(known.url),
      headers: request.headers,
      body,
      json: () => JSON.parse(body),
      form: () => Object.fromEntries(new URLSearchParams(body)),
      request: known.request,
    };
    asked.push(one);
    const said = (await answer(one)) ?? { status: 599 };
    response.writeHead(said.status ?? 200, said.headers).end(said.text ?? (said.json === undefined ? "" : JSON.stringify(said.json)));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const guarded = guardedCall(["127.0.0.0/8"], { host });
  const call: Call = {
    ...guarded,
    now: () => NOW,
    send: (url, request = {}) => {
      const key = `/${requests.size}`;
      requests.set(key, { url, request });
      return guarded.send(`http://127.0.0.1:${port}${key}`, { method: request.method, headers: request.headers, body: request.body });
    },
  };
  return { call, asked };
}
