import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { changePassword } from "@/lib/account/change-password";
import { endOneSession, endOtherSessions } from "@/lib/account/end-sessions";
import { updateProfile } from "@/lib/account/update-profile";
import { deleteDevice, lockDevice } from "@/lib/devices/change-devices";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { openSession } from "@/lib/identity/start-session";
import { action } from "@/lib/kernel/action";
import { type CallContext, execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { page } from "@/lib/kernel/page";
import { route } from "@/lib/kernel/route";
import { makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { endSessionsOf } from "@/lib/members/end-sessions";
import { restorePerson } from "@/lib/members/restore-person";
import { createPersonalToken } from "@/lib/tokens/create-token";
import { revokePersonalToken } from "@/lib/tokens/revoke-token";
import { serveZenml } from "@/lib/wire/zenml/serve";
import { GET as live } from "@/app/api/live/route";
import { tokenHash } from "./session";

// PERMISSIONS §3 rule 7, as a table: whatever ends a credential is refused on the very next request, on every surface that takes it, and
// what it does not end goes on.

const browser = vi.hoisted(() => ({ cookie: "" }));
vi.mock("next/headers", () => ({
  headers: async () => new Headers({ origin: "http://localhost:3000", "sec-fetch-site": "same-origin" }),
  cookies: async () => ({ get: (name: string) => (name === "reeve.session" ? { value: browser.cookie } : undefined) }),
}));

const db = useTestDatabase();
const PASSWORD = "correct horse battery 1";
let organization: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
});

/** Everything that acts as one person, and a machine's key that was issued to them. */
type Held = {
  person: Actor;
  here: string;
  other: string;
  deviceId: string;
  deviceToken: string;
  personalId: string;
  personal: string;
  personalLogin: string;
  password: string;
  keyId: string;
  key: string;
  keyLogin: string;
};

const slug = () => organization.own.workspace.slug;
const wire = async (path: string, init: RequestInit) => serveZenml(new Request(`http://reeve.test/${slug()}/api/v1${path}`, init));
const form = (fields: Record<string, string>) => ({ method: "POST", body: new URLSearchParams(fields) });
const tokenOf = async (answer: Response) => {
  const body = (await answer.json()) as { access_token: string };
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.access_token;
};

/** A call as the person, from one of their sessions. */
async function as(person: Actor, cookie: string): Promise<CallContext> {
  const [row] = await asOwner<{ id: string }>(db.ownerUrl, "select id from session where token_sha256 = $1", [tokenHash(cookie)]);
  const actor = await inScope([], (tx) => loadActor(tx, person.id, { kind: "session", id: row?.id ?? newId(), label: "browser session" }));
  if (!actor) throw new Error("the person is not active");
  return { actor, request: testRequest(), workspace: null };
}

async function hold(): Promise<Held> {
  const person = await makePerson(organization.id, "contributor", organization.own.workspace.id, { email: `p-${newId()}@acme.example`, password: PASSWORD });
  const [here, other] = [(await openSession(person.id, "one", testRequest())).token, (await openSession(person.id, "two", testRequest())).token];
  const context = await as(person, here);
  const made = await execute(createPersonalToken, context, { name: "notebook" });
  const password = await tokenOf(await wire("/login", form({ grant_type: "password", username: person.email ?? "", password: PASSWORD })));
  const clientId = randomUUID();
  const codes = (await (await wire("/device_authorization", form({ client_id: clientId }))).json()) as Record<string, string>;
  const deviceId = new URL(codes.verification_uri_complete as string).searchParams.get("device_id") as string;
  await wire(`/devices/${deviceId}/verify`, {
    method: "PUT",
    headers: { authorization: `Bearer ${password}` },
    body: JSON.stringify({ user_code: codes.user_code, trusted_device: true }),
  });
  const device = { grant_type: "urn:ietf:params:oauth:grant-type:device_code", client_id: clientId, device_code: codes.device_code as string };
  const [account, keyId, secret] = [newId(), newId(), mintKeySecret()];
  const home = { organization_id: organization.id, home_workspace_id: organization.own.workspace.id };
  await inScope([], async (tx) => {
    await tx
      .insertInto("principal")
      .values({ ...home, id: account, kind: "service_account", name: `ci-${account}` })
      .execute();
    const grant = { role: "contributor", source: "person", scope_kind: "workspace", workspace_ref: organization.own.workspace.id };
    await tx
      .insertInto("role_grant")
      .values({ ...grant, id: newId(), organization_id: organization.id, principal_id: account })
      .execute();
    await tx
      .insertInto("api_key")
      .values({ id: keyId, organization_id: organization.id, principal_id: account, name: "k", secret_hmac: hashApiKey(secret), issued_to: person.id })
      .execute();
  });
  const key = formatApiKey(keyId, secret);
  return {
    person,
    here,
    other,
    deviceId,
    deviceToken: await tokenOf(await wire("/login", form(device))),
    personalId: made.id,
    personal: made.value,
    personalLogin: await tokenOf(await wire("/login", form({ grant_type: "zenml-api-key", password: made.value }))),
    password,
    keyId,
    key,
    keyLogin: await tokenOf(await wire("/login", form({ grant_type: "zenml-api-key", password: key }))),
  };
}

