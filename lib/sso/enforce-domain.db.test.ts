import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { changeGrant } from "@/lib/access/change-grant";
import { endGrant } from "@/lib/access/end-grant";
import { grantRole } from "@/lib/access/grant-role";
import type { Actor } from "@/lib/identity/actor";
import { createSession, newSession } from "@/lib/identity/session";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { GOOD } from "@/lib/outgoing/certificates.sample";
import { setAttributes, setSamlSettings, switchConnection } from "./change-connection";
import { addDomain, confirmDomain, removeDomain } from "./change-domains";
import { createConnection } from "./create-connection";
import { deleteConnection } from "./delete-connection";
import { enforceDomain, stopEnforcingDomain } from "./enforce-domain";
import { checkDomainProof } from "./prove-domain";
import { getConnection, previewEnforcement } from "./queries";

// Domains: nobody speaks for one that is not proven, and none is enforced so that nobody could get in.

const db = useTestDatabase();
let acme: TestOrganization;
/** System Admins: of the domain, and of another one with a password. */
let inside: Actor;
let connectionId: string;
let domain: string;
let domainId: string;

const as = (actor: Actor) => callAs(actor);

beforeAll(async () => {
  acme = await makeTestOrganization();
});

/** A System Admin of a domain, and a connection that it was added to. */
const setUp = async () => {
  domain = `${newId()}.example`;
  inside = await makePerson(acme.id, "system-admin", acme.own.workspace.id, { email: `root@${domain}` });
  const made = await execute(createConnection, as(inside), { slug: `s-${newId()}`, name: "Okta", provider: "okta", protocol: "saml" });
  connectionId = made.id;
  const settings = { issuer: "https://idp.example", ssoUrl: "https://idp.example/sso", ssoBinding: "redirect", certificates: GOOD };
  await execute(setSamlSettings, as(inside), { connectionId, ...settings });
  domainId = (await execute(addDomain, as(inside), { connectionId, domain: domain.toUpperCase() })).id;
};
beforeEach(setUp);

const link = (actor: Actor) =>
  asOwner(db.ownerUrl, "insert into sso_identity (id, connection_id, subject, principal_id, last_at) values ($1, $2, 's', $3, now())", [
    newId(),
    connectionId,
    actor.id,
  ]);
const test = () => asOwner(db.ownerUrl, "update sso_connection set tested_version = version, tested_at = now() where id = $1", [connectionId]);
const enforce = (actor = inside) => execute(enforceDomain, as(actor), { domainId });
const refusal = (message: string) => ({ code: "conflict", message: expect.stringContaining(message) });

async function session(actor: Actor, kind: "sign_in" | "emergency" = "sign_in", through: string | null = null): Promise<string> {
  const { id, token } = newSession();
  await inScope([], async (tx) => {
    await createSession(tx, actor.id, { address: null, userAgent: null }, { id, token, kind });
    await tx.updateTable("session").set({ sso_connection_id: through }).where("id", "=", id).execute();
  });
  return id;
}

async function ready(): Promise<void> {
  await execute(confirmDomain, as(inside), { domainId, reason: "we hold it" });
  await execute(switchConnection, as(inside), { connectionId, state: "on" });
  await test();
  await link(inside);
}

it("proves a domain by its TXT record, in pieces or among others, and by nothing else", async () => {
  const { domains } = await ask(getConnection, as(inside), { connection: connectionId });
  const { name, value } = domains[0]?.record ?? { name: "", value: "" };
  expect(name).toBe(`_reeve-challenge.${domain}`);
  const asked: string[] = [];
  const answer = (...records: string[][]) =>
    checkDomainProof(as(inside), { domainId }, async (of) => {
      asked.push(of);
      return records;
    });
  await expect(answer()).rejects.toMatchObject(refusal("no TXT record"));
  await expect(answer(["v=spf1"], [`${value}x`])).rejects.toMatchObject(refusal("another TXT record"));
  const away = (code: string) => checkDomainProof(as(inside), { domainId }, () => Promise.reject(Object.assign(new Error(code), { code })));
  await expect(away("ENOTFOUND")).rejects.toMatchObject(refusal("no TXT record"));
  await expect(away("ETIMEOUT")).rejects.toMatchObject({ code: "unavailable" });
  await answer(["v=spf1"], [value.slice(0, 20), value.slice(20)]);
  expect(new Set(asked)).toEqual(new Set([name]));
  const proven = await ask(getConnection, as(inside), { connection: connectionId });
  expect(proven.domains).toMatchObject([{ domain, proof: "dns", enforcedAt: null }]);
});

