import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createDirectory, rotateDirectoryToken, updateDirectory } from "@/lib/directories/change-directory";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { tries } from "@/lib/kernel/soak";
import { openSession } from "@/lib/identity/start-session";
import { actorOfToken } from "@/lib/identity/session";
import { testRequest } from "@/lib/kernel/test-organization";
import { serveScim } from "./serve";

// ATTACKS §6, and the request sequences of Okta and Entra (PROTOCOLS §6.3), against the endpoint as its clients call it.

const db = useTestDatabase();
let acme: TestOrganization;
type Connected = { id: string; slug: string; token: string };
let okta: Connected;
let entra: Connected;

// biome-ignore lint/suspicious/noExplicitAny: an outside format, read as it comes
type Answer = { status: number; body: any; headers: Headers };

async function connect(provider: "okta" | "entra"): Promise<Connected> {
  const made = await execute(createDirectory, callAs(acme.people["system-admin"]), { slug: `${provider}-${newId().slice(-12)}`, name: provider, provider });
  return { id: made.id, slug: made.slug, token: made.token };
}

async function call(directory: Connected, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const url = new URL(`http://localhost:3000/api/scim/v2/${directory.slug}${path}`);
  const request = new Request(url, {
    method,
    headers: { authorization: `Bearer ${directory.token}`, "content-type": "application/scim+json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const response = await serveScim(request);
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined, headers: response.headers };
}

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const patch = (...Operations: unknown[]) => ({ schemas: [PATCH], Operations });
const filtered = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;
const address = () => `p-${newId()}@example.com`;

async function user(directory: Connected, more: Record<string, unknown> = {}): Promise<{ id: string; userName: string }> {
  const userName = address();
  const { status, body } = await call(directory, "POST", "/Users", { schemas: [USER], userName, active: true, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return { id: body.id, userName: body.userName };
}

const account = async (email: string) =>
  (
    await asOwner<{ id: string; active: boolean; ended_by: string | null; full_name: string }>(
      db.ownerUrl,
      "select id, active, ended_by, full_name from principal where lower(email) = lower($1)",
      [email],
    )
  )[0];

async function members(directory: Connected, groupId: string): Promise<string[]> {
  const { body } = await call(directory, "GET", `/Groups/${groupId}`);
  return body.members.map((member: { value: string }) => member.value).sort();
}

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
});

beforeEach(async () => {
  okta = await connect("okta");
  entra = await connect("entra");
});

describe("what Okta sends", () => {
  it("tests, matches, creates, updates by PUT, deactivates without a path, and comes back", async () => {
    expect((await call(okta, "GET", "/Users?startIndex=1&count=2")).body).toMatchObject({ totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] });
    expect((await call(okta, "GET", "/Groups?startIndex=1&count=100")).status).toBe(200);
    const userName = address();
    expect((await call(okta, "GET", `${filtered(`userName eq "${userName}"`)}&startIndex=1&count=100`)).body.totalResults).toBe(0);
    const sent = {
      schemas: [USER],
      userName,
      name: { givenName: "Ada", familyName: "Byron" },
      emails: [{ primary: true, value: userName, type: "work" }],
      displayName: "Ada Byron",
      locale: "en-US",
      externalId: "00ujl29u0le5T6Aj10h7",
      groups: [],
      password: "1mz050nq",
      active: true,
    };
    const made = await call(okta, "POST", "/Users", sent);
    expect(made.status).toBe(201);
    expect(made.headers.get("content-type")).toBe("application/scim+json; charset=utf-8");
    expect(made.body).toMatchObject({ schemas: [USER], userName, externalId: sent.externalId, active: true, name: sent.name, meta: { resourceType: "User" } });
    expect(JSON.stringify(made.body)).not.toContain("1mz050nq");
    expect(await account(userName)).toMatchObject({ active: true, full_name: "Ada Byron" });
    const again = await call(okta, "POST", "/Users", sent);
    expect([again.status, again.body.scimType, again.body.status]).toEqual([409, "uniqueness", "409"]);

    const put = await call(okta, "PUT", `/Users/${made.body.id}`, {
      ...sent,
      id: made.body.id,
      name: { givenName: "Ada", familyName: "King" },
      displayName: "Ada King",
      active: undefined,
    });
    expect([put.status, put.body.name.familyName, put.body.active]).toEqual([200, "King", true]);
    expect(await account(userName)).toMatchObject({ active: true, full_name: "Ada King" });

    const off = await call(okta, "PATCH", `/Users/${made.body.id}`, patch({ op: "replace", value: { active: false } }));
    expect([off.status, off.body.active]).toEqual([200, false]);
    expect(await account(userName)).toMatchObject({ active: false, ended_by: "directory" });
    expect((await call(okta, "PATCH", `/Users/${made.body.id}`, patch({ op: "replace", value: { active: true } }))).body.active).toBe(true);
    expect(await account(userName)).toMatchObject({ active: true, ended_by: null });
  });

  it("pushes a group, renames it with its id, adds, removes and replaces members, unlinks it", async () => {
    const [ada, bob, cyd] = [await user(okta), await user(okta), await user(okta)];
    const made = await call(okta, "POST", "/Groups", { displayName: "ds-contributors", members: [{ value: ada.id, display: ada.userName }] });
    expect(made.status).toBe(201);
    const id = made.body.id as string;
    const named = await call(okta, "PATCH", `/Groups/${id}`, patch({ op: "replace", value: { id, displayName: "ds-all" } }));
    expect([named.status, named.body.displayName]).toEqual([200, "ds-all"]);
    expect(await members(okta, id)).toEqual([ada.id]);
    await call(okta, "PATCH", `/Groups/${id}`, patch({ op: "add", path: "members", value: [{ value: bob.id }, { value: cyd.id }] }));
    await call(okta, "PATCH", `/Groups/${id}`, patch({ op: "remove", path: `members[value eq "${ada.id}"]` }));
    expect(await members(okta, id)).toEqual([bob.id, cyd.id].sort());
    await call(okta, "PATCH", `/Groups/${id}`, patch({ op: "replace", path: "members", value: [{ value: ada.id }] }));
    expect(await members(okta, id)).toEqual([ada.id]);
    expect((await call(okta, "DELETE", `/Groups/${id}`)).status).toBe(204);
    expect((await call(okta, "GET", `/Groups/${id}`)).status).toBe(404);
  });
});

describe("what Entra sends", () => {
  it("tests, creates, patches with capitals, texts for booleans, dotted and URN keys, makes what a filter names, and deletes", async () => {
    const probe = await call(entra, "GET", filtered(`userName eq "${newId()}"`));
    expect([probe.status, probe.body.totalResults]).toEqual([200, 0]);
    const userName = address();
    const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    const made = await call(entra, "POST", "/Users", {
      schemas: [USER, ENTERPRISE],
      externalId: "e-1",
      userName,
      active: true,
      displayName: "Grace",
      meta: { resourceType: "User" },
      [ENTERPRISE]: { department: "R&D" },
    });
    expect(made.status).toBe(201);
    const id = made.body.id as string;
    expect((await call(entra, "GET", filtered(`externalId eq "e-1"`))).body.Resources[0].id).toBe(id);
    expect((await call(entra, "GET", filtered(`userName eq "${userName.toUpperCase()}"`))).body.totalResults).toBe(1);
    const patched = await call(
      entra,
      "PATCH",
      `/Users/${id}`,
      patch(
        { op: "Replace", path: "displayName", value: "Grace Hopper" },
        { op: "Add", path: 'emails[type eq "work"].value', value: userName },
        { op: "Add", path: `${ENTERPRISE}:manager`, value: "m-7" },
        { op: "Replace", value: { "name.familyName": "Hopper", [`${ENTERPRISE}:department`]: "Navy", madeUp: "x" } },
      ),
    );
    expect(patched.status).toBe(200);
    expect(patched.body).toMatchObject({
      displayName: "Grace Hopper",
      name: { familyName: "Hopper" },
      emails: [{ type: "work", value: userName }],
      [ENTERPRISE]: { department: "Navy", manager: { value: "m-7" } },
    });
    expect(patched.body.madeUp).toBeUndefined();
    const off = await call(entra, "PATCH", `/Users/${id}`, patch({ op: "Replace", path: "active", value: "False" }));
    expect([off.status, off.body.active]).toEqual([200, false]);
    expect((await account(userName))?.active).toBe(false);
    expect((await call(entra, "DELETE", `/Users/${id}`)).status).toBe(204);
    expect((await call(entra, "GET", `/Users/${id}`)).status).toBe(404);
  });

  it("makes a group without members, adds by Add, removes by a list of values, reads it without members", async () => {
    const [ada, bob] = [await user(entra), await user(entra)];
    const made = await call(entra, "POST", "/Groups", { displayName: "ml-viewers", externalId: "g-1" });
    const id = made.body.id as string;
    for (const member of [ada, bob]) await call(entra, "PATCH", `/Groups/${id}`, patch({ op: "Add", path: "members", value: [{ value: member.id }] }));
    expect(await members(entra, id)).toEqual([ada.id, bob.id].sort());
    expect((await call(entra, "GET", `/Groups/${id}?excludedAttributes=members`)).body.members).toBeUndefined();
    expect((await call(entra, "GET", `/Groups?excludedAttributes=members&filter=${encodeURIComponent('displayName eq "ML-viewers"')}`)).body).toMatchObject({
      totalResults: 1,
      Resources: [{ id }],
    });
    await call(entra, "PATCH", `/Groups/${id}`, patch({ op: "Remove", path: "members", value: [{ value: ada.id }] }));
    expect(await members(entra, id)).toEqual([bob.id]);
    expect((await call(entra, "PATCH", `/Groups/${id}`, patch({ op: "Remove", path: "members", value: [{ value: ada.id }] }))).status).toBe(200);
  });
});

describe("ATTACKS §6", () => {
  it("SCIM-1: no token, a wrong one, another directory's, an unknown directory: one answer", async () => {
    const cases: Connected[] = [
      { ...okta, token: "" },
      { ...okta, token: `reeve_scim_${"a".repeat(43)}` },
      { ...okta, token: entra.token },
      { ...okta, slug: "nowhere" },
    ];
    const answers = await Promise.all(cases.map((one) => call(one, "GET", "/Users")));
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
  });

  it("SCIM-2: a directory that is off refuses with its own error, and changes nothing", async () => {
    const one = await user(okta);
    await execute(updateDirectory, callAs(acme.people["system-admin"]), {
      directoryId: okta.id,
      name: "Okta",
      provider: "okta",
      silentAfterHours: 48,
      holdPercent: 20,
      active: false,
    });
    const answer = await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", value: { active: false } }));
    expect([answer.status, answer.body.schemas]).toEqual([403, ["urn:ietf:params:scim:api:messages:2.0:Error"]]);
    expect((await account(one.userName))?.active).toBe(true);
  });

  it("SCIM-3: another directory's people and groups are not there", async () => {
    const theirs = await user(entra);
    const group = (await call(entra, "POST", "/Groups", { displayName: "theirs" })).body.id as string;
    const asked = await Promise.all([
      call(okta, "GET", `/Users/${theirs.id}`),
      call(okta, "PATCH", `/Users/${theirs.id}`, patch({ op: "replace", value: { active: false } })),
      call(okta, "PUT", `/Users/${theirs.id}`, { userName: "x@example.com" }),
      call(okta, "DELETE", `/Users/${theirs.id}`),
      call(okta, "GET", `/Groups/${group}`),
      call(okta, "DELETE", `/Groups/${group}`),
    ]);
    expect(asked.map((answer) => answer.status)).toEqual([404, 404, 404, 404, 404, 404]);
    const mine = (await call(okta, "POST", "/Groups", { displayName: "mine" })).body.id as string;
    expect((await call(okta, "PATCH", `/Groups/${mine}`, patch({ op: "add", path: "members", value: [{ value: theirs.id }] }))).status).toBe(400);
    expect((await account(theirs.userName))?.active).toBe(true);
  });

  it.each([
    [false, 200, false],
    ["False", 200, false],
    ["false", 200, false],
    [0, 400, true],
    [null, 400, true],
    [undefined, 400, true],
  ])("SCIM-4: active as %j", async (value, status, stays) => {
    const one = await user(okta);
    expect((await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", path: "active", value }))).status).toBe(status);
    expect((await account(one.userName))?.active).toBe(stays);
  });

  it.each([
    patch({ op: "Replace", path: "name.familyName", value: "King" }),
    patch({ op: "replace", path: "name", value: { familyName: "King" } }),
    patch({ op: "REPLACE", value: { name: { familyName: "King" } } }),
    patch({ op: "replace", value: { "name.familyName": "King" } }),
    patch({ op: "Replace", path: `${USER}:name.familyName`, value: "King" }),
  ])("SCIM-5: the same in each dialect %#", async (body) => {
    const one = await user(okta, { name: { givenName: "Ada", familyName: "Byron" } });
    expect((await call(okta, "PATCH", `/Users/${one.id}`, body)).body.name).toEqual({ givenName: "Ada", familyName: "King" });
  });

  it("SCIM-6, SCIM-7: members go by filter, by values, and all at once; twice added is once there", async () => {
    const people = [await user(okta), await user(okta), await user(okta)];
    const ids = people.map((one) => one.id);
    const { body } = await call(okta, "POST", "/Groups", { displayName: "g", members: [...ids, ...ids].map((value) => ({ value })) });
    expect(await members(okta, body.id)).toEqual([...ids].sort());
    await call(
      okta,
      "PATCH",
      `/Groups/${body.id}`,
      patch({ op: "add", path: "members", value: [{ value: ids[0] }] }, { op: "add", path: "members", value: [{ value: ids[0] }] }),
    );
    expect(await members(okta, body.id)).toEqual([...ids].sort());
    await call(okta, "PATCH", `/Groups/${body.id}`, patch({ op: "remove", path: `members[value eq "${ids[0]}"]` }));
    expect(await members(okta, body.id)).toEqual(ids.slice(1).sort());
    await call(okta, "PATCH", `/Groups/${body.id}`, patch({ op: "remove", path: "members", value: [{ value: ids[1] }] }));
    expect(await members(okta, body.id)).toEqual([ids[2]]);
    await call(okta, "PATCH", `/Groups/${body.id}`, patch({ op: "remove", path: "members" }));
    expect(await members(okta, body.id)).toEqual([]);
  });

  it("SCIM-8, SCIM-9: filters find the right rows, or are refused; never all rows, never a 500", async () => {
    const [ada, bob] = [
      await user(okta, { displayName: 'Ada "the" first', title: "Lead", emails: [{ value: address(), type: "work", primary: true }] }),
      await user(okta, { displayName: "Bob", active: false }),
    ];
    const found = async (filter: string) => {
      const { status, body } = await call(okta, "GET", filtered(filter));
      return status === 200 ? body.Resources.map((one: { id: string }) => (one.id === ada.id ? "ada" : "bob")).join() : `${status} ${body.scimType}`;
    };
    const cases: [string, string][] = [
      ['userName eq "nobody@example.com"', ""],
      [`userName eq "${ada.userName}"`, "ada"],
      [`USERNAME EQ "${ada.userName.toUpperCase()}"`, "ada"],
      [`${USER}:userName eq "${ada.userName}"`, "ada"],
      [`userName ne "${ada.userName}"`, "bob"],
      ['displayName co "THE"', "ada"],
      ['displayName sw "bo"', "bob"],
      ['displayName ew "first"', "ada"],
      ['displayName eq "Ada \\"the\\" first"', "ada"],
      ["title pr", "ada"],
      ["not (title pr)", "bob"],
      ["active eq false", "bob"],
      ['active eq "True"', "ada"],
      [`active eq true and (title pr or displayName eq "Bob")`, "ada"],
      [`userName eq "${ada.userName}" or userName eq "${bob.userName}"`, "ada,bob"],
      ['emails[type eq "work" and value co "@example.com"]', "ada"],
      ['emails[type eq "home"]', ""],
      ['emails.value co "@example.com"', "ada"],
      ['meta.created gt "2020-01-01T00:00:00Z"', "ada,bob"],
      ['meta.lastModified lt "2020-01-01T00:00:00Z"', ""],
      ["title eq null", "bob"],
      ['password eq "x"', "400 invalidFilter"],
      ["userName eq", "400 invalidFilter"],
      ["userName", "400 invalidFilter"],
      ['userName eq "x', "400 invalidFilter"],
      ['(userName eq "x"', "400 invalidFilter"],
      ['userName eq "x") or (userName pr', "400 invalidFilter"],
      ['userName xx "x"', "400 invalidFilter"],
      ["active gt true", "400 invalidFilter"],
      ["userName eq 7", "400 invalidFilter"],
      ['constructor eq "x"', "400 invalidFilter"],
      [`${"(".repeat(60)}userName pr${")".repeat(60)}`, "400 invalidFilter"],
    ];
    for (const [filter, wanted] of cases) expect(await found(filter), filter).toBe(wanted);
  });

  it("SCIM-10: what looks like SQL or a pattern is text", async () => {
    const one = await user(okta);
    for (const value of ["' or 1=1 --", "%", "_", ".*", "x'); drop table principal; --", "\\\\"])
      for (const op of ["eq", "co", "sw"]) {
        const { status, body } = await call(okta, "GET", filtered(`displayName ${op} "${value}"`));
        expect([status, body.totalResults], value).toEqual([200, 0]);
      }
    expect((await call(okta, "GET", `/Users/${one.id}`)).status).toBe(200);
  });

  it("SCIM-11: a user name is taken in any case", async () => {
    const one = await user(okta);
    const again = await call(okta, "POST", "/Users", { userName: one.userName.toUpperCase() });
    expect([again.status, again.body.scimType]).toEqual([409, "uniqueness"]);
  });

  it("SCIM-12: PUT clears what it leaves out, and keeps id, account and activity", async () => {
    const one = await user(okta, { externalId: "x-1", title: "Lead" });
    const before = await account(one.userName);
    const { body } = await call(okta, "PUT", `/Users/${one.id}`, { userName: one.userName });
    expect(body).toMatchObject({ id: one.id, userName: one.userName, active: true });
    expect(body.title).toBeUndefined();
    expect((await account(one.userName))?.id).toBe(before?.id);
  });

  it("SCIM-13: a stale version is refused; the right one is taken; an unchanged thing is 304", async () => {
    const one = await user(okta);
    const path = `/Users/${one.id}`;
    const change = patch({ op: "replace", path: "title", value: "a" });
    expect((await call(okta, "PATCH", path, change, { "if-match": 'W/"9"' })).status).toBe(412);
    const etag = (await call(okta, "GET", path)).headers.get("etag") as string;
    expect((await call(okta, "PATCH", path, change, { "if-match": etag })).status).toBe(200);
    expect((await call(okta, "DELETE", path, undefined, { "if-match": etag })).status).toBe(412);
    const now = (await call(okta, "GET", path)).headers.get("etag") as string;
    expect((await call(okta, "GET", path, undefined, { "if-none-match": now })).status).toBe(304);
  });

  it("SCIM-14: five times the same, and many at once, end as one", async () => {
    const one = await user(okta);
    const { body: group } = await call(okta, "POST", "/Groups", { displayName: "g" });
    const add = () => call(okta, "PATCH", `/Groups/${group.id}`, patch({ op: "add", path: "members", value: [{ value: one.id }] }));
    expect((await Promise.all([add(), add(), add(), add(), add()])).map((answer) => answer.status)).toEqual([200, 200, 200, 200, 200]);
    expect(await members(okta, group.id)).toEqual([one.id]);
    for (let n = 0; n < 5; n++) expect((await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", value: { active: false } }))).status).toBe(200);
    expect((await account(one.userName))?.active).toBe(false);
  });

  it("SCIM-15: who was deleted stays out until provisioned again", async () => {
    const one = await user(okta);
    const before = await account(one.userName);
    await call(okta, "DELETE", `/Users/${one.id}`);
    expect(await account(one.userName)).toMatchObject({ active: false, ended_by: "directory" });
    const again = await call(okta, "POST", "/Users", { userName: one.userName });
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(one.id);
    expect(await account(one.userName)).toMatchObject({ id: before?.id, active: true });
  });

  it("SCIM-16: the last System Admin stays, with an entry of the refusal; a local one is never taken over by an address", async () => {
    const taken = await call(okta, "POST", "/Users", { userName: acme.people["system-admin"].email });
    expect([taken.status, taken.body.scimType]).toEqual([409, "uniqueness"]);
    const one = await user(okta);
    const id = (await account(one.userName))?.id as string;
    await asOwner(
      db.ownerUrl,
      "insert into role_grant (id, organization_id, principal_id, role, scope_kind, source) values ($1, $2, $3, 'system-admin', 'organization', 'person')",
      [newId(), acme.id, id],
    );
    await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [acme.people["system-admin"].id]);
    const before = await lastSeq(db.ownerUrl);
    try {
      const refused = await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", value: { active: false } }));
      expect(refused.status).toBe(403);
      expect((await account(one.userName))?.active).toBe(true);
      expect((await trailAfter(db.ownerUrl, before)).at(-1)).toMatchObject({ outcome: "denied", reason: "last_system_admin", actor_name: "okta" });
    } finally {
      await asOwner(db.ownerUrl, "update principal set active = true where id = $1", [acme.people["system-admin"].id]);
    }
  });

  it("SCIM-17: a deactivation ends the sessions before it is answered; what a person of ours ended stays ended", async () => {
    const one = await user(okta);
    const id = (await account(one.userName))?.id as string;
    const { token } = await openSession(id, "test", testRequest());
    expect(await actorOfToken(token)).toBeDefined();
    await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", value: { active: false } }));
    expect(await actorOfToken(token)).toBeUndefined();
    await asOwner(db.ownerUrl, "update principal set ended_by = 'person' where id = $1", [id]);
    expect((await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", value: { active: true } }))).status).toBe(200);
    expect((await account(one.userName))?.active).toBe(false);
  });

  it("SCIM-20: a first sync of many and their groups, killed half-way and begun again, as often as it takes", { timeout: 900_000 }, async () => {
    const [people, groups] = [tries(10_000), tries(500)];
    const names = Array.from({ length: people }, (_, n) => `n${n}-${okta.slug}@example.com`);
    const ids = new Map<string, string>();
    /** What a directory's client does of a person that it doesn't know to be there. */
    const sync = async (userName: string) => {
      const found = await call(okta, "GET", filtered(`userName eq "${userName}"`));
      const { body } = found.body.totalResults > 0 ? { body: found.body.Resources[0] } : await call(okta, "POST", "/Users", { userName, active: true });
      ids.set(userName, body.id);
    };
    const run = async (until: number) => {
      let next = 0;
      const worker = async () => {
        while (next < until) await sync(names[next++] as string);
      };
      await Promise.all(Array.from({ length: 8 }, worker));
    };
    await run(Math.floor(people / 2));
    ids.clear(); // the killed client forgot all; some of its last requests were done all the same
    const lost = names.slice(Math.floor(people / 2), Math.floor(people / 2) + 3);
    await Promise.all(lost.map((userName) => call(okta, "POST", "/Users", { userName, active: true })));
    await run(people);
    const pages = Array.from({ length: Math.ceil(people / 1_000) }, (_, page) => call(okta, "GET", `/Users?startIndex=${page * 1_000 + 1}&count=1000`));
    const read = (await Promise.all(pages)).flatMap((page) => page.body.Resources.map((one: { id: string }) => one.id));
    expect([read.length, new Set(read).size]).toEqual([people, people]);
    expect(new Set(ids.values())).toEqual(new Set(read));
    for (let group = 0; group < groups; group++) {
      const of = names.filter((_, n) => n % groups === group).map((name) => ({ value: ids.get(name) }));
      const { status, body } = await call(okta, "POST", "/Groups", { displayName: `group-${group}`, members: of });
      expect([status, body.members.length]).toEqual([201, of.length]);
    }
    const { body } = await call(okta, "POST", "/Groups", { displayName: "all", members: read.map((value) => ({ value })) });
    expect((await members(okta, body.id)).length).toBe(people);
  });

  it("SCIM-21: sizes out of range are brought into it", async () => {
    await user(okta);
    for (const [query, wanted] of [
      ["startIndex=0", [1, 1]],
      ["startIndex=-1&count=1000000", [1, 1]],
      ["count=0", [1, 0]],
      ["count=-5", [1, 0]],
      ["startIndex=99", [99, 0]],
    ] as const) {
      const { status, body } = await call(okta, "GET", `/Users?${query}`);
      expect([status, body.totalResults, body.startIndex, body.Resources.length], query).toEqual([200, 1, ...wanted]);
    }
    expect((await call(okta, "GET", "/Users?count=many")).status).toBe(400);
  });

  it("SCIM-22: long texts are refused, unknown schemas ignored, a password is stored nowhere", async () => {
    expect((await call(okta, "POST", "/Users", { userName: address(), title: "x".repeat(1_000_000) })).status).toBe(400);
    const secret = `pw-${newId()}`;
    const one = await user(okta, { password: secret, "urn:made:up": { a: 1 } });
    await call(okta, "PATCH", `/Users/${one.id}`, patch({ op: "replace", path: "password", value: secret }, { op: "replace", value: { password: secret } }));
    for (const table of ["directory_user", "directory_request", "audit_entry", "principal"])
      expect(await asOwner(db.ownerUrl, `select 1 from ${table} t where t::text like $1`, [`%${secret}%`]), table).toEqual([]);
  });

  it("bodies, methods and paths that are none get an error of SCIM", async () => {
    const one = await user(okta);
    const text = (body: string, type = "application/scim+json") =>
      serveScim(
        new Request(`http://localhost:3000/api/scim/v2/${okta.slug}/Users`, {
          method: "POST",
          body,
          headers: { authorization: `Bearer ${okta.token}`, "content-type": type },
        }),
      );
    expect((await text("{")).status).toBe(400);
    expect((await text("[]")).status).toBe(400);
    expect((await text("{}", "text/plain")).status).toBe(415);
    expect((await text("{}")).status).toBe(400);
    for (const [method, path, body, status] of [
      ["PATCH", `/Users/${one.id}`, {}, 400],
      ["PATCH", `/Users/${one.id}`, patch({ op: "move", path: "title", value: 1 }), 400],
      ["PATCH", `/Users/${one.id}`, patch({ op: "replace", path: "emails[", value: 1 }), 400],
      ["PATCH", `/Users/${one.id}`, patch({ op: "replace", path: "__proto__.x", value: 1 }), 400],
      ["PATCH", `/Users/${one.id}`, patch({ op: "replace", value: "x" }), 400],
      ["PATCH", `/Users/${one.id}`, patch({ op: "remove" }), 400],
      ["POST", `/Users/${one.id}`, {}, 405],
      ["GET", "/Users/not-an-id", undefined, 404],
      ["GET", "/Elsewhere", undefined, 404],
      ["POST", "/Bulk", {}, 501],
      ["GET", "/Me", undefined, 501],
    ] as const) {
      const answer = await call(okta, method, path, body);
      expect([answer.status, answer.body.schemas], `${method} ${path} ${JSON.stringify(body)}`).toEqual([
        status,
        ["urn:ietf:params:scim:api:messages:2.0:Error"],
      ]);
    }
  });
});

it("finds the same by a search whose query is in the body, of one kind or of both", async () => {
  const one = await user(okta);
  const { body: group } = await call(okta, "POST", "/Groups", { displayName: "g", members: [{ $ref: `http://localhost:3000/x/Users/${one.id}` }] });
  expect(group.members).toEqual([expect.objectContaining({ value: one.id, $ref: expect.stringMatching(new RegExp(`/${okta.slug}/Users/${one.id}$`)) })]);
  const search = async (path: string, query: object) => {
    const { status, body } = await call(okta, "POST", path, { schemas: ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"], ...query });
    return [status, body.totalResults, body.Resources?.map(({ id }: { id: string }) => id)];
  };
  expect(await search("/Users/.search", { filter: `userName eq "${one.userName}"`, attributes: ["userName"] })).toEqual([200, 1, [one.id]]);
  expect(await search("/.search", {})).toEqual([200, 2, [one.id, group.id]]);
  expect(await search("/.search", { startIndex: 2, count: 1 })).toEqual([200, 2, [group.id]]);
  expect(await search("/.search", { filter: `displayName eq "g"` })).toEqual([200, 1, [group.id]]);
  expect(await search("/.search", { filter: `userName eq "${one.userName}"` })).toEqual([200, 1, [one.id]]);
  expect((await search("/.search", { filter: `password eq "x"` }))[0]).toBe(400);
  expect((await call(okta, "GET", "/Users/.search")).status).toBe(405);
});

it("says what it can do", async () => {
  expect((await call(okta, "GET", "/ServiceProviderConfig")).body).toMatchObject({
    patch: { supported: true },
    etag: { supported: true },
    bulk: { supported: false },
  });
  expect((await call(okta, "GET", "/ResourceTypes")).body.Resources.map((one: { id: string }) => one.id)).toEqual(["User", "Group"]);
  expect((await call(okta, "GET", `/Schemas/${USER}`)).body.name).toBe("User");
  expect((await call(okta, "GET", "/Schemas/none")).status).toBe(404);
});

it("an old token works through the overlap, and not after it", async () => {
  const admin = callAs(acme.people["system-admin"]);
  const kept = await execute(rotateDirectoryToken, admin, { directoryId: okta.id, overlapHours: 1 });
  expect((await call(okta, "GET", "/Users")).status).toBe(200);
  expect((await call({ ...okta, token: kept.token }, "GET", "/Users")).status).toBe(200);
  const last = await execute(rotateDirectoryToken, admin, { directoryId: okta.id, overlapHours: 0 });
  expect((await call(okta, "GET", "/Users")).status).toBe(401);
  expect((await call({ ...okta, token: kept.token }, "GET", "/Users")).status).toBe(401);
  expect((await call({ ...okta, token: last.token }, "GET", "/Users")).status).toBe(200);
});

it("an account that is there already is linked by its address, and belongs to one directory", async () => {
  const email = address();
  const person = await makePerson(acme.id, "viewer", acme.own.workspace.id, { email });
  const linked = await call(okta, "POST", "/Users", { userName: email, displayName: "Linked" });
  expect(linked.status).toBe(201);
  expect((await account(email))?.id).toBe(person.id);
  expect((await call(entra, "POST", "/Users", { userName: email })).status).toBe(409);
});
