import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createGroupRule } from "@/lib/group-rules/change-rules";
import { checkPassword } from "@/lib/identity/check-password";
import { hashPassword } from "@/lib/identity/password";
import { actorOfToken } from "@/lib/identity/session";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { callAs, makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { acceptWithLink } from "@/lib/members/accept-invitation";
import { invitePerson } from "@/lib/members/invite-person";
import { arrive, begin, makeConnection, OIDC_ATTRIBUTES } from "./drive.sample";
import { startProvider, type TestProvider } from "./openid-provider.sample";
import type { TestResult } from "./schema";
import { ask } from "@/lib/kernel/query";
import type { Actor } from "@/lib/identity/actor";
import { mySignOns } from "./my-sign-ons";
import { nameGroup } from "./name-group";
import { takeOpenidAnswer } from "./take-answer";
import { waysToSignIn } from "./ways-to-sign-in";

// The whole way of a sign-in, from our redirect to the session and what it changes, against a provider of our own.

const db = useTestDatabase();
let acme: TestOrganization;
let provider: TestProvider;
let domain: string;
let connection: { id: string; slug: string; directoryId: string };

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  process.env.REEVE_ALLOW_NETWORKS = "127.0.0.0/8";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  provider = await startProvider();
});
afterAll(() => provider.stop());

const settings = () => ({ issuer: provider.issuer, clientId: provider.clientId, scopes: ["openid", "email", "profile"], endSessionUrl: null });
const connect = (options: Partial<Parameters<typeof makeConnection>[1]> = {}) =>
  makeConnection({ protocol: "oidc", settings: settings(), secret: provider.secret }, { organizationId: acme.id, domains: [domain], ...options });

beforeEach(async () => {
  provider.behave({});
  domain = `d${newId().slice(-12)}.example`;
  connection = await connect();
});

type Claims = Record<string, unknown>;
type Person = { principalId: string; token: string };

