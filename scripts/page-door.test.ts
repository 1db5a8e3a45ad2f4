import { expect, it } from "vitest";
// @ts-expect-error plain JavaScript: it is loaded before anything that could compile it
import { openPage } from "./page-door.mjs";

type Request = { method: string; url: string; headers: Record<string, string>; rawHeaders: string[] };

function opened(url: string, method = "GET", headers: Record<string, string> = {}) {
  const request: Request = { method, url, headers, rawHeaders: [] };
  const sent: Record<string, string> = {};
  openPage(request, { setHeader: (name: string, value: string) => (sent[name] = value) }, false);
  return { ...request, policy: sent["content-security-policy"] };
}

it("gives each page a policy with a nonce of its own, which Next reads", () => {
  const one = opened("/bench/projects/default/runs");
  const other = opened("/");
  expect(one.policy).toMatch(/script-src 'self' 'nonce-[A-Za-z0-9+/]{24}' 'strict-dynamic'/);
  expect(one.headers["content-security-policy"]).toBe(one.policy);
  expect(one.rawHeaders).toContain("content-security-policy");
  expect(other.policy).not.toBe(one.policy);
});

it.each(["/api/shell", "/_next/static/chunks/a.js", "/bench/api/v1/runs", "/bench/health", "/ready", "/sign-out", "/icon.svg"])("leaves %s alone", (url) => {
  expect(opened(url)).toMatchObject({ headers: {}, policy: undefined });
});

it.each([
  ["/audit", "/audit"],
  ["/audit?_rsc=1x2", "/audit"],
  ["/audit?who=ada&_rsc=1x2", "/audit?who=ada"],
  ["/audit?_rsc=1x2&who=ada", "/audit?who=ada"],
  ["/audit?who=ada&x_rsc=1", "/audit?who=ada&x_rsc=1"],
])("keeps where to go on after a sign-in: %s", (url, path) => {
  expect(opened(url).headers["x-reeve-path"]).toBe(path);
});

it("marks what isn't a plain read", () => {
  expect(opened("/audit").headers).not.toHaveProperty("x-reeve-changes");
  expect(opened("/audit", "HEAD").headers).not.toHaveProperty("x-reeve-changes");
  expect(opened("/audit", "GET", { "next-action": "a" }).headers).toHaveProperty("x-reeve-changes");
  for (const method of ["POST", "PUT", "PATCH", "DELETE"]) expect(opened("/audit", method).headers).toHaveProperty("x-reeve-changes");
});