const Page = page("session:read", async () => "drawn");
const act = action(updateProfile);
const get = route("session:read", async () => Response.json("served"));

/** Each surface with a credential: true when it served, false when it refused in its own way. */
const SURFACES = {
  page: (cookie: string) => {
    browser.cookie = cookie;
    return Page({ params: Promise.resolve({}), searchParams: Promise.resolve({}) }).then(
      () => true,
      (error: { digest?: string }) => {
        expect(error.digest, "to sign-in").toMatch(/NEXT_REDIRECT.*\/sign-in/);
        return false;
      },
    );
  },
  action: async (cookie: string) => {
    browser.cookie = cookie;
    const fields = new FormData();
    fields.set("fullName", "Mira Aalto");
    const state = await act({ status: "idle" }, fields);
    if (state.status === "error") expect(state.code).toBe("unauthenticated");
    return state.status === "done";
  },
  route: async (cookie: string) => {
    const answer = await get(new Request("http://reeve.test/x", { headers: { cookie: `reeve.session=${cookie}` } }), { params: Promise.resolve({}) });
    expect([200, 401]).toContain(answer.status);
    return answer.status === 200;
  },
  wire: async (token: string) => {
    const answer = await wire("/current-user", { headers: { authorization: `Bearer ${token}` } });
    expect([200, 401]).toContain(answer.status);
    return answer.status === 200;
  },
  login: async (key: string) => (await wire("/login", form({ grant_type: "zenml-api-key", password: key }))).status === 200,
};

/** What each credential is shown to. */
const WAYS: { way: string; surface: keyof typeof SURFACES; of: (held: Held) => string }[] = [
  ...(["page", "action", "route"] as const).flatMap((surface) => [
    { way: `here ${surface}`, surface, of: (held: Held) => held.here },
    { way: `other ${surface}`, surface, of: (held: Held) => held.other },
  ]),
  { way: "device wire", surface: "wire", of: (held) => held.deviceToken },
  { way: "personal wire", surface: "wire", of: (held) => held.personal },
  { way: "personal login", surface: "login", of: (held) => held.personal },
  { way: "personal token's login wire", surface: "wire", of: (held) => held.personalLogin },
  { way: "password wire", surface: "wire", of: (held) => held.password },
  { way: "key wire", surface: "wire", of: (held) => held.key },
  { way: "key login", surface: "login", of: (held) => held.key },
  { way: "key's login wire", surface: "wire", of: (held) => held.keyLogin },
];

const change = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);
const admin = () => ({ actor: organization.people["system-admin"], request: testRequest(), workspace: null });
const sessionOf = async (cookie: string) => (await change("select id from session where token_sha256 = $1", [tokenHash(cookie)]))[0]?.id as string;

/** What ends, and the beginnings of the ways that it ends; all others go on. */
const CAUSES: [string, string[], (held: Held) => Promise<unknown>][] = [
  ["one session is ended", ["other "], async (held) => execute(endOneSession, await as(held.person, held.here), { sessionId: await sessionOf(held.other) })],
  ["all other sessions are ended", ["other ", "password "], async (held) => execute(endOtherSessions, await as(held.person, held.here), {})],
  [
    "the password is changed",
    ["other ", "password "],
    async (held) => execute(changePassword, await as(held.person, held.here), { current: PASSWORD, next: "seven grey herons wade" }),
  ],
  ["the device is locked", ["device "], async (held) => execute(lockDevice, await as(held.person, held.here), { deviceId: held.deviceId, locked: true })],
  ["the device is deleted", ["device "], async (held) => execute(deleteDevice, await as(held.person, held.here), { deviceId: held.deviceId })],
  ["the device's days are over", ["device "], (held) => change("update device set expires_at = clock_timestamp() where id = $1", [held.deviceId])],
  [
    "the personal token is revoked",
    ["personal "],
    async (held) => execute(revokePersonalToken, await as(held.person, held.here), { tokenId: held.personalId }),
  ],
  ["the personal token expires", ["personal "], (held) => change("update personal_token set expires_at = clock_timestamp() where id = $1", [held.personalId])],
  ["the key is switched off", ["key"], (held) => change("update api_key set active = false where id = $1", [held.keyId])],
  ["the key expires", ["key"], (held) => change("update api_key set expires_at = clock_timestamp() where id = $1", [held.keyId])],
  [
    "an administrator ends the person's sessions",
    ["here ", "other ", "device ", "password "],
    (held) => execute(endSessionsOf, admin(), { principalId: held.person.id }),
  ],
  [
    "an administrator locks the device, and unlocks it again",
    ["device "],
    async (held) => {
      await execute(lockDevice, admin(), { deviceId: held.deviceId, locked: true });
      await execute(lockDevice, admin(), { deviceId: held.deviceId, locked: false });
    },
  ],
  [
    "the person is deactivated and comes back, with what was theirs alone",
    ["here ", "other ", "device ", "personal ", "password "],
    async (held) => {
      await change("update api_key set issued_to = null where id = $1", [held.keyId]);
      await execute(deactivatePerson, admin(), { principalId: held.person.id, reason: "left the company" });
      await execute(restorePerson, admin(), { principalId: held.person.id });
    },
  ],
  [
    "the person is deactivated, with what was issued to them",
    ["here ", "other ", "device ", "personal ", "password ", "key"],
    (held) => execute(deactivatePerson, admin(), { principalId: held.person.id, reason: "left the company" }),
  ],
];

