import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, it } from "vitest";
import { parseEnvironment, unknownVariables } from "./env";

const parse = (values: Record<string, string>) => parseEnvironment({ NODE_ENV: "production", ...values });

it("works with nothing set", () => {
  const env = parse({});
  expect(env).toMatchObject({ port: 3000, host: "127.0.0.1", url: "http://127.0.0.1:3000", isSecure: false, trustedProxies: [], logLevel: "info" });
  expect(env.dataDirectory).toMatch(/reeve$/);
});

it("takes an empty value as not set", () => {
  expect(parse({ PORT: "", REEVE_URL: "", DATABASE_URL: "" })).toMatchObject({ port: 3000, databaseUrl: undefined });
});

it.each([
  [{ PORT: "http" }, /^PORT has to be a number/],
  [{ PORT: "0" }, /^PORT has to be/],
  [{ PORT: "70000" }, /^PORT has to be/],
  [{ REEVE_HOST: "example" }, /^REEVE_HOST has to be an IP address/],
  [{ REEVE_URL: "reeve.example.com" }, /^REEVE_URL has to be/],
  [{ REEVE_URL: "https://reeve.example.com/sub" }, /^REEVE_URL has to be/],
  [{ REEVE_URL: "ftp://reeve.example.com" }, /^REEVE_URL has to be/],
  [{ REEVE_URL: "http://reeve.example.com" }, /^REEVE_URL is plain http .*REEVE_INSECURE_HTTP=1/],
  [{ REEVE_HOST: "0.0.0.0" }, /^REEVE_HOST is 0\.0\.0\.0.*REEVE_URL/],
  [{ REEVE_HOST: "0.0.0.0", REEVE_URL: "http://localhost:3000" }, /REEVE_INSECURE_HTTP=1/],
  [{ REEVE_INSECURE_HTTP: "yes" }, /^REEVE_INSECURE_HTTP has to be 1/],
  [{ REEVE_TRUSTED_PROXIES: "10.0.0.0/8,proxy" }, /^REEVE_TRUSTED_PROXIES has to be/],
  [{ REEVE_ALLOW_NETWORKS: "10.0.0.0/8,10.0.0.1" }, /^REEVE_ALLOW_NETWORKS has to be/],
  [{ DATABASE_URL: "mysql://x" }, /^DATABASE_URL has to be a PostgreSQL URL/],
  [{ REEVE_MASTER_KEY: "c2hvcnQ=" }, /^REEVE_MASTER_KEY has to be 32 random bytes/],
  [{ REEVE_METRICS_TOKEN: "short" }, /^REEVE_METRICS_TOKEN has to have at least 16/],
  [{ REEVE_SMTP_URL: "http://mail", REEVE_MAIL_FROM: "r@example.com" }, /^REEVE_SMTP_URL has to be smtp:/],
  [{ REEVE_SMTP_URL: "smtp://mail/path", REEVE_MAIL_FROM: "r@example.com" }, /^REEVE_SMTP_URL has to be smtp:/],
  [{ REEVE_SMTP_URL: "smtp://mail", REEVE_MAIL_FROM: "a@example.com, b@example.com" }, /^REEVE_MAIL_FROM has to be one e-mail address/],
  [{ REEVE_SMTP_URL: "smtp://mail", REEVE_MAIL_FROM: "Reeve\r\nBcc: x@example.com" }, /^REEVE_MAIL_FROM has to be one/],
  [{ REEVE_SMTP_URL: "smtp://mail" }, /^REEVE_SMTP_URL and REEVE_MAIL_FROM belong together/],
  [{ REEVE_LOG_LEVEL: "loud" }, /^REEVE_LOG_LEVEL has to be/],
  [{ REEVE_LOCAL_ARTIFACT_ROOTS: "fraud-detection" }, /^REEVE_LOCAL_ARTIFACT_ROOTS has to be/],
  [{ REEVE_LOCAL_ARTIFACT_ROOTS: "fraud-detection=stores" }, /^REEVE_LOCAL_ARTIFACT_ROOTS has to be/],
  [{ REEVE_LOCAL_ARTIFACT_ROOTS: "one-a=/srv,two-b=/srv/two" }, /^REEVE_LOCAL_ARTIFACT_ROOTS of one-a and two-b overlap/],
  [
    { REEVE_LOCAL_ARTIFACT_ROOTS: "one-a=/srv/reeve", REEVE_DATA: "/srv/reeve/data" },
    /^REEVE_LOCAL_ARTIFACT_ROOTS of one-a and REEVE_DATA contain one another/,
  ],
])("refuses %j with a sentence that names the variable", (values, message) => {
  expect(() => parse(values as Record<string, string>)).toThrow(message);
});

it("sees through links: two names of one folder overlap, and no link leads to the data", () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-env-")));
  try {
    fs.mkdirSync(path.join(folder, "real"));
    fs.symlinkSync(path.join(folder, "real"), path.join(folder, "link"));
    const of = (more: Record<string, string>) => () => parse({ REEVE_DATA: path.join(folder, "data"), ...more });
    expect(of({ REEVE_LOCAL_ARTIFACT_ROOTS: `one-a=${folder}/real,two-b=${folder}/other` })).not.toThrow();
    expect(of({ REEVE_LOCAL_ARTIFACT_ROOTS: `one-a=${folder}/real,two-b=${folder}/link/inner` })).toThrow(/one-a and two-b overlap/);
    expect(of({ REEVE_LOCAL_ARTIFACT_ROOTS: `one-a=${folder}/link`, REEVE_DATA: `${folder}/real/data` })).toThrow(/REEVE_DATA contain one another/);
    expect(of({ REEVE_LOCAL_ARTIFACT_ROOTS: `one-a=${folder}/real/data/x`, REEVE_DATA: `${folder}/link/data` })).toThrow(/REEVE_DATA contain one another/);
    expect(of({ REEVE_LOCAL_ARTIFACT_ROOTS: "one-a=/" })).toThrow(/REEVE_DATA contain one another/);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

it("names every wrong value at once, and no secret", () => {
  try {
    parse({ PORT: "x", REEVE_MASTER_KEY: "not-the-right-length", DATABASE_URL: "redis://u:hunter2@h/", REEVE_SMTP_URL: "smtp://u:hunter2@h/x" });
    expect.unreachable();
  } catch (error) {
    const lines = (error as Error).message.split("\n");
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toMatch(/hunter2|not-the-right-length/);
  }
});

it("accepts https behind a proxy, plain http when asked to, and IPv6", () => {
  expect(parse({ REEVE_HOST: "0.0.0.0", REEVE_URL: "https://reeve.example.com/" })).toMatchObject({ url: "https://reeve.example.com", isSecure: true });
  expect(parse({ REEVE_HOST: "0.0.0.0", REEVE_URL: "http://10.0.0.5:3000", REEVE_INSECURE_HTTP: "1" }).isSecure).toBe(false);
  expect(parse({ REEVE_HOST: "::1" }).url).toBe("http://[::1]:3000");
  expect(parse({ REEVE_TRUSTED_PROXIES: " 10.0.0.0/8, ::1 " }).trustedProxies).toEqual(["10.0.0.0/8", "::1"]);
  expect(parse({ REEVE_ALLOW_NETWORKS: " 10.0.0.0/8, ::1/128 " }).allowNetworks).toEqual(["10.0.0.0/8", "::1/128"]);
});

it("finds names that are most likely misspelt", () => {
  expect(unknownVariables({ NODE_ENV: "test", REEVE_URLS: "x", REEVE_URL: "y", PATH: "z" })).toEqual(["REEVE_URLS"]);
});
