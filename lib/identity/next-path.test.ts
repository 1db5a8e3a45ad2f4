import { expect, it } from "vitest";
import { ownPath } from "@/lib/identity/next-path";

// WEB-13: every spelling that some browser or proxy has read as another place.
const FOREIGN = [
  "https://evil.example",
  "http://evil.example/",
  "HTTPS://evil.example",
  "//evil.example",
  "///evil.example",
  "////evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "\\\\evil.example",
  "/\\/evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "/\r\n/evil.example",
  "\t//evil.example",
  " //evil.example",
  "/ /evil.example",
  "/\u00a0/evil.example",
  "/\u2028/evil.example",
  "/\u200b/evil.example",
  "/\ufeff/evil.example",
  "/\u0000/evil.example",
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:x",
  "blob:https://evil.example/1",
  "evil.example",
  "evil.example/path",
  "@evil.example",
  "/.//evil.example",
  "/..//evil.example",
  "/a/..//evil.example",
  "/%2fevil.example",
  "/%2F%2Fevil.example",
  "/%5cevil.example",
  "/%09/evil.example",
  "/a%0d%0aSet-Cookie:%20a=b",
  "/\\@evil.example",
  "https:evil.example",
  "https:/evil.example",
  "?next=//evil.example",
  "#//evil.example",
  "/runs\r\nSet-Cookie: a=b",
  "/runs\\..\\..\\evil",
  "/api/auth/signout",
  "/sign-in?next=/sign-in",
  "/sign-out",
  "/setup",
  `/${"a".repeat(3_000)}`,
  "",
] as const;

it.each(FOREIGN.map((text) => [text]))("WEB-13: %j leads home", (text) => {
  expect(ownPath(text)).toBe("/");
});

it.each([[undefined], [null], [7], [["/runs", "/audit"]], [{}]])("WEB-13: %j is no path", (value) => {
  expect(ownPath(value)).toBe("/");
});

it.each([
  ["/", "/"],
  ["/fraud-detection/projects/default/runs?status=failed&sort=-started#r3", "/fraud-detection/projects/default/runs?status=failed&sort=-started#r3"],
  ["/audit/12", "/audit/12"],
  ["/w/projects/größe/runs", "/w/projects/gr%C3%B6%C3%9Fe/runs"],
  ["/w/projects/a%20b/runs", "/w/projects/a%20b/runs"],
  ["/w?next=https://evil.example", "/w?next=https://evil.example"],
  ["/w/../x", "/x"],
  ["/sign-inside", "/sign-inside"],
])("WEB-13: %j is ours", (text, path) => {
  expect(ownPath(text)).toBe(path);
});