describe.each(CAUSES)("when %s", (_cause, ends, cause) => {
  it("the next request of each surface is refused, and nothing else", async () => {
    const held = await hold();
    const isEnded = (way: string) => ends.some((start) => way.startsWith(start));
    for (const { way, surface, of } of WAYS) expect(await SURFACES[surface](of(held)), `${way} before`).toBe(true);
    await cause(held);
    for (const { way, surface, of } of WAYS) expect(await SURFACES[surface](of(held)), `${way} after`).toBe(!isEnded(way));
  });
});

it.each(CAUSES.filter(([, ends]) => ends.includes("other ")))("an open stream ends within a second or two when %s", async (_cause, _ends, cause) => {
  const held = await hold();
  const abort = new AbortController();
  const url = `http://reeve.test/api/live?workspace=${slug()}&project=default`;
  const answer = await live(new Request(url, { headers: { cookie: `reeve.session=${held.other}` }, signal: abort.signal }), { params: Promise.resolve({}) });
  expect(answer.status).toBe(200);
  const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
  await reader.read();
  await cause(held);
  const endedAt = Date.now();
  for (let part = await reader.read(); !part.done; part = await reader.read());
  expect(Date.now() - endedAt).toBeLessThan(3_000);
  abort.abort();
});

it("the owner can't undo an administrator's lock, nor take it over by locking again", async () => {
  const held = await hold();
  const mine = async (locked: boolean) => execute(lockDevice, await as(held.person, held.here), { deviceId: held.deviceId, locked });
  await mine(true);
  await execute(endSessionsOf, admin(), { principalId: held.person.id });
  held.here = (await openSession(held.person.id, "one", testRequest())).token;
  await expect(mine(false)).rejects.toMatchObject({
    code: "forbidden",
    reason: "locked_by_other",
    message: expect.stringContaining("An administrator locked"),
  });
  await expect(mine(true)).rejects.toMatchObject({ code: "conflict" });
  await expect(mine(false)).rejects.toMatchObject({ code: "forbidden" });
  expect(await SURFACES.wire(held.deviceToken)).toBe(false);
});

it("a leaver's keys go on for the workspace's days of grace, and then stop", async () => {
  const held = await hold();
  await change("update workspace set leaver_grace_days = 2 where id = $1", [organization.own.workspace.id]);
  await execute(deactivatePerson, admin(), { principalId: held.person.id, reason: "left the company" });
  expect(await SURFACES.wire(held.keyLogin)).toBe(true);
  await change("update principal set ended_at = clock_timestamp() - interval '49 hours' where id = $1", [held.person.id]);
  expect(await SURFACES.wire(held.keyLogin)).toBe(false);
  await change("update workspace set leaver_grace_days = 0 where id = $1", [organization.own.workspace.id]);
});

it("the last use of a key, token and device is noted, once a minute, and the use of a rotated key's old value apart", async () => {
  const held = await hold();
  const used = async (table: string, id: string) => (await change(`select last_used_at::text as at from ${table} where id = $1`, [id]))[0]?.at;
  for (const [table, id, token] of [
    ["api_key", held.keyId, held.keyLogin],
    ["personal_token", held.personalId, held.personalLogin],
    ["device", held.deviceId, held.deviceToken],
  ] as const) {
    await change(`update ${table} set last_used_at = clock_timestamp() - interval '2 minutes' where id = $1`, [id]);
    const before = await used(table, id);
    await SURFACES.wire(token);
    const noted = await used(table, id);
    expect(noted, table).not.toBe(before);
    await SURFACES.wire(token);
    expect(await used(table, id), `${table}, a second time within the minute`).toBe(noted);
  }
  await change(
    "update api_key set previous_hmac = secret_hmac, secret_hmac = $2, generation = generation + 1, previous_until = clock_timestamp() + interval '1 hour' where id = $1",
    [held.keyId, hashApiKey(mintKeySecret())],
  );
  expect(await SURFACES.wire(held.keyLogin), "a token of the generation before").toBe(true);
  const [row] = await change("select previous_used_at is not null as seen from api_key where id = $1", [held.keyId]);
  expect(row).toEqual({ seen: true });
  await change("update api_key set previous_until = clock_timestamp() where id = $1", [held.keyId]);
  expect(await SURFACES.wire(held.keyLogin)).toBe(false);
});
