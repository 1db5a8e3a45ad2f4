import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { drainOutbox } from "@/lib/jobs/outbox";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { asOwner } from "@/lib/kernel/test-rows";
import { mailItem, openMail } from "./mail";
import { invitationMail, passwordMail } from "./texts";

// Mail against a real SMTP server: what arrives, what is tried again, what rests in the database.

const database = useTestDatabase();
const taken: { to: string[]; text: string; user?: string }[] = [];
let answer: { code: number; times: number } | undefined;

const server = new SMTPServer({
  authOptional: false,
  disabledCommands: ["STARTTLS"],
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _session, done) => (password === "p@ss word" ? done(null, { user: username }) : done(new Error("no"))),
  onRcptTo: (_address, _session, done) => {
    if (!answer || answer.times-- <= 0) return done();
    done(Object.assign(new Error("mailbox says lena@example.com is not here"), { responseCode: answer.code }));
  },
  onData: (stream, session, done) => {
    let text = "";
    stream.on("data", (part) => {
      text += part;
    });
    stream.on("end", () => {
      taken.push({ to: session.envelope.rcptTo.map(({ address }) => address), text, user: session.user });
      done();
    });
  },
});

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const letter = (until = inAnHour()) => ({ to: "lena@example.com", subject: "A link", text: "http://127.0.0.1:3000/x#s3cret-link\n", until });
const left = () => asOwner<{ topic: string; attempts: number; last_error: string | null; payload: unknown }>(database.ownerUrl, "select * from outbox");
const put = (mail = letter()) =>
  asOwner(database.ownerUrl, "insert into outbox (topic, payload) values ('mail', $1)", [JSON.stringify(mailItem(mail).payload)]);
const again = () => asOwner(database.ownerUrl, "update outbox set available_at = now()");

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_SMTP_URL = `smtp://reeve:p%40ss%20word@127.0.0.1:${(server.server.address() as AddressInfo).port}`;
  process.env.REEVE_MAIL_FROM = "Reeve <reeve@example.com>";
  forgetEnvironment();
  forgetKeys();
});
afterEach(async () => {
  taken.length = 0;
  answer = undefined;
  await asOwner(database.ownerUrl, "delete from outbox");
});
afterAll(() => new Promise<void>((resolve) => server.close(() => resolve())));

it("arrives once, as plain text, and nothing readable rested in the database", async () => {
  await put();
  expect(JSON.stringify(await left())).not.toMatch(/s3cret|lena|A link/);
  await drainOutbox();
  await drainOutbox();
  expect(taken).toHaveLength(1);
  expect(taken[0]).toMatchObject({ to: ["lena@example.com"], user: "reeve" });
  expect(taken[0]?.text).toMatch(/^From: Reeve <reeve@example.com>$/m);
  expect(taken[0]?.text).toContain("http://127.0.0.1:3000/x#s3cret-link");
  expect(taken[0]?.text).toMatch(/Content-Type: text\/plain/);
  expect(await left()).toEqual([]);
});

it("is tried again while the server is busy, and the error that is kept names no address", async () => {
  answer = { code: 451, times: 1 };
  await put();
  await drainOutbox();
  const [item] = await left();
  expect(item?.attempts).toBe(1);
  expect(item?.last_error).toMatch(/did not take mail .*451/);
  expect(item?.last_error).not.toContain("lena");
  await again();
  await drainOutbox();
  expect(taken).toHaveLength(1);
});

it("is given up when the server refuses it for good, and when its link has ended", async () => {
  answer = { code: 550, times: 1 };
  await put();
  await drainOutbox();
  expect([taken.length, (await left()).length]).toEqual([0, 0]);
  await put(letter(new Date(Date.now() - 1000).toISOString()));
  await drainOutbox();
  expect([taken.length, (await left()).length]).toEqual([0, 0]);
});

it("can't be moved to another item", () => {
  const [one, two] = [mailItem(letter()), mailItem(letter())];
  expect(() => openMail({ ...one.payload, id: two.payload.id })).toThrow("does not belong");
});

it("holds no line and no link that somebody else wrote into a name", () => {
  const { subject, text } = invitationMail({
    organization: "Acme",
    invitedBy: "Eve\r\nBcc: all@example.com\n\nClick https://evil.example/x now",
    role: "Viewer",
    place: "fraud-detection",
    link: "http://127.0.0.1:3000/invite#t",
    expiresAt: "2026-11-29T10:00:00.000Z",
    note: "hello\nhttps://evil.example",
  });
  expect(subject).toBe("Invitation to Acme");
  expect(text).not.toContain("evil.example");
  expect(text.split("\n")[0]).toBe("Eve Bcc: all@example.com Click  now invites you to Acme as Viewer (fraud-detection).");
  expect(passwordMail({ organization: "Acme", link: "http://x/#t", expiresAt: "2026-11-29T10:00:00.000Z" }).text).toContain(
    "2026-11-29 10:00 UTC:\nhttp://x/#t",
  );
});
