import { generateKeyPairSync } from "node:crypto";
import { expect, it } from "vitest";
import { secretStoreSuite } from "./contract.suite";
import type { Answer, Call, Request } from "./contract";
import { crc32c } from "./crc32c";
import { secretStoreOf } from "./registry";

// Google's and Azure's stores: NOT run against the real services. These stand-ins answer as the services' documents say (REST paths, states
// and codes), so that what we send and read is at least what is written there.

const answer = (status: number, body: unknown = {}): Answer => ({ status, headers: {}, body: Buffer.from(JSON.stringify(body)) });
const unreachable = () => Promise.reject(Object.assign(new Error("The other side can't be reached."), { reason: "unreachable" }));
const bodyOf = (request: Request) => JSON.parse(request.body ?? "null");
const callTo = (hosts: Record<string, (url: URL, request: Request) => Answer>): Call => ({
  now: () => new Date(),
  send: (url, request = {}) => {
    const host = hosts[new URL(url).host];
    return host ? Promise.resolve(host(new URL(url), request)) : unreachable();
  },
});
const isAuthorized = ({ headers = {} }: Request) => headers.authorization === "Bearer good";

it("computes CRC-32C as RFC 3720 §B.4 says", () => {
  expect(crc32c(Buffer.alloc(32))).toBe(0x8a9136aa);
  expect(crc32c(Buffer.alloc(32, 0xff))).toBe(0x62a8ab43);
});

const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const keyOf = (email: string) =>
  JSON.stringify({
    client_email: email,
    private_key: keys.privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: "https://oauth2.example/token",
  });

secretStoreSuite("Google Secret Manager, not run against the real service", () => {
  type Secret = { data?: string; isDisabled?: boolean };
  const secrets = new Map<string, Secret>();
  const missing = answer(404, { error: { status: "NOT_FOUND" } });
  const service = (url: URL, request: Request): Answer => {
    if (!isAuthorized(request)) return answer(401, { error: { status: "UNAUTHENTICATED" } });
    const [, name = "", rest = ""] = /^\/v1\/projects\/acme\/secrets\/?([\w-]*)(.*)$/.exec(url.pathname) ?? [];
    if (!name) {
      const id = url.searchParams.get("secretId") ?? "";
      if (secrets.has(id)) return answer(409, { error: { status: "ALREADY_EXISTS" } });
      secrets.set(id, {});
      return answer(200);
    }
    const secret = secrets.get(name);
    if (!secret) return missing;
    const way = `${request.method} ${rest}`;
    if (way === "DELETE ") secrets.delete(name);
    else if (way === "POST :addVersion") {
      const { data, dataCrc32c } = bodyOf(request).payload;
      if (dataCrc32c !== String(crc32c(Buffer.from(data, "base64")))) return answer(400, { error: { status: "INVALID_ARGUMENT" } });
      secret.data = data;
    } else if (secret.data === undefined) return missing;
    else if (way === "POST /versions/1:disable") secret.isDisabled = true;
    else if (way === "POST /versions/1:enable") secret.isDisabled = false;
    else if (way === "GET /versions/1:access") {
      if (secret.isDisabled) return answer(400, { error: { status: "FAILED_PRECONDITION" } });
      return answer(200, { payload: { data: secret.data, dataCrc32c: String(crc32c(Buffer.from(secret.data, "base64"))) } });
    } else return answer(405);
    return answer(200);
  };
  const tokens = (_url: URL, { body = "" }: Request): Answer => {
    const claims = JSON.parse(Buffer.from(new URLSearchParams(body).get("assertion")?.split(".")[1] ?? "", "base64url").toString());
    return claims.iss === "good@acme" ? answer(200, { access_token: "good", expires_in: 3_600 }) : answer(400, { error: "invalid_grant" });
  };
  return {
    type: "gcp-secret-manager",
    settings: { project: "acme", key: keyOf("good@acme") },
    refused: { project: "acme", key: keyOf("wrong@acme") },
    away: { project: "acme", key: keyOf("good@acme"), endpoint: "https://nowhere.example" },
    call: callTo({ "secretmanager.googleapis.com": service, "oauth2.example": tokens }),
  };
});

