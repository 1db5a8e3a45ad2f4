import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { settingsOf } from "@/lib/sso/saml/identity-provider.sample";
import { idpMetadataXml } from "@/lib/sso/saml/write-metadata";
import { applySetup } from "./apply-setup";
import { readSetupFile } from "./read-setup-file";

// Single sign-on of a set-up file: made, switched on, its domain confirmed; the same file again changes nothing.

const database = useTestDatabase();
let folder: string;
let owner: pg.Client;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  forgetEnvironment();
  forgetKeys();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-setup-"));
  owner = new pg.Client({ connectionString: database.ownerUrl, options: "-c search_path=reeve" });
  await owner.connect();
  fs.writeFileSync(path.join(folder, "idp.xml"), idpMetadataXml(settingsOf()));
  fs.writeFileSync(path.join(folder, "client.secret"), "a-client-secret\n", { mode: 0o600 });
});
afterAll(async () => {
  await owner.end();
  fs.rmSync(folder, { recursive: true });
});

const SAML = { name: "corp", displayName: "Corp", provider: "okta", metadataFile: "./idp.xml", domains: ["Corp.example"] };
const OIDC = { name: "kc", provider: "keycloak", issuer: "https://idp.example/realms/a", clientId: "reeve", clientSecretFile: "./client.secret" };
function apply(ssoConnections: object[]) {
  const file = path.join(folder, "setup.json");
  fs.rmSync(file, { force: true });
  const users = [{ email: "ada@example.com", name: "Ada", grants: [{ role: "system-admin" }] }];
  fs.writeFileSync(file, JSON.stringify({ organization: "Acme", users, ssoConnections }), { mode: 0o600 });
  return applySetup(readSetupFile(file), { origin: "cli" });
}
const connections = async () =>
  (await owner.query("select slug, name, protocol, state, version from sso_connection where deleted_at is null order by slug")).rows;

it("makes connections that are on, with domains on the operator's word; again it changes nothing", async () => {
  const { changes } = await apply([SAML, OIDC]);
  expect(changes).toContain("create single sign-on corp");
  const made = await connections();
  expect(made).toMatchObject([
    { slug: "corp", name: "Corp", protocol: "saml", state: "on" },
    { slug: "kc", name: "kc", protocol: "oidc", state: "on" },
  ]);
  expect((await owner.query("select domain, proof from sso_domain")).rows).toEqual([{ domain: "corp.example", proof: "confirmed" }]);
  expect((await apply([SAML, OIDC])).changes).toEqual([]);
  expect(await connections()).toEqual(made);
  const trail = await owner.query("select 1 from audit_entry where action = 'sso-connection.switched' and actor_kind = 'operator'");
  expect(trail.rowCount).toBe(2);
});

it("takes what the file says anew, and says what is wrong with it", async () => {
  const { changes } = await apply([{ ...SAML, displayName: "Corporation", attributes: { email: "mail", groups: "memberOf" } }]);
  expect(changes).toEqual(["update single sign-on corp", "update single sign-on corp"]);
  expect(await connections()).toMatchObject([{ slug: "corp", name: "Corporation" }, { slug: "kc" }]);
  await expect(apply([{ ...SAML, metadataFile: "./none.xml" }])).rejects.toMatchObject({ code: "conflict" });
  fs.chmodSync(path.join(folder, "client.secret"), 0o644);
  await expect(apply([OIDC])).rejects.toThrow(/can be read by others/);
  expect(() => apply([{ name: "bad", provider: "okta" }])).toThrow(/metadataFile/);
});
