import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, expect, it } from "vitest";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { secretStoreSuite } from "@/lib/providers/secret-stores/contract.suite";
import { secretStoreOf } from "@/lib/providers/secret-stores/registry";
import { freePort } from "../fixtures";
import { startMoto } from "./moto";
import { startOpenBao } from "./openbao";

// Secret stores before a real OpenBao, with each of its logins that needs no cluster, and before moto for Amazon's; all through the guard.

const LOOPBACK = guardedCall(["127.0.0.0/8"]);
const AWAY = `http://127.0.0.1:${await freePort()}`;
let bao: Awaited<ReturnType<typeof startOpenBao>>;
let moto: Awaited<ReturnType<typeof startMoto>>;
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwtOf = (subject: string) =>
  new SignJWT({ sub: subject })
    .setProtectedHeader({ alg: "RS256" })
    .setIssuer("reeve-tests")
    .setAudience("bao")
    .setIssuedAt()
    .setExpirationTime("5m")
    .sign(keys.privateKey);

const POLICY = ["data", "metadata", "delete", "undelete"]
  .map((kind) => `path "secret/${kind}/reeve/*" { capabilities = ["create", "read", "update", "delete"] }`)
  .join("\n");

beforeAll(async () => {
  [bao, moto] = await Promise.all([startOpenBao(), startMoto()]);
  await bao.ask("PUT", "sys/policies/acl/reeve", { policy: POLICY });
  await bao.ask("POST", "sys/auth/approle", { type: "approle" });
  await bao.ask("POST", "auth/approle/role/reeve", { token_policies: "reeve", token_ttl: "60s" });
  await bao.ask("POST", "sys/auth/jwt", { type: "jwt" });
  const publicKey = keys.publicKey.export({ type: "spki", format: "pem" });
  await bao.ask("POST", "auth/jwt/config", { jwt_validation_pubkeys: [publicKey], bound_issuer: "reeve-tests" });
  await bao.ask("POST", "auth/jwt/role/reeve", {
    role_type: "jwt",
    bound_audiences: ["bao"],
    user_claim: "sub",
    bound_subject: "reeve",
    token_policies: "reeve",
  });
});
afterAll(async () => {
  await Promise.all([bao?.stop(), moto?.stop()]);
});

const overwrite = async (name: string, values: Record<string, string>) => void (await bao.ask("POST", `secret/data/reeve/${name}`, { data: values }));
const overwriteAtAws = (name: string, values: Record<string, string>) => moto.overwriteSecret(`reeve/${name}`, JSON.stringify(values));

secretStoreSuite("OpenBao by token", () => {
  const settings = { method: "token", address: bao.url, token: bao.token };
  return { type: "vault", settings, refused: { ...settings, token: "wrong-token" }, away: { ...settings, address: AWAY }, call: LOOPBACK, overwrite };
});

secretStoreSuite("OpenBao by AppRole, held to one folder", async () => {
  const { data: role } = await bao.ask("GET", "auth/approle/role/reeve/role-id");
  const { data: secret } = await bao.ask("POST", "auth/approle/role/reeve/secret-id", {});
  const settings = { method: "approle", address: bao.url, roleId: role.role_id, secretId: secret.secret_id };
  return { type: "vault", settings, refused: { ...settings, secretId: "wrong-secret-id" }, away: { ...settings, address: AWAY }, call: LOOPBACK, overwrite };
});

secretStoreSuite("OpenBao by JWT", async () => {
  const settings = { method: "jwt", address: bao.url, role: "reeve", jwt: await jwtOf("reeve") };
  return {
    type: "vault",
    settings,
    refused: { ...settings, jwt: await jwtOf("wrong-subject") },
    away: { ...settings, address: AWAY },
    call: LOOPBACK,
    overwrite,
  };
});

secretStoreSuite("AWS Secrets Manager before moto", () => {
  const settings = { region: "us-east-1", accessKeyId: "AKIATEST", secretAccessKey: "test-secret", endpoint: moto.url };
  const refused = { ...settings, accessKeyId: "AKIAWRONG", secretAccessKey: "wrong-secret" };
  return {
    type: "aws-secrets-manager",
    settings,
    refused,
    refuses: moto.requireRights,
    away: { ...settings, endpoint: AWAY },
    call: LOOPBACK,
    overwrite: overwriteAtAws,
  };
});

it("a role that is held to another folder is refused, and a sealed store says so", async () => {
  const { data: role } = await bao.ask("GET", "auth/approle/role/reeve/role-id");
  const { data: secret } = await bao.ask("POST", "auth/approle/role/reeve/secret-id", {});
  const settings = { method: "approle", address: bao.url, roleId: role.role_id, secretId: secret.secret_id, folder: "elsewhere" };
  const probe = { secretId: "0197f000-0000-7000-8000-000000000000", version: 1 };
  await expect(secretStoreOf("vault")?.open(settings, LOOPBACK).check(probe)).rejects.toMatchObject({ reason: "refused" });
  await bao.ask("PUT", "sys/seal");
  const rooted = { method: "token", address: bao.url, token: bao.token };
  await expect(secretStoreOf("vault")?.open(rooted, LOOPBACK).check(probe)).rejects.toMatchObject({ reason: "sealed" });
  await expect(secretStoreOf("vault")?.open(rooted, LOOPBACK).read(probe)).rejects.toMatchObject({ reason: "sealed" });
});

it("an address in a network that the workspace does not open is never called", async () => {
  const settings = { method: "token", address: bao.url, token: bao.token };
  const closed = secretStoreOf("vault")?.open(settings, guardedCall([]));
  await expect(closed?.read({ secretId: "x", version: 1 })).rejects.toMatchObject({ reason: "refused-address" });
});