secretStoreSuite("Azure Key Vault, not run against the real service", () => {
  const live = new Map<string, string>();
  const deleted = new Map<string, string>();
  const service = (url: URL, request: Request): Answer => {
    if (!isAuthorized(request)) return answer(401, { error: { code: "Unauthorized" } });
    if (url.searchParams.get("api-version") !== "7.4") return answer(400, { error: { code: "BadParameter" } });
    const [, kind, name = "", act = ""] = url.pathname.split("/");
    if (!/^[0-9A-Za-z-]{1,127}$/.test(name)) return answer(400, { error: { code: "BadParameter" } });
    const from = kind === "secrets" ? live : deleted;
    if (request.method === "PUT") {
      if (deleted.has(name)) return answer(409, { error: { code: "Conflict" } });
      live.set(name, bodyOf(request).value);
      return answer(200);
    }
    const value = from.get(name);
    if (value === undefined) return answer(404, { error: { code: "SecretNotFound" } });
    if (request.method === "GET") return answer(200, kind === "secrets" ? { value } : { recoveryId: name });
    from.delete(name);
    if (request.method === "DELETE" && kind === "secrets") deleted.set(name, value);
    if (request.method === "POST" && act === "recover") live.set(name, value);
    return answer(kind === "secrets" || act ? 200 : 204);
  };
  const tokens = (_url: URL, { body = "" }: Request): Answer =>
    new URLSearchParams(body).get("client_secret") === "right-secret"
      ? answer(200, { access_token: "good", expires_in: 3_599 })
      : answer(401, { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret provided." });
  const settings = { vault: "https://acme.vault.azure.net", tenant: "t", clientId: "c", clientSecret: "right-secret" };
  return {
    type: "azure-key-vault",
    settings,
    refused: { ...settings, clientSecret: "wrong-secret" },
    away: { ...settings, vault: "https://nowhere.vault.azure.net" },
    call: callTo({ "acme.vault.azure.net": service, "login.microsoftonline.com": tokens }),
    overwrite: async (name, values) => void live.set(name, JSON.stringify(values)),
  };
});

const SETTINGS: Record<string, object> = {
  vault: { method: "token", address: "https://bao.example", token: "t" },
  "aws-secrets-manager": { region: "eu-central-1", accessKeyId: "i", secretAccessKey: "k" },
  "gcp-secret-manager": { project: "acme", key: keyOf("good@acme") },
  "azure-key-vault": { vault: "https://acme.vault.azure.net", tenant: "t", clientId: "c", clientSecret: "s" },
};
const LIES = ["<html>Sign in</html>", '{"errors":["canary"],"error":{"code":"canary"},"__type":"canary"}', "[]", "null"];

it.each(Object.keys(SETTINGS))("a success that isn't the store's own is none: %s", async (type) => {
  for (const text of [...LIES, ""]) {
    const said = (url: string) => (url.endsWith("/token") ? answer(200, { access_token: "good" }) : { status: 200, headers: {}, body: Buffer.from(text) });
    const store = secretStoreOf(type)?.open(SETTINGS[type], { now: () => new Date(), send: async (url) => said(url) });
    const place = { secretId: "01980000-0000-7000-8000-000000000000", version: 1, copy: "aa" };
    const wanted = { name: "StoreError", message: expect.not.stringContaining("canary") };
    await expect(store?.write(place, { a: "1" }), `written, answered ${text}`).rejects.toMatchObject(wanted);
    // Some say nothing of what they hid or ended.
    for (const act of text ? (["read", "remove", "restore", "destroy"] as const) : (["read"] as const))
      await expect(store?.[act](place), `${act}, answered ${text}`).rejects.toMatchObject(wanted);
  }
});
