import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import nextConfig from "../next.config";
// @ts-expect-error plain JavaScript: it is loaded before anything that could compile it
import { DEFAULTS } from "./preload.mjs";
// @ts-expect-error plain JavaScript: it is loaded before anything that could compile it
import { answerWire } from "./wire-door.mjs";

// Calls of the wire past Next: which they are, what the handler sees of them, and what the client gets.

type Seen = { method: string; url: string; headers: { get(name: string): string | null }; body: AsyncIterable<Uint8Array> };
const global = globalThis as unknown as Record<"reeveWire" | "reeveScim", ((request: Seen) => Promise<Response>) | undefined>;
const JSON_TYPE = { "content-type": "application/json" };
const LONG = JSON.stringify("x".repeat(5_000));
let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (!answerWire(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  global.reeveWire = undefined;
  global.reeveScim = undefined;
});
afterAll(() => server.close());

const serve = (handler: (request: Seen) => Promise<Response>) => {
  global.reeveWire = handler;
};

it("leaves everything to Next until the wire's handler was loaded", async () => {
  expect((await fetch(`${origin}/w/api/v1/runs`)).status).toBe(418);
});

it.each([
  ["GET", "/w/api/v1/runs?size=1", 200],
  ["DELETE", "/w/api/v1/runs/a%2Fb", 200],
  ["GET", "/w/api/v1/runs/", 418],
  ["GET", "/w/api/v1//runs", 418],
  ["GET", "/w/api/v1", 418],
  ["GET", "/w/projects/api/v1/runs", 418],
  ["GET", "/api/api/v1/runs", 418],
  ["GET", "/_next/api/v1/runs", 418],
  ["OPTIONS", "/w/api/v1/runs", 418],
  ["HEAD", "/w/api/v1/runs", 418],
])("%s %s answers %i", async (method, path, status) => {
  serve(async () => new Response("{}", { headers: JSON_TYPE }));
  expect((await fetch(`${origin}${path}`, { method })).status).toBe(status);
});

it("takes a directory's calls to their own handler", async () => {
  global.reeveScim = async ({ url }) => new Response(new URL(url).pathname);
  expect(await (await fetch(`${origin}/api/scim/v2/okta/Users/a%2Fb?x=1`)).text()).toBe("/api/scim/v2/okta/Users/a%2Fb");
  for (const path of ["/api/scim/v2/okta", "/api/scim/v2/okta/", "/api/scim/v2//Users", "/api/scim/v2/okta/Users/", "/w/api/v1/runs"])
    expect((await fetch(`${origin}${path}`)).status, path).toBe(418);
});

it("hands on path, headers and body as they were sent, and gives status, headers and text back", async () => {
  serve(async ({ method, url, headers, body }) => {
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    const seen = { method, path: new URL(url).pathname, at: headers.get("X-Mine"), none: headers.get("x-none"), body: Buffer.concat(parts).toString() };
    return new Response(JSON.stringify(seen), { status: 201, headers: { ...JSON_TYPE, "x-reeve-request-id": "one" } });
  });
  const answer = await fetch(`${origin}/w/api/v1/runs/a%2Fb`, { method: "POST", headers: { "x-mine": "1" }, body: "ä" });
  expect(answer.status).toBe(201);
  expect(answer.headers.get("x-reeve-request-id")).toBe("one");
  expect(await answer.json()).toEqual({ method: "POST", path: "/w/api/v1/runs/a%2Fb", at: "1", none: null, body: "ä" });
});

it.each([
  ["gzip, deflate", LONG, "gzip"],
  ["gzip;q=0", LONG, null],
  ["gzip;q=0.5", LONG, "gzip"],
  ["identity", LONG, null],
  ["gzip", "{}", null],
])("with accept-encoding %s an answer comes as %#", async (accepted, text, encoding) => {
  serve(async () => new Response(text, { headers: JSON_TYPE }));
  const answer = await fetch(`${origin}/w/api/v1/runs`, { headers: { "accept-encoding": accepted } });
  expect(answer.headers.get("content-encoding")).toBe(encoding);
  expect(await answer.text()).toBe(text);
});

it("gives files as they come", async () => {
  serve(async () => new Response(new Blob(["a", "b"]).stream(), { headers: { "content-type": "application/gzip" } }));
  expect(await (await fetch(`${origin}/w/api/v1/artifact_versions/1/data`)).text()).toBe("ab");
});

it("answers a body that is too large although it isn't read to its end", async () => {
  serve(async ({ body }) => {
    for await (const _ of body) break;
    return new Response("{}", { status: 413, headers: JSON_TYPE });
  });
  expect((await fetch(`${origin}/w/api/v1/runs`, { method: "POST", body: "x".repeat(1_000_000) })).status).toBe(413);
});

it("sends the headers that Next sends with every answer of the wire", async () => {
  const path = /^\/(:path\*|:workspace\/api\/v1\/:path\*|:path\(\(\?!api\/frames)/;
  const rows = ((await nextConfig.headers?.()) ?? []).filter(({ source }) => path.test(source));
  const wanted = Object.fromEntries(rows.flatMap(({ headers }) => headers.map(({ key, value }) => [key.toLowerCase(), value])));
  expect(Object.keys(wanted).length).toBeGreaterThan(7);
  expect(DEFAULTS).toEqual(wanted);
});