async function through(claims: Claims, mode: "sign_in" | "test" | "link" = "sign_in", as?: Parameters<typeof begin>[2], token?: string) {
  const flow = await begin(connection.id, mode, as);
  const back = provider.login(flow.to, claims);
  return arrive(flow, await takeOpenidAnswer(Object.fromEntries(back.searchParams), testRequest()), token);
}
async function signIn(claims: Claims): Promise<Person> {
  const arrived = await through(claims);
  if ("to" in arrived) throw new Error(`refused: ${await refusal(arrived)}`);
  return arrived;
}
const attemptOf = (arrived: object) => ("to" in arrived ? String(arrived.to) : "").split(/attempt=|attempts\//)[1] ?? newId();
async function refusal(arrived: object): Promise<string | undefined> {
  const rows = await asOwner<{ refusal: string }>(db.ownerUrl, "select refusal from sso_attempt where id = $1", [attemptOf(arrived)]);
  return rows[0]?.refusal;
}
const groupId = async (name: string) =>
  (
    await asOwner<{ id: string }>(db.ownerUrl, "select id from directory_group where directory_id = $1 and display_name = $2", [connection.directoryId, name])
  )[0]?.id as string;
const roles = async (token: string) => (await actorOfToken(token))?.grants.map((grant) => grant.role).filter((role) => role !== "member");
const address = (name = "ada") => `${name}@${domain}`;

describe("whose account it is", () => {
  it("makes one in a proven domain, and finds it again by the subject, not by the address", async () => {
    const seq = await lastSeq(db.ownerUrl);
    const first = await signIn({ sub: "ada-1", email: address(), name: "Ada" });
    expect(await actorOfToken(first.token)).toMatchObject({ email: address(), fullName: "Ada" });
    const trail = await trailAfter(db.ownerUrl, seq);
    expect(trail.map((entry) => entry.action)).toEqual(["sso-identity.signed-on", "session.started"]);
    expect((await signIn({ sub: "ada-1", email: address("byron"), name: "Ada" })).principalId).toBe(first.principalId);
  });

  it("links one that exists by its address, and no other subject to it afterwards", async () => {
    const mira = await makePerson(acme.id, "viewer", acme.own.workspace.id);
    await asOwner(db.ownerUrl, "update principal set email = $2 where id = $1", [mira.id, address("mira")]);
    expect((await signIn({ sub: "mira-1", email: address("MIRA"), name: "Mira" })).principalId).toBe(mira.id);
    expect(await refusal(await through({ sub: "mira-2", email: address("mira"), name: "Mira" }))).toBe("other_account");
  });

  it("SAML-33: refuses an address outside the connection's proven domains", async () => {
    expect(await refusal(await through({ sub: "eve", email: "eve@elsewhere.example" }))).toBe("domain_not_proven");
    await asOwner(db.ownerUrl, "update sso_domain set proof = null, proven_at = null where connection_id = $1", [connection.id]);
    expect(await refusal(await through({ sub: "eve", email: address("eve") }))).toBe("domain_not_proven");
    expect(await asOwner(db.ownerUrl, "select 1 from principal where email = $1", [address("eve")])).toEqual([]);
  });

  it("SAML-34: links a System Admin only from within, as the same person", async () => {
    const root = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    await asOwner(db.ownerUrl, "update principal set email = $2 where id = $1", [root.id, address("root")]);
    const claims = { sub: "root-1", email: address("root"), name: "Root" };
    expect(await refusal(await through(claims))).toBe("needs_proof");
    const session = await arriveAs(root);
    expect(await through(claims, "link", root, session)).toEqual({ to: "/account" });
    const signedIn = await signIn(claims);
    expect(signedIn.principalId).toBe(root.id);
    const mine = await ask(mySignOns, callAs((await actorOfToken(signedIn.token)) as Actor), {});
    expect(mine.find((one) => one.id === connection.id)).toMatchObject({ email: address("root"), linkedAt: expect.any(String) });
    const other = await makePerson(acme.id, "viewer", acme.own.workspace.id);
    expect(await refusal(await through(claims, "link", other, await arriveAs(other)))).toBe("other_account");
    expect(await refusal(await through({ ...claims, sub: "root-2" }, "link", root))).toBe("not_signed_in");
  });

  it("OIDC-13: links no address that the provider calls unverified", async () => {
    for (const email_verified of [false, "false", "no", 0])
      expect(await refusal(await through({ sub: "x", email: address("x"), email_verified }))).toBe("email_unverified");
    for (const email_verified of [true, "true"])
      expect(await signIn({ sub: `v-${email_verified}`, email: address(`v${typeof email_verified}`), email_verified }));
  });

  it("lets nobody in whose account ended, and makes none where the connection makes none", async () => {
    const { principalId, token } = await signIn({ sub: "leaver", email: address("leaver") });
    await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [principalId]);
    expect(await actorOfToken(token)).toBeUndefined();
    expect(await refusal(await through({ sub: "leaver", email: address("leaver") }))).toBe("account_ended");
    connection = await connect({ domains: [], makesAccounts: false });
    domain = `d${newId().slice(-12)}.example`;
    connection = await connect({ makesAccounts: false });
    expect(await refusal(await through({ sub: "new", email: address("new") }))).toBe("no_account");
    expect(await refusal(await through({ sub: "nameless" }))).toBe("no_email");
  });
});

