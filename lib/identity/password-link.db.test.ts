import { afterAll, beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { handlers } from "@/lib/jobs/handlers";
import { drainOutbox } from "@/lib/jobs/outbox";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { systemContext } from "@/lib/kernel/request";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { MAIL_TOPIC, openMail } from "@/lib/mail/mail";
import type { Actor } from "./actor";
import { createPasswordLink, redeemPasswordLink, requestPasswordLink } from "./password-link";
import { signIn } from "./sign-in";

// A new password by a link: asked for and mailed, or handed over by a System Admin.

const db = useTestDatabase();
const OLD = "seven grey herons wade";
const NEW = "nine brown otters swim";
let acme: TestOrganization;
let lena: Actor;
const mails: { to: string; text: string }[] = [];

beforeAll(async () => {
  Object.assign(process.env, {
    REEVE_MASTER_KEY: Buffer.alloc(32, 7).toString("base64"),
    REEVE_SMTP_URL: "smtp://127.0.0.1:1",
    REEVE_MAIL_FROM: "r@example.com",
  });
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  lena = await makePerson(acme.id, "viewer", acme.own.workspace.id, { email: "lena@example.com", password: OLD });
});
afterAll(() => {
  delete process.env.REEVE_SMTP_URL;
  delete process.env.REEVE_MAIL_FROM;
  forgetEnvironment();
});

const here = () => ({ ...systemContext("ui"), address: `10.0.0.${Math.ceil(Math.random() * 250)}` });
const tryPassword = async (password: string) => (await signIn({ email: "lena@example.com", password }, { request: here() })).status;
const work = async () => {
  const worker = new Map(handlers);
  worker.set(MAIL_TOPIC, async (payload) => void mails.push(openMail(payload)));
  while ((await drainOutbox(worker)) > 0);
};
const secretIn = (text: string | undefined) => text?.match(/#([\w-]{43})/)?.[1] ?? "";

it("answers the same for every address; only an account gets a mail, and nothing readable rests meanwhile", async () => {
  const answers = [await requestPasswordLink({ email: "LENA@example.com" }, here()), await requestPasswordLink({ email: "nobody@example.com" }, here())];
  expect(answers).toEqual([{ status: "sent" }, { status: "sent" }]);
  const waiting = await asOwner(db.ownerUrl, "select * from outbox");
  expect(waiting).toHaveLength(2);
  expect(JSON.stringify(waiting)).not.toMatch(/lena|nobody/i);
  await work();
  expect(mails.map((mail) => mail.to)).toEqual(["lena@example.com"]);
  expect(await asOwner(db.ownerUrl, "select 1 from outbox")).toEqual([]);
});

it("sets the password once, ends every session, and holds the rule for passwords", async () => {
  const { token: _held } = (await signIn({ email: "lena@example.com", password: OLD }, { request: here() })) as { token: string };
  const secret = secretIn(mails[0]?.text);
  await expect(redeemPasswordLink({ secret, password: "lena example lena" }, here())).rejects.toMatchObject({ code: "invalid_input" });
  const seq = await lastSeq(db.ownerUrl);
  const tries = await Promise.allSettled([redeemPasswordLink({ secret, password: NEW }, here()), redeemPasswordLink({ secret, password: NEW }, here())]);
  expect(tries.filter((one) => one.status === "fulfilled")).toHaveLength(1);
  expect(await asOwner(db.ownerUrl, "select 1 from session where principal_id = $1", [lena.id])).toEqual([]);
  expect([await tryPassword(OLD), await tryPassword(NEW)]).toEqual(["wrong_pair", "signed_in"]);
  const trail = await trailAfter(db.ownerUrl, seq);
  expect(trail[0]).toMatchObject({ action: "password.reset", actor_name: lena.fullName });
  expect(JSON.stringify(trail)).not.toMatch(new RegExp(`${secret}|otters`));
});

it("a System Admin hands one over; a Workspace Admin does not", async () => {
  await expect(execute(createPasswordLink, callAs(acme.people["workspace-admin"], null), { principalId: lena.id })).rejects.toMatchObject({
    code: "not_found",
  });
  const { link } = await execute(createPasswordLink, callAs(acme.people["system-admin"], null), { principalId: lena.id });
  await redeemPasswordLink({ secret: secretIn(link), password: OLD }, here());
  expect(await tryPassword(OLD)).toBe("signed_in");
  await expect(redeemPasswordLink({ secret: secretIn(link), password: NEW }, here())).rejects.toMatchObject({ code: "not_found" });
});

it("an account is asked for a few times, then waits, whether it exists or not; a deactivated one gets nothing", async () => {
  for (const email of ["lena@example.com", "nobody@example.com"]) {
    const answers = [];
    for (let time = 0; time < 7; time++) answers.push((await requestPasswordLink({ email }, here())).status);
    expect(answers.at(0)).toBe("sent");
    expect(answers.at(-1)).toBe("throttled");
  }
  await asOwner(db.ownerUrl, "delete from outbox");
  await asOwner(db.ownerUrl, "delete from throttle");
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [lena.id]);
  const before = mails.length;
  await requestPasswordLink({ email: "lena@example.com" }, here());
  await work();
  expect(mails).toHaveLength(before);
});