it("asks DNS for nobody who may not change the connection", async () => {
  let asked = 0;
  const resolve = async () => {
    asked++;
    return [];
  };
  await expect(checkDomainProof(as(acme.people.auditor), { domainId }, resolve)).rejects.toMatchObject({ code: "forbidden" });
  await expect(checkDomainProof(as(acme.people.viewer), { domainId }, resolve)).rejects.toMatchObject({ code: "not_found" });
  expect(asked).toBe(0);
});

it("takes a System Admin's word with its reason, and a domain only once", async () => {
  await expect(execute(confirmDomain, as(inside), { domainId, reason: " " })).rejects.toMatchObject({ code: "invalid_input" });
  const seq = await lastSeq(db.ownerUrl);
  await execute(confirmDomain, as(inside), { domainId, reason: "air-gapped" });
  expect(await trailAfter(db.ownerUrl, seq)).toMatchObject([{ action: "sso-domain.confirmed", reason: "air-gapped", target_name: domain }]);
  await expect(execute(addDomain, as(inside), { connectionId, domain })).rejects.toMatchObject({ code: "conflict" });
});

it("is refused, with what is missing, until nobody is locked out", async () => {
  await expect(enforce()).rejects.toMatchObject(refusal("not proven"));
  await execute(confirmDomain, as(inside), { domainId, reason: "ours" });
  await expect(enforce()).rejects.toMatchObject(refusal("not switched on"));
  await execute(switchConnection, as(inside), { connectionId, state: "on" });
  await expect(enforce()).rejects.toMatchObject(refusal("No test login"));
  await test();
  await execute(setAttributes, as(inside), { connectionId, email: "mail" });
  await expect(enforce()).rejects.toMatchObject(refusal("changed since"));
  await test();
  await expect(enforce()).rejects.toMatchObject(refusal("No System Admin"));
  const outside = await makePerson(acme.id, "system-admin", acme.own.workspace.id, { password: "four words of some length" });
  await expect(enforce()).rejects.toMatchObject(refusal("You could not sign in"));
  expect((await ask(previewEnforcement, as(inside), { domainId })).refusal).toContain("You could not sign in");
  await enforce(outside);
  await asOwner(db.ownerUrl, "delete from local_password where principal_id = $1", [outside.id]);
});

it("counts no admin who is denied, has ended, or is linked to a connection that is off", async () => {
  await ready();
  await asOwner(db.ownerUrl, "update sso_connection set state = 'off' where id = $1", [connectionId]);
  expect(await ask(previewEnforcement, as(inside), { domainId })).toMatchObject({ admins: 0 });
  await asOwner(db.ownerUrl, "update sso_connection set state = 'on' where id = $1", [connectionId]);
  expect(await ask(previewEnforcement, as(inside), { domainId })).toMatchObject({ admins: 1, refusal: null });
  await asOwner(db.ownerUrl, "update role_grant set valid_to = now() + interval '1 day' where principal_id = $1", [inside.id]);
  await expect(enforce()).rejects.toMatchObject(refusal("No System Admin"));
});

it("ends what came in another way at once, save the actor's own session, and nobody else's", async () => {
  await ready();
  const secret = "four words of some length";
  const [local, stranger] = [
    await makePerson(acme.id, "viewer", acme.own.workspace.id, { email: `Mira@${domain.toUpperCase()}`, password: secret }),
    await makePerson(acme.id, "viewer", acme.own.workspace.id, { email: `mira@sub.${domain}`, password: secret }),
  ];
  const mine = await session(inside);
  const own = { ...inside, credential: { kind: "session" as const, id: mine, label: "browser session" } };
  const kept = [mine, await session(local, "emergency"), await session(local, "sign_in", connectionId), await session(stranger)];
  const ended = [await session(local), await session(inside)];
  expect(await ask(previewEnforcement, as(own), { domainId })).toMatchObject({
    sessions: 2,
    total: 1,
    strangers: [{ principalId: local.id, isSystemAdmin: false }],
  });
  const epochs = () => asOwner(db.ownerUrl, "select epoch from principal where id = any($1) order by id", [[local.id, stranger.id]]);
  const before = await epochs();
  expect(await enforce(own)).toMatchObject({ sessions: 2 });
  const rows = await asOwner<{ id: string }>(db.ownerUrl, "select id from session where id = any($1)", [[...kept, ...ended]]);
  expect(rows.map((row) => row.id).sort()).toEqual([...kept].sort());
  expect((await epochs()).filter((row, at) => row.epoch !== before[at]?.epoch)).toHaveLength(1);
  await expect(execute(removeDomain, as(own), { domainId })).rejects.toMatchObject({ code: "conflict", reason: "enforced" });
  await execute(stopEnforcingDomain, as(own), { domainId });
  await execute(removeDomain, as(own), { domainId });
  expect((await ask(getConnection, as(own), { connection: connectionId })).domains).toEqual([]);
});