describe("groups at sign-in", () => {
  it("give the roles of rules, and take them when the list no longer names them", async () => {
    await signIn({ sub: "first", email: address("first"), groups: ["ml-viewers", "ml-admins"] });
    const admin = callAs(acme.people["system-admin"]);
    const rule = { role: "viewer", scope: "workspace", workspaceId: acme.own.workspace.id };
    await execute(createGroupRule, admin, { ...rule, groupId: await groupId("ml-viewers") });
    const { token } = await signIn({ sub: "second", email: address("second"), groups: ["ml-viewers"] });
    expect(await roles(token)).toEqual(["viewer"]);
    await signIn({ sub: "second", email: address("second"), groups: [] });
    expect(await roles(token)).toEqual([]);
  });

  it("can be named before anybody brings them, once", async () => {
    const admin = callAs(acme.people["system-admin"]);
    const { id: group } = await execute(nameGroup, admin, { directoryId: connection.directoryId, name: "Awaited" });
    await expect(execute(nameGroup, admin, { directoryId: connection.directoryId, name: "awaited" })).rejects.toMatchObject({ code: "conflict" });
    await execute(createGroupRule, admin, { role: "viewer", scope: "workspace", workspaceId: acme.own.workspace.id, groupId: group });
    const { token } = await signIn({ sub: "awaited", email: address("awaited"), groups: ["awaited"] });
    expect(await roles(token)).toEqual(["viewer"]);
  });

  it("only add where the list is cut short", async () => {
    const { token } = await signIn({ sub: "cut", email: address("cut"), groups: ["ml-viewers"] });
    const rule = { role: "viewer", scope: "workspace", workspaceId: acme.own.workspace.id, groupId: await groupId("ml-viewers") };
    await execute(createGroupRule, callAs(acme.people["system-admin"]), rule);
    expect(await roles(token)).toEqual(["viewer"]);
    for (const overage of [{ _claim_names: { groups: "src1" } }, { hasgroups: true }]) {
      await signIn({ sub: "cut", email: address("cut"), ...overage });
      expect(await roles(token)).toEqual(["viewer"]);
    }
    await signIn({ sub: "cut", email: address("cut") });
    expect(await roles(token)).toEqual([]);
  });

  it("are left alone by a connection that reads none", async () => {
    connection = await connect({ domains: [], attributes: { ...OIDC_ATTRIBUTES, groups: null } });
    await asOwner(db.ownerUrl, "update sso_domain set connection_id = $1 where domain = $2", [connection.id, domain]);
    await signIn({ sub: "g", email: address("g"), groups: ["a"] });
    expect(await asOwner(db.ownerUrl, "select 1 from directory_group where directory_id = $1", [connection.directoryId])).toEqual([]);
  });
});

describe("a test login", () => {
  it("shows what would happen, and changes nothing but the note that it passed", async () => {
    await signIn({ sub: "known", email: address("known"), groups: ["ml-viewers"] });
    const admin = acme.people["system-admin"];
    await execute(createGroupRule, callAs(admin), {
      role: "viewer",
      scope: "workspace",
      workspaceId: acme.own.workspace.id,
      groupId: await groupId("ml-viewers"),
    });
    const session = await arriveAs(admin);
    const arrived = await through({ sub: "new", email: address("new"), name: "New", groups: ["ml-viewers", "others"] }, "test", admin, session);
    expect(arrived).toEqual({ to: expect.stringContaining(`/settings/sso/${connection.slug}/attempts/`) });
    const [row] = await asOwner<{ outcome: string; result: TestResult }>(db.ownerUrl, "select outcome, result from sso_attempt where id = $1", [
      attemptOf(arrived),
    ]);
    expect(row?.outcome).toBe("tested");
    expect(row?.result).toMatchObject({
      email: address("new"),
      groups: ["ml-viewers", "others"],
      account: { effect: "created", refusal: null },
      grants: [{ change: "+", role: "viewer", via: "ml-viewers" }],
    });
    expect(await asOwner(db.ownerUrl, "select 1 from principal where email = $1", [address("new")])).toEqual([]);
    expect(await asOwner(db.ownerUrl, "select tested_version from sso_connection where id = $1", [connection.id])).toEqual([{ tested_version: 1 }]);
  });

  it("is for who may test, and does not pass for a person who would be refused", async () => {
    await expect(begin(connection.id, "test", acme.people.viewer)).rejects.toMatchObject({ code: "forbidden" });
    await expect(begin(connection.id, "test")).rejects.toMatchObject({ code: "forbidden" });
    const admin = acme.people["system-admin"];
    const arrived = await through({ sub: "out", email: "out@elsewhere.example" }, "test", admin, await arriveAs(admin));
    const [row] = await asOwner<{ result: TestResult }>(db.ownerUrl, "select result from sso_attempt where id = $1", [attemptOf(arrived)]);
    expect(row?.result.account).toEqual({ effect: "refused", principalId: null, refusal: "domain_not_proven" });
    expect(await asOwner(db.ownerUrl, "select tested_version from sso_connection where id = $1", [connection.id])).toEqual([{ tested_version: null }]);
  });
});

