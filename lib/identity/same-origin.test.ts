import { afterEach, expect, it } from "vitest";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionCookie } from "@/lib/identity/session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";

const before = { ...process.env };
function serveAt(url: string, more: Record<string, string> = {}) {
  Object.assign(process.env, { REEVE_URL: url }, more);
  forgetEnvironment();
}
afterEach(() => {
  process.env = { ...before };
  forgetEnvironment();
});

function outcome(headers: Record<string, string>): string {
  try {
    requireSameOrigin(new Headers(headers));
    return "passes";
  } catch (error) {
    return error instanceof AppError ? `${error.status} ${error.reason}` : "threw";
  }
}

// WEB-1
it.each([
  [{ origin: "https://reeve.example.com", "sec-fetch-site": "same-origin" }, "passes"],
  [{ origin: "https://reeve.example.com" }, "403 origin_foreign"],
  [{ origin: "https://reeve.example.com", "sec-fetch-site": "same-site" }, "403 origin_foreign"],
  [{ origin: "https://reeve.example.com", "sec-fetch-site": "cross-site" }, "403 origin_foreign"],
  [{ origin: "https://reeve.example.com", "sec-fetch-site": "none" }, "403 origin_foreign"],
  [{ origin: "http://reeve.example.com", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
  [{ origin: "https://reeve.example.com.evil.example", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
  [{ origin: "https://reeve.example.com:8443", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
  [{ origin: "https://REEVE.example.com", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
  [{ origin: "null", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
  [{ origin: "", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
  [{ "sec-fetch-site": "same-origin" }, "403 origin_missing"],
  [{ host: "reeve.example.com", "x-forwarded-host": "reeve.example.com" }, "403 origin_missing"],
  [{ origin: "https://evil.example", host: "evil.example", "x-forwarded-host": "evil.example", "sec-fetch-site": "same-origin" }, "403 origin_foreign"],
])("WEB-1: on https %j gets %s", (headers, expected) => {
  serveAt("https://reeve.example.com");
  expect(outcome(headers as Record<string, string>)).toBe(expected);
});

it("WEB-1: on loopback its spellings with the same port are one place, and no other", () => {
  serveAt("http://127.0.0.1:3000");
  const site = { "sec-fetch-site": "same-origin" };
  expect(outcome({ origin: "http://127.0.0.1:3000", ...site })).toBe("passes");
  expect(outcome({ origin: "http://localhost:3000", ...site })).toBe("passes");
  expect(outcome({ origin: "http://localhost:3001", ...site })).toBe("403 origin_foreign");
  expect(outcome({ origin: "http://127.0.0.1:3000" })).toBe("403 origin_foreign");
  expect(outcome({ origin: "https://localhost:3000", ...site })).toBe("403 origin_foreign");
});

it("WEB-1: on plain http beyond this machine browsers leave Sec-Fetch-Site out", () => {
  serveAt("http://reeve.lan:3000", { REEVE_INSECURE_HTTP: "1" });
  expect(outcome({ origin: "http://reeve.lan:3000" })).toBe("passes");
  expect(outcome({ origin: "http://reeve.lan:3000", "sec-fetch-site": "cross-site" })).toBe("403 origin_foreign");
  expect(outcome({ origin: "http://evil.lan:3000" })).toBe("403 origin_foreign");
});

it("WEB-8: the session cookie has every guard that its address allows", () => {
  serveAt("https://reeve.example.com");
  expect(sessionCookie()).toEqual({ name: "__Host-reeve.session", options: { httpOnly: true, secure: true, sameSite: "lax", path: "/" } });
  serveAt("http://127.0.0.1:3000");
  expect(sessionCookie()).toEqual({ name: "reeve.session", options: { httpOnly: true, secure: false, sameSite: "lax", path: "/" } });
});
