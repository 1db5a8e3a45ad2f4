import { expect, it } from "vitest";
import { REDACTED, redact } from "@/lib/audit/redact";

it.each([
  "password",
  "Password",
  "db_password",
  "dbPassword",
  "secret",
  "secrets",
  "client_secret",
  "clientSecret",
  "token",
  "access_token",
  "refreshToken",
  "api_key",
  "apiKey",
  "api-key",
  "private_key",
  "privateKey",
  "aws_secret_access_key",
  "authorization",
  "cookie",
  "hash",
  "hmac",
  "credentials",
])("hides the value under %s, wherever it stands", (key) => {
  expect(redact({ [key]: "value-1" })).toEqual({ [key]: REDACTED });
  expect(redact({ a: [{ b: { [key]: { deep: "value-1" } } }] })).toEqual({ a: [{ b: { [key]: REDACTED } }] });
});

it.each(["name", "description", "secretary", "tokenizer", "hashtag", "keyboard", "monkey", "passwordless", "cache_key_count"])("leaves %s alone", (key) => {
  expect(redact({ [key]: "value-1" })).toEqual({ [key]: "value-1" });
});

it("hides what looks like a credential inside text", () => {
  const pem = "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----";
  expect(redact(`a ZENKEY_eyJpZCI6MX0= b AKIAABCDEFGHIJKLMNOP c ${pem} d`)).toBe(`a ZENKEY_…MX0= b ${REDACTED} c ${REDACTED} d`);
});

it("says that a secret is unset rather than hide nothing", () => {
  expect(redact({ password: null, token: "" })).toEqual({ password: null, token: "" });
});

it("cuts what is long, deep or many", () => {
  expect(redact("x".repeat(5_000))).toBe(`${"x".repeat(4_000)}… (5000 characters)`);
  expect((redact(Array.from({ length: 300 }, () => 1)) as unknown[]).length).toBe(200);
  let deep: unknown = "end";
  for (let level = 0; level < 20; level++) deep = { deep };
  expect(JSON.stringify(redact(deep))).not.toContain("end");
});
