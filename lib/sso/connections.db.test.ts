import { beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { unseal } from "@/lib/kernel/seal";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createDirectory, rotateDirectoryToken, updateDirectory } from "@/lib/directories/change-directory";
import { provisionGroup } from "@/lib/directories/provision-group";
import { provisionUser } from "@/lib/directories/provision-user";
import { listDirectories } from "@/lib/directories/queries";
import { createGroupRule } from "@/lib/group-rules/change-rules";
import { directoryActor } from "@/lib/identity/actor";
import { createSession, newSession } from "@/lib/identity/session";
import { EXPIRED, GOOD } from "@/lib/outgoing/certificates.sample";
import { addDomain, confirmDomain } from "./change-domains";
import { setAttributes, setConnectionOptions, setOidcSettings, setSamlSettings, switchConnection } from "./change-connection";
import { CLIENT_SECRET } from "./connection";
import { createConnection } from "./create-connection";
import { deleteConnection } from "./delete-connection";
import { getConnection, listConnections } from "./queries";

// A connection from its making to its end: what is kept, what is never shown, and what a login depends on.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let slug: string;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
});
beforeEach(() => {
  slug = `s-${newId()}`;
});

const make = (protocol: "saml" | "oidc", provider = "okta") => execute(createConnection, admin, { slug, name: "Okta", provider, protocol });
const read = (connectionId: string) => ask(getConnection, admin, { connection: connectionId });
const saml = { issuer: "https://idp.example/1", ssoUrl: "https://idp.example/sso", ssoBinding: "redirect", sloUrl: "", metadataUrl: "", certificates: GOOD };
const oidc = { issuer: "https://idp.example", clientId: "reeve", scopes: "email profile", clientSecret: "s3cret-of-the-client" };