describe("what a sign-in is worth", () => {
  it("OIDC-10: a code buys one session, in parallel too, and coming again ends it", async () => {
    const flow = await begin(connection.id);
    const back = Object.fromEntries(provider.login(flow.to, { sub: "once", email: address("once") }).searchParams);
    const tos = await Promise.all(Array.from({ length: 8 }, () => takeOpenidAnswer(back, testRequest())));
    const ways = tos.filter((to) => to.includes("code="));
    expect(ways).toHaveLength(1);
    const arrived = await Promise.all(Array.from({ length: 4 }, () => arrive(flow, ways[0] as string)));
    const sessions = arrived.filter((one): one is Person => "token" in one);
    expect(sessions).toHaveLength(1);
    await arrive(flow, ways[0] as string);
    expect(await actorOfToken((sessions[0] as Person).token)).toBeUndefined();
  });

  it("a connection that is off signs nobody in, also not who was on the way", async () => {
    const flow = await begin(connection.id);
    await asOwner(db.ownerUrl, "update sso_connection set state = 'off' where id = $1", [connection.id]);
    await expect(begin(connection.id)).rejects.toMatchObject({ code: "connection_off" });
    const back = Object.fromEntries(provider.login(flow.to, { sub: "late", email: address("late") }).searchParams);
    expect(await refusal({ to: await takeOpenidAnswer(back, testRequest()) })).toBe("connection_off");
  });

  it("each refusal is in the trail and in the attempt, without what the provider sent", async () => {
    const seq = await lastSeq(db.ownerUrl);
    const flow = await begin(connection.id);
    const to = await takeOpenidAnswer(
      { state: new URL(flow.to).searchParams.get("state") ?? "", error: "access_denied", error_description: `<b>${"x".repeat(10_000)}` },
      testRequest("198.51.100.9"),
    );
    expect(await refusal({ to })).toBe("oidc.provider");
    const [row] = await asOwner<{ steps: { detail?: string }[] }>(db.ownerUrl, "select steps from sso_attempt where id = $1", [attemptOf({ to })]);
    expect(row?.steps.at(-1)?.detail?.length).toBeLessThanOrEqual(300);
    expect((await trailAfter(db.ownerUrl, seq)).at(-1)).toMatchObject({ action: "session.refused", outcome: "denied" });
  });
});

describe("an enforced domain", () => {
  it("takes no password, and tells the sign-in page so", async () => {
    const mira = await makePerson(acme.id, "viewer", acme.own.workspace.id);
    await asOwner(db.ownerUrl, "update principal set email = $2 where id = $1", [mira.id, address("mira")]);
    await asOwner(db.ownerUrl, "insert into local_password (principal_id, hash) values ($1, $2)", [mira.id, await hashPassword("a long good password")]);
    expect(await checkPassword(address("mira"), "a long good password", testRequest())).toMatchObject({ status: "right" });
    expect(await waysToSignIn(address("anyone"))).toEqual({ connection: { id: connection.id, name: connection.slug }, password: true });
    await asOwner(db.ownerUrl, "update sso_domain set enforced_at = now() where domain = $1", [domain]);
    expect(await checkPassword(address("mira"), "a long good password", testRequest())).toEqual({ status: "sso_required" });
    expect(await checkPassword(address("mira"), "a wrong password", testRequest())).toEqual({ status: "wrong_pair" });
    expect(await waysToSignIn(address("anyone"))).toMatchObject({ password: false });
    expect(await waysToSignIn("somebody@elsewhere.example")).toEqual({ connection: null, password: true });
  });

  it("takes no password by an invitation either; who signed in first accepts it", async () => {
    await asOwner(db.ownerUrl, "update sso_domain set enforced_at = now() where domain = $1", [domain]);
    const admin = callAs(acme.people["system-admin"], acme.own.workspace);
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const { link } = await execute(invitePerson, admin, { email: address("nora"), role: "viewer", scope: "workspace", until });
    const secret = link.split("#")[1] as string;
    const withPassword = { secret, name: "Nora", password: "five copper lamps glow" };
    await expect(acceptWithLink(withPassword, undefined, testRequest())).rejects.toMatchObject({ code: "conflict", reason: "sso_required" });
    const { principalId, token } = await signIn({ sub: "nora", email: address("nora") });
    expect(await acceptWithLink({ secret }, await actorOfToken(token), testRequest())).toEqual({ principalId, isNew: false });
    expect(await roles(token)).toEqual(["viewer"]);
  });
});

/** A session of somebody who is signed in already. */
async function arriveAs(person: Parameters<typeof begin>[2] & object): Promise<string> {
  const { openSession } = await import("@/lib/identity/start-session");
  return (await openSession(person.id, "test", testRequest())).token;
}
