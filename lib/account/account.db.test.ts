import { beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { changePassword } from "@/lib/account/change-password";
import { myProfile, mySessions } from "@/lib/account/queries";
import { updateProfile } from "@/lib/account/update-profile";
import type { Actor } from "@/lib/identity/actor";
import { checkPassword } from "@/lib/identity/check-password";
import { openSession } from "@/lib/identity/start-session";
import { tokenHash } from "@/lib/identity/session";
import { type CallContext, execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";

const db = useTestDatabase();
const PASSWORD = "correct horse battery 1";
const NEXT = "seven grey herons wade";
let organization: TestOrganization;
let mira: Actor;
let context: CallContext;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
});
beforeEach(async () => {
  mira = await makePerson(organization.id, "contributor", organization.own.workspace.id, { email: `mira-${newId()}@acme.example`, password: PASSWORD });
  const { token } = await openSession(mira.id, "test", testRequest());
  const [row] = await asOwner<{ id: string }>(db.ownerUrl, "select id from session where token_sha256 = $1", [tokenHash(token)]);
  context = { actor: { ...mira, credential: { kind: "session", id: row?.id as string, label: "browser session" } }, request: testRequest(), workspace: null };
});

const change = (current: string, next: string) => execute(changePassword, context, { current, next });
const fits = async (password: string) => (await checkPassword(mira.email ?? "", password, testRequest("198.51.100.9"))).status === "right";

it("a new password takes the old one, says how many sessions ended, and stands nowhere in the trail", async () => {
  await openSession(mira.id, "another", testRequest());
  const seq = await lastSeq(db.ownerUrl);
  expect(await change(PASSWORD, NEXT)).toEqual({ status: "changed", sessionsEnded: 1 });
  expect([await fits(NEXT), await fits(PASSWORD)]).toEqual([true, false]);
  expect(await ask(mySessions, context, {})).toMatchObject([{ isCurrent: true }]);
  const trail = await trailAfter(db.ownerUrl, seq);
  expect(trail[0]).toMatchObject({ action: "password.changed", outcome: "allowed" });
  const rows = await asOwner(db.ownerUrl, "select e::text as text from audit_entry e where seq > $1", [seq]);
  for (const secret of [PASSWORD, NEXT, "argon2"]) expect(JSON.stringify(rows)).not.toContain(secret);
});

it("a wrong present password changes nothing, is in the trail, and is throttled", async () => {
  const seq = await lastSeq(db.ownerUrl);
  for (let guess = 0; guess < 5; guess++) expect(await change("wrong", NEXT)).toEqual({ status: "wrong_password" });
  expect(await change(PASSWORD, NEXT), "even the right one waits then").toMatchObject({ status: "throttled", waitS: expect.any(Number) });
  expect(await fits(PASSWORD)).toBe(true);
  expect((await trailAfter(db.ownerUrl, seq)).map((entry) => `${entry.action} ${entry.outcome} ${entry.reason}`)).toEqual([
    ...Array(5).fill("password.changed denied wrong_password"),
    "password.changed denied throttled",
  ]);
});

it.each([
  ["short", "The password needs at least 12 characters."],
  ["aaaaaaaaaaaaaaaa", "The password needs at least 6 different characters."],
  ["password12345", expect.stringContaining("common word")],
])("a weak new one (%s) is refused with the reason at its field", async (next, sentence) => {
  await expect(change(PASSWORD, next)).rejects.toMatchObject({ code: "invalid_input", fields: { next: sentence } });
});

it("with a token or a device a password is not changed", async () => {
  for (const kind of ["personal_token", "device"] as const)
    await expect(
      execute(changePassword, { ...context, actor: { ...context.actor, credential: { kind, id: newId(), label: "x" } } }, { current: PASSWORD, next: NEXT }),
    ).rejects.toMatchObject({ code: "forbidden" });
});

it("a name is changed with its entry, and the same one leaves none", async () => {
  const seq = await lastSeq(db.ownerUrl);
  await execute(updateProfile, context, { fullName: "Mira Virtanen" });
  await execute(updateProfile, context, { fullName: "Mira Virtanen" });
  expect((await trailAfter(db.ownerUrl, seq)).map((entry) => entry.action)).toEqual(["profile.updated"]);
  expect(await ask(myProfile, context, {})).toMatchObject({ fullName: "Mira Virtanen", email: mira.email, hasPassword: true });
  for (const fullName of ["", " ", "a/b", "x".repeat(101), "line\nbreak"])
    await expect(execute(updateProfile, context, { fullName }), JSON.stringify(fullName)).rejects.toMatchObject({ code: "invalid_input" });
});
