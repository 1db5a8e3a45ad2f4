import { expect, it } from "vitest";
// @ts-expect-error plain JavaScript: it is loaded before anything that could compile it
import { clientAddress, sanitize, surfaceOf } from "./preload.mjs";

type Headers = Record<string, string>;
const settings = (url: string, ...trusted: string[]) => ({ url: new URL(url), trusted });

function sanitized(headers: Headers, given: ReturnType<typeof settings>, peer = "203.0.113.9"): { headers: Headers; rawHeaders: string[] } {
  const request = { headers: { ...headers }, rawHeaders: Object.entries(headers).flat(), socket: { remoteAddress: peer } };
  sanitize(request, given);
  return request;
}

it("believes nothing that an untrusted peer says of where a request comes from", () => {
  const { headers, rawHeaders } = sanitized(
    {
      host: "evil.example",
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      "x-real-ip": "127.0.0.1",
      forwarded: "for=127.0.0.1",
      accept: "*/*",
    },
    settings("https://reeve.example.com"),
  );
  expect(headers).toEqual({
    host: "evil.example",
    accept: "*/*",
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-host": "reeve.example.com",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
  });
  expect(rawHeaders.join()).not.toContain("127.0.0.1");
});

it.each([
  "x-middleware-subrequest",
  "x-middleware-rewrite",
  "x-invoke-path",
  "x-matched-path",
  "x-now-route-matches",
  "x-prerender-revalidate",
  "x-next-revalidated-tags",
  "x-reeve-path",
  "x-reeve-changes",
  "content-security-policy",
])("removes %s, which only the server may set", (name) => {
  const { headers, rawHeaders } = sanitized({ host: "h", [name]: "src/middleware:src/middleware" }, settings("http://127.0.0.1:3000"));
  expect(headers).not.toHaveProperty(name);
  expect(rawHeaders).not.toContain(name);
});

it("leaves alone what browsers send to Next", () => {
  const sent = { "next-action": "a", rsc: "1", "next-router-state-tree": "t", authorization: "Bearer b", cookie: "c=d", origin: "https://o" };
  expect(sanitized({ host: "h", ...sent }, settings("https://reeve.example.com")).headers).toMatchObject(sent);
});

it.each([
  ["the peer, when it isn't trusted", "203.0.113.9", "198.51.100.1", ["10.0.0.0/8"], "203.0.113.9"],
  ["the nearest untrusted address", "10.0.0.2", "1.1.1.1, 198.51.100.1, 10.0.0.7", ["10.0.0.0/8"], "198.51.100.1"],
  ["an IPv4-mapped peer", "::ffff:10.0.0.2", "198.51.100.1", ["10.0.0.2"], "198.51.100.1"],
  ["IPv6 with brackets and port", "::1", "[2001:db8::5]:4711", ["::1"], "2001:db8::5"],
  ["IPv4 with a port", "10.0.0.2", "198.51.100.1:4711", ["10.0.0.2"], "198.51.100.1"],
  ["the proxy itself, when it says nothing", "10.0.0.2", undefined, ["10.0.0.2"], "10.0.0.2"],
  ["nothing beyond what can't be read", "10.0.0.2", "198.51.100.1, unknown", ["10.0.0.2"], "10.0.0.2"],
])("finds the client: %s", (_, peer, forwarded, trusted, expected) => {
  const normal = peer.replace("::ffff:", "");
  expect(clientAddress(normal, forwarded, trusted)).toBe(expected);
  expect(
    sanitized({ host: "h", ...(forwarded ? { "x-forwarded-for": forwarded } : {}) }, settings("https://r.example", ...trusted), peer).headers[
      "x-forwarded-for"
    ],
  ).toBe(expected);
});

it("keeps the other spellings of loopback, so that an action's Origin fits its host", () => {
  const local = settings("http://127.0.0.1:3000");
  expect(sanitized({ host: "localhost:3000" }, local).headers["x-forwarded-host"]).toBe("localhost:3000");
  expect(sanitized({ host: "localhost:4000" }, local).headers["x-forwarded-host"]).toBe("127.0.0.1:3000");
  expect(sanitized({ host: "evil.example:3000" }, local).headers["x-forwarded-host"]).toBe("127.0.0.1:3000");
});

it("labels requests by few kinds", () => {
  expect(["/_next/static/x.js", "/api/health", "/fraud/api/v1/runs?size=20", "/fraud", "/", "/fraud/api/v10"].map(surfaceOf)).toEqual([
    "static",
    "api",
    "wire",
    "page",
    "page",
    "page",
  ]);
});