it("is made as a draft with its provider's names and a directory of its own that no SCIM client gets", async () => {
  await execute(createDirectory, admin, { slug: `${slug.slice(0, 50)}-claims`, name: "Taken", provider: "okta" });
  const { id } = await make("saml", "entra");
  const made = await read(id);
  expect(made).toMatchObject({ state: "draft", protocol: "saml", settings: null, hasSecret: false, version: 1, missing: expect.stringContaining("step 3") });
  expect(made.attributes.groups).toBe("http://schemas.microsoft.com/ws/2008/06/identity/claims/groups");
  const [directory] = await asOwner(db.ownerUrl, "select slug, provider from directory where id = $1", [made.directoryId]);
  expect(directory).toEqual({ slug: `${slug.slice(0, 50)}-claims-2`, provider: "claims" });
  expect((await ask(listDirectories, admin, {})).map((one) => one.id)).not.toContain(made.directoryId);
  await expect(execute(rotateDirectoryToken, admin, { directoryId: made.directoryId })).rejects.toMatchObject({ code: "not_found" });
  const change = { directoryId: made.directoryId, name: "x", provider: "okta", silentAfterHours: 1, holdPercent: 20 };
  await expect(execute(updateDirectory, admin, change)).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(createDirectory, admin, { slug: "c", name: "x", provider: "claims" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(make("saml")).rejects.toMatchObject({ code: "conflict", fields: { slug: expect.any(String) } });
});

it("takes SAML settings, both certificates of a rollover, and raises its version only for a change", async () => {
  const { id } = await make("saml");
  await expect(execute(switchConnection, admin, { connectionId: id, state: "on" })).rejects.toMatchObject({ code: "conflict" });
  await execute(setSamlSettings, admin, { connectionId: id, ...saml, certificates: `${GOOD}${EXPIRED}` });
  await execute(setSamlSettings, admin, { connectionId: id, ...saml, certificates: [GOOD, EXPIRED] });
  const taken = await read(id);
  expect(taken).toMatchObject({ version: 2, missing: null, settings: { issuer: saml.issuer, sloUrl: null, metadataUrl: null, certificates: [GOOD, EXPIRED] } });
  expect(taken.certificates.map((one) => one.endsAt)).toEqual(["2126-11-04T06:31:49.000Z", "2026-11-27T06:31:49.000Z"]);
  const [listed] = (await ask(listConnections, admin, {})).filter((one) => one.id === id);
  expect(listed).toMatchObject({ slug, certificateEndsAt: "2126-11-04T06:31:49.000Z", domains: [], people: 0, checks: null });
  await execute(switchConnection, admin, { connectionId: id, state: "on" });
  expect(await read(id)).toMatchObject({ state: "on", version: 2 });
  await expect(execute(setOidcSettings, admin, { connectionId: id, ...oidc })).rejects.toMatchObject({ code: "conflict" });
  for (const wrong of [{ certificates: "none" }, { ssoUrl: "javascript:alert(1)" }, { issuer: " " }, { ssoBinding: "x" }])
    await expect(execute(setSamlSettings, admin, { connectionId: id, ...saml, ...wrong })).rejects.toMatchObject({ code: "invalid_input" });
});

it("seals the client secret, keeps it where none is given, and shows it nowhere", async () => {
  const { id } = await make("oidc");
  await expect(execute(setOidcSettings, admin, { connectionId: id, ...oidc, clientSecret: "" })).rejects.toMatchObject({
    fields: { clientSecret: expect.any(String) },
  });
  const seq = await lastSeq(db.ownerUrl);
  await execute(setOidcSettings, admin, { connectionId: id, ...oidc });
  await execute(setOidcSettings, admin, { connectionId: id, ...oidc, clientSecret: "", clientId: "reeve-2" });
  const [row] = await asOwner<{ secret_sealed: Buffer }>(db.ownerUrl, "select secret_sealed from sso_connection where id = $1", [id]);
  expect(unseal(CLIENT_SECRET, id, row?.secret_sealed as Buffer)).toBe(oidc.clientSecret);
  expect(() => unseal(CLIENT_SECRET, newId(), row?.secret_sealed as Buffer)).toThrow();
  const shown = await read(id);
  expect(shown).toMatchObject({ hasSecret: true, version: 3, settings: { clientId: "reeve-2", scopes: ["openid", "email", "profile"], endSessionUrl: null } });
  const trail = await asOwner(db.ownerUrl, "select to_jsonb(e) as entry from audit_entry e where seq > $1", [seq]);
  expect(trail).toHaveLength(2);
  expect(JSON.stringify([shown, trail, await ask(getConnection, callAs(acme.people.auditor), { connection: id })])).not.toContain(oidc.clientSecret);
});

it("raises its version for attributes and options, not for a name", async () => {
  const { id } = await make("saml");
  await execute(setAttributes, admin, { connectionId: id, email: "mail", name: "", givenName: "first", familyName: "last", groups: "" });
  expect(await read(id)).toMatchObject({ version: 2, attributes: { email: "mail", name: null, givenName: "first", familyName: "last", groups: null } });
  const options = { connectionId: id, name: "Okta of Acme", makesAccounts: "on" };
  await execute(setConnectionOptions, admin, options);
  expect(await read(id)).toMatchObject({ version: 2, name: "Okta of Acme", makesAccounts: true });
  await execute(setConnectionOptions, admin, { ...options, makesAccounts: false, allowsSha1: "on" });
  expect(await read(id)).toMatchObject({ version: 3, makesAccounts: false, allowsSha1: true, allowsUnsolicited: false });
  const seq = await lastSeq(db.ownerUrl);
  await execute(setConnectionOptions, admin, { ...options, makesAccounts: false, allowsSha1: "on" });
  expect(await trailAfter(db.ownerUrl, seq)).toEqual([]);
});

it("takes with it, when it is deleted, its sessions, its domains and what its groups gave; accounts stay", async () => {
  const { id } = await make("saml");
  const { directoryId } = await read(id);
  const { id: domainId } = await execute(addDomain, admin, { connectionId: id, domain: `${slug}.example` });
  const provider = callAs(directoryActor(acme.id, { name: "Okta" }, { id: newId(), label: "okta" }));
  const state = { userName: `${slug}@x.example`, externalId: null, active: true, email: `${slug}@x.example`, fullName: "", attributes: {} };
  const { id: userId } = await execute(provisionUser, provider, { directoryId, state });
  const [person] = await asOwner<{ principal_id: string }>(db.ownerUrl, "select principal_id from directory_user where id = $1", [userId]);
  const principalId = person?.principal_id as string;
  const group = await execute(provisionGroup, provider, { directoryId, state: { displayName: "ml", externalId: null }, members: [userId] });
  await execute(createGroupRule, admin, { groupId: group.id, role: "viewer", scope: "workspace", workspaceId: acme.own.workspace.id });
  const [mine, other] = [newSession(), newSession()];
  await inScope([], async (tx) => {
    for (const session of [mine, other]) await createSession(tx, principalId, { address: null, userAgent: null }, session);
    await tx.updateTable("session").set({ sso_connection_id: id }).where("id", "=", mine.id).execute();
  });
  await expect(execute(deleteConnection, admin, { connectionId: id, typedName: "okta" })).rejects.toMatchObject({ fields: { typedName: expect.any(String) } });
  await execute(deleteConnection, admin, { connectionId: id, typedName: "Okta" });
  const counts = await asOwner(
    db.ownerUrl,
    `select (select count(*)::int from session where id = $1) as mine, (select count(*)::int from session where id = $2) as other,
      (select count(*)::int from role_grant where principal_id = $3 and valid_to is null) as grants, (select active from principal where id = $3) as account,
      (select count(*)::int from sso_domain where id = $4) as domains`,
    [mine.id, other.id, principalId, domainId],
  );
  expect(counts).toEqual([{ mine: 0, other: 1, grants: 0, account: true, domains: 0 }]);
  await expect(read(id)).rejects.toMatchObject({ code: "not_found" });
  expect((await make("oidc")).id).not.toBe(id);
});

it("neither ends nor switches off while people of a domain sign in through it alone", async () => {
  const { id } = await make("saml");
  await execute(setSamlSettings, admin, { connectionId: id, ...saml });
  await execute(switchConnection, admin, { connectionId: id, state: "on" });
  const { id: domainId } = await execute(addDomain, admin, { connectionId: id, domain: `${slug}.example` });
  await execute(confirmDomain, admin, { domainId, reason: "ours" });
  await asOwner(db.ownerUrl, "update sso_domain set enforced_at = now() where id = $1", [domainId]);
  const refused = { code: "conflict", reason: "enforced" };
  await expect(execute(deleteConnection, admin, { connectionId: id })).rejects.toMatchObject(refused);
  await expect(execute(switchConnection, admin, { connectionId: id, state: "off" })).rejects.toMatchObject(refused);
});
