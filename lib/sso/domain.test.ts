import { expect, it } from "vitest";
import { normaliseDomain, proofRecord } from "./domain";

it.each([
  ["example.com", "example.com"],
  [" Example.COM. ", "example.com"],
  ["@example.com", "example.com"],
  ["bücher.example", "xn--bcher-kva.example"],
  ["a.b.example", "a.b.example"],
])("%s is %s", (text, domain) => expect(normaliseDomain(text)).toBe(domain));

it.each([
  "",
  "com",
  "localhost",
  "co.uk",
  "com.au",
  "10.0.0.1",
  "[::1]",
  "-a.example",
  "a..example",
  "exa mple.com",
  "https://example.com",
  "a@b.example",
  "*.example.com",
  "a.1",
])("%s is no domain of one's own", (text) => expect(normaliseDomain(text)).toBeUndefined());

it("a domain is proven by a record below it", () =>
  expect(proofRecord("example.com", "t")).toEqual({ name: "_reeve-challenge.example.com", value: "reeve-domain-verification=t" }));