describe("once a domain is enforced, the last System Admin who can sign in stays", () => {
  // An organization of its own for each: what another test enforced is no matter of these.
  beforeEach(async () => {
    acme = await makeTestOrganization();
    await setUp();
  });

  const LAST = { code: "forbidden", reason: "last_system_admin_who_gets_in" };
  /** A System Admin like those who were made with a password that holds no more: counted as one, and with no way in. */
  const other = () => acme.people["system-admin"];
  const deactivate = (person: Actor) => execute(deactivatePerson, as(other()), { principalId: person.id, reason: "left" });
  const grantOf = async (person: Actor) =>
    (await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where principal_id = $1 and valid_to is null", [person.id]))[0]?.id;

  it("whoever tries to end their account or their grant, or to give it an end or a deny", async () => {
    await ready();
    await enforce();
    const grantId = await grantOf(inside);
    await expect(deactivate(inside)).rejects.toMatchObject(LAST);
    await expect(execute(endGrant, as(other()), { grantId, reason: "" })).rejects.toMatchObject(LAST);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    await expect(execute(changeGrant, as(other()), { grantId, role: "system-admin", until, reason: "" })).rejects.toMatchObject(LAST);
    const deny = { principalId: inside.id, role: "auditor", effect: "deny", scope: "organization", reason: "" };
    await expect(execute(grantRole, as(other()), deny)).rejects.toMatchObject({ code: "forbidden" });
    expect(await asOwner(db.ownerUrl, "select active from principal where id = $1", [inside.id])).toEqual([{ active: true }]);
    const refusals = await asOwner(db.ownerUrl, "select outcome from audit_entry where reason = $1 and organization_id = $2", [LAST.reason, acme.id]);
    expect(refusals.length).toBeGreaterThanOrEqual(3);
  });

  it("until another one can, or the domain is not enforced any more", async () => {
    await ready();
    await enforce();
    const second = await makePerson(acme.id, "system-admin", acme.own.workspace.id, { email: `second@${domain}` });
    await expect(deactivate(inside)).rejects.toMatchObject(LAST);
    await asOwner(db.ownerUrl, "insert into sso_identity (id, connection_id, subject, principal_id) values ($1, $2, 's2', $3)", [
      newId(),
      connectionId,
      second.id,
    ]);
    await deactivate(inside);
    await expect(deactivate(second)).rejects.toMatchObject(LAST);
    await execute(stopEnforcingDomain, as(other()), { domainId });
    await deactivate(second);
  });

  it("and leavers go, admins with no way in too: they are no matter of it", async () => {
    await ready();
    await enforce();
    await deactivate(await makePerson(acme.id, "viewer", acme.own.workspace.id, { email: `leaver@${domain}` }));
    const shut = await makePerson(acme.id, "system-admin", acme.own.workspace.id, { email: `shut@${domain}`, password: "four words of some length" });
    await deactivate(shut);
    // Nobody can sign in any more, by whatever went wrong: who leaves is still let go.
    await asOwner(db.ownerUrl, "delete from sso_identity where principal_id = $1", [inside.id]);
    await deactivate(await makePerson(acme.id, "viewer", acme.own.workspace.id, { email: `leaver-2@${domain}` }));
  });

  it("AZ-7: their connection is neither switched off nor deleted, though no domain is enforced through it", async () => {
    await ready();
    await enforce();
    const outside = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    const made = await execute(createConnection, as(inside), { slug: `s-${newId()}`, name: "Second", provider: "okta", protocol: "saml" });
    const settings = { issuer: "https://second.example", ssoUrl: "https://second.example/sso", ssoBinding: "redirect", certificates: GOOD };
    await execute(setSamlSettings, as(inside), { connectionId: made.id, ...settings });
    await execute(switchConnection, as(inside), { connectionId: made.id, state: "on" });
    await asOwner(db.ownerUrl, "insert into sso_identity (id, connection_id, subject, principal_id) values ($1, $2, 's3', $3)", [newId(), made.id, outside.id]);
    await deactivate(inside);
    await expect(execute(switchConnection, as(outside), { connectionId: made.id, state: "off" })).rejects.toMatchObject(LAST);
    await expect(execute(deleteConnection, as(outside), { connectionId: made.id, typedName: "Second" })).rejects.toMatchObject(LAST);
    await asOwner(db.ownerUrl, "insert into local_password (principal_id, hash) values ($1, 'x')", [outside.id]);
    await execute(switchConnection, as(outside), { connectionId: made.id, state: "off" });
  });
});
