import { randomBytes, randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { userCodeHash } from "@/lib/identity/device-codes";
import { type LoginToken, readWireToken } from "@/lib/identity/wire-token";
import { newId } from "@/lib/kernel/id";
import { makePerson } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { tries } from "@/lib/kernel/soak";
import {
  type Account,
  type Answer,
  call,
  type DeviceLogin,
  makeAccount,
  makeWireWorkspaces,
  passwordLogin,
  pollCodes,
  requestCodes,
  startRun,
} from "./test-wire";

// Device and password logins through the wire's own door. ATTACKS §3 by id; DEV-7 and DEV-11 are the approval page's:
// app/(console)/[workspace]/devices/approval.db.test.ts and components/device/approval.test.tsx.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const PASSWORD = "correct horse battery 1";
let mira: Actor;
let outsider: Actor;
let ci: Account;
/** Mira's and the outsider's password tokens. */
const tokens = { mira: "", outsider: "" };

beforeAll(async () => {
  const { organizationId, workspaces } = await makeWireWorkspaces([SLUG, "other"]);
  const place = (slug: string) => workspaces[slug] as string;
  mira = await makePerson(organizationId, "contributor", place(SLUG), { email: "mira@acme.example", password: PASSWORD });
  outsider = await makePerson(organizationId, "viewer", place("other"), { email: "out@acme.example", password: PASSWORD });
  ci = await makeAccount(organizationId, place(SLUG), SLUG, "contributor", "ci");
  tokens.mira = tokenOf(await passwordLogin("mira@acme.example", PASSWORD, SLUG));
  tokens.outsider = tokenOf(await passwordLogin("out@acme.example", PASSWORD, "other"));
});

const tokenOf = (answer: Answer): string => {
  expect(answer.status, answer.text).toBe(200);
  return (answer.body as { access_token: string }).access_token;
};
const errorOf = (answer: Answer) => [answer.status, (answer.body as { error?: string }).error];
const change = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);
/** Lets the poll's waiting time pass. */
const later = (login: DeviceLogin) => change("update device set last_poll_at = null where id = $1", [login.deviceId]);
const verify = (token: string, login: DeviceLogin, userCode = login.userCode, trusted = false, slug = SLUG, headers: Record<string, string> = {}) =>
  call(token, slug, "PUT", `/devices/${login.deviceId}/verify`, { user_code: userCode, trusted_device: trusted }, headers);
const ask = async (address?: string, clientId?: string) => {
  const { answer, login } = await requestCodes(SLUG, address, clientId);
  expect(answer.status, answer.text).toBe(200);
  return login;
};
/** A device that Mira approved, and its token. */
async function signIn(trusted = false): Promise<{ login: DeviceLogin; token: string; expiresIn: number }> {
  const login = await ask(`203.0.113.${Math.floor(Math.random() * 250)}`);
  expect((await verify(tokens.mira, login, login.userCode, trusted)).status).toBe(200);
  const answer = await pollCodes(SLUG, login);
  return { login, token: tokenOf(answer), expiresIn: (answer.body as { expires_in: number }).expires_in };
}

describe("a device login", () => {
  it("goes as recorded: codes, waiting, the device with its facts, approval, one token", async () => {
    const { answer, login } = await requestCodes(SLUG, "198.51.100.4");
    expect(answer.body).toMatchObject({ expires_in: 300, interval: 5, verification_uri: expect.stringMatching(/\/fraud-detection\/devices\/verify$/) });
    expect(login.userCode).toMatch(/^[0-9a-f]{32}$/);
    expect(login.deviceCode).toMatch(/^[0-9a-f]{64}$/);
    expect(await pollCodes(SLUG, login)).toMatchObject({
      status: 400,
      body: { error: "authorization_pending", error_description: `Authentication error: device with client ID ${login.clientId} is pending.`, error_uri: null },
    });
    const at = `/devices/${login.deviceId}`;
    expect((await call(tokens.mira, SLUG, "GET", at)).status, "without the code it does not exist").toBe(404);
    expect((await call(tokens.mira, SLUG, "GET", `${at}?user_code=${login.userCode}`)).body).toMatchObject({
      body: { user_id: null, status: "pending", hostname: "mbp-aalto", os: "Darwin", ip_address: "198.51.100.4", client_id: login.clientId },
      metadata: { python_version: "3.11.7", zenml_version: "0.98.0", failed_auth_attempts: 0, last_login: null },
      resources: { user: null },
    });
    const seq = await lastSeq(db.ownerUrl);
    expect((await verify(tokens.mira, login)).body).toMatchObject({ body: { status: "verified", user_id: mira.id, trusted_device: false } });
    await later(login);
    const token = tokenOf(await pollCodes(SLUG, login));
    expect((await call(token, SLUG, "GET", "/current-user")).body).toMatchObject({ id: mira.id });
    expect((await call(token, SLUG, "GET", "/devices")).body).toMatchObject({ items: [expect.objectContaining({ id: login.deviceId })] });
    expect((await call(token, "other", "GET", "/current-user")).status, "acts in its workspace only").toBe(404);
    const trail = await trailAfter(db.ownerUrl, seq);
    // The refusal in the other workspace is noted beside its answer.
    expect(trail.map((entry) => entry.action).filter((name) => name !== "credential.refused")).toEqual(["device.approved", "device.signed-in"]);
    expect(JSON.stringify(trail)).not.toContain(login.userCode);
  });

  it("keeps a trusted device for 30 days and others for one", async () => {
    expect((await signIn(true)).expiresIn).toBe(30 * 86_400);
    const { login, token, expiresIn } = await signIn(false);
    expect(expiresIn).toBe(86_400);
    await change("update device set expires_at = clock_timestamp() where id = $1", [login.deviceId]);
    expect((await call(token, SLUG, "GET", "/current-user")).status).toBe(401);
  });

  it("is approved by people only: neither a key nor a device makes itself a companion", async () => {
    const { token } = await signIn();
    for (const credential of [ci.token, ci.key, token]) {
      const login = await ask("203.0.113.200");
      const seq = await lastSeq(db.ownerUrl);
      expect((await verify(credential, login)).status).toBe(403);
      expect(await trailAfter(db.ownerUrl, seq)).toMatchObject([{ action: "device.approved", outcome: "denied", reason: "not_by_this_credential" }]);
      expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "authorization_pending"]);
    }
  });

  it("ends when its client asks anew, and stores no code", async () => {
    const { login, token } = await signIn();
    const again = await ask("203.0.113.201", login.clientId);
    expect(again.deviceId).toBe(login.deviceId);
    expect(again.userCode).not.toBe(login.userCode);
    expect((await call(token, SLUG, "GET", "/current-user")).status).toBe(401);
    const [row] = await asOwner(db.ownerUrl, "select d::text as text from device d where id = $1", [login.deviceId]);
    for (const code of [again.userCode, again.deviceCode]) expect(String(row?.text)).not.toContain(code);
  });

  it("stays locked when somebody asks in its client's name, and so do the runs that it started", async () => {
    const { login, token } = await signIn();
    const { run } = await startRun(token, SLUG, newId());
    const runToken = (await call(token, SLUG, "GET", `/api_token?token_type=workload&pipeline_run_id=${run}`)).body as string;
    const held = async () => [(await call(token, SLUG, "GET", "/current-user")).status, (await call(runToken, SLUG, "GET", `/runs/${run}`)).status];
    expect(await held()).toEqual([200, 200]);
    const lock = (locked: boolean) => call(tokens.mira, SLUG, "PUT", `/devices/${login.deviceId}`, { locked });
    expect((await lock(true)).status).toBe(200);
    expect(await held()).toEqual([401, 401]);
    const again = await ask("203.0.113.202", login.clientId);
    expect(again.deviceId).not.toBe(login.deviceId);
    expect(await held(), "nobody has proved anything").toEqual([401, 401]);
    expect((await call(tokens.mira, SLUG, "GET", `/devices/${login.deviceId}`)).body).toMatchObject({ body: { status: "locked" } });
    expect((await lock(false)).status, "a client is one device at a time").toBe(409);
    expect(errorOf(await pollCodes(SLUG, login)), "the old codes").toEqual([400, "invalid_grant"]);
    expect((await verify(tokens.mira, again)).status).toBe(200);
    expect((await call(tokenOf(await pollCodes(SLUG, again)), SLUG, "GET", "/current-user")).status).toBe(200);
    expect(await held(), "the client's new login is another device").toEqual([401, 401]);
  });

  it("shows, locks and deletes one's own devices; others' are unknown", async () => {
    const { login, token } = await signIn();
    const { token: second } = await signIn();
    const at = `/devices/${login.deviceId}`;
    expect((await call(second, SLUG, "PUT", at, { locked: true })).body).toMatchObject({ body: { status: "locked" } });
    expect(await call(token, SLUG, "GET", "/current-user")).toMatchObject({
      status: 401,
      body: { detail: ["CredentialsNotValid", `Authentication error: device ${login.deviceId} is not active`] },
    });
    expect((await call(second, SLUG, "PUT", at, { locked: false })).body).toMatchObject({ body: { status: "active" } });
    expect((await call(token, SLUG, "GET", "/current-user")).status).toBe(200);
    for (const [method, body] of [["GET"], ["PUT", { locked: true }], ["DELETE"]] as const)
      expect((await call(ci.token, SLUG, method, at, body)).status, method).toBe(404);
    expect(await call(second, SLUG, "DELETE", at)).toMatchObject({ status: 200, body: null });
    expect((await call(token, SLUG, "GET", "/current-user")).status).toBe(401);
    expect((await call(second, SLUG, "GET", at)).status).toBe(404);
  });
});

describe("ATTACKS §3", () => {
  it("DEV-1 a poll that comes too soon is told to slow down, and the 5 s more stay", async () => {
    const login = await ask();
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "authorization_pending"]);
    for (const interval of [10, 15]) {
      expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "slow_down"]);
      expect(await asOwner(db.ownerUrl, "select interval_s from device where id = $1", [login.deviceId])).toEqual([{ interval_s: interval }]);
    }
    await change("update device set last_poll_at = clock_timestamp() - interval '8 s' where id = $1", [login.deviceId]);
    expect(errorOf(await pollCodes(SLUG, login)), "8 s were enough at first").toEqual([400, "slow_down"]);
    await change("update device set last_poll_at = clock_timestamp() - interval '21 s' where id = $1", [login.deviceId]);
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "authorization_pending"]);
  });

  it("DEV-2 a code that ran out gives expired_token, and can't be approved", async () => {
    const login = await ask();
    await change("update device set codes_expire_at = clock_timestamp() where id = $1", [login.deviceId]);
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "expired_token"]);
    expect((await verify(tokens.mira, login)).status).toBe(400);
    const late = await ask("203.0.113.7");
    await verify(tokens.mira, late);
    await change("update device set codes_expire_at = clock_timestamp() where id = $1", [late.deviceId]);
    expect(errorOf(await pollCodes(SLUG, late)), "approved, and never fetched").toEqual([400, "expired_token"]);
  });

  it("DEV-3 an unknown device code is invalid_grant, in the time of a known one", async () => {
    const login = await ask();
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let round = 0; round < 40; round++)
      for (const kind of ["known", "unknown"] as const) {
        const deviceCode = kind === "known" ? login.deviceCode : randomBytes(32).toString("hex");
        const start = performance.now();
        const answer = await pollCodes(SLUG, { clientId: login.clientId, deviceCode });
        times[kind].push(performance.now() - start);
        if (kind === "unknown") expect(errorOf(answer)).toEqual([400, "invalid_grant"]);
      }
    const median = (list: number[]) => list.sort((a, b) => a - b)[20] as number;
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(5);
    expect(errorOf(await pollCodes(SLUG, { clientId: randomUUID(), deviceCode: login.deviceCode }))).toEqual([400, "invalid_client"]);
    for (const deviceCode of ["", "x", login.deviceCode.toUpperCase(), `${login.deviceCode}00`])
      expect(errorOf(await pollCodes(SLUG, { clientId: login.clientId, deviceCode }))).toEqual([400, "invalid_grant"]);
  });

  it("DEV-4 the sixth wrong code of a person or source is blocked, whatever devices it is for; the third locks its device", async () => {
    const wrong = "0".repeat(32);
    const source = { "x-forwarded-for": "198.51.100.99" };
    const texts: string[] = [];
    for (let guess = 0; guess < 7; guess++) texts.push((await verify(tokens.mira, await ask(`203.0.113.${guess + 10}`), wrong, false, SLUG, source)).text);
    expect(texts.slice(0, 5).every((text) => text.includes("invalid user code"))).toBe(true);
    expect(texts.slice(5).every((text) => text.includes("too many wrong codes"))).toBe(true);
    await change("delete from throttle where key like 'code:%'", []);
    const login = await ask("203.0.113.30");
    const answers = [];
    for (let guess = 0; guess < 3; guess++) answers.push(await verify(tokens.mira, login, guess === 0 ? "wrong" : wrong));
    expect(answers.map((answer) => answer.body)).toEqual([
      { detail: ["ValueError", "Invalid request: invalid user code."] },
      { detail: ["ValueError", "Invalid request: invalid user code."] },
      { detail: ["ValueError", "Invalid request: device locked."] },
    ]);
    expect((await verify(tokens.mira, login)).status, "the right code comes too late").toBe(400);
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "access_denied"]);
    await change("delete from throttle where key like 'code:%'", []);
  });

  it(`DEV-5 ${tries(100_000)} guesses hit nothing, and those at the door are stopped whatever address they come from`, async () => {
    const login = await ask("203.0.113.40");
    const right = userCodeHash(login.userCode) as Buffer;
    for (let guess = 0; guess < tries(100_000); guess++) expect(right.equals(userCodeHash(randomBytes(16).toString("hex")) as Buffer)).toBe(false);
    expect(100_000 / 2 ** (4 * login.userCode.length)).toBeLessThan(2 ** -20);
    const statuses = new Set<number>();
    for (let guess = 0; guess < tries(5_000); guess++) {
      const source = { "x-forwarded-for": `10.${guess % 4}.${(guess >> 2) % 250}.1` };
      statuses.add((await verify(tokens.mira, login, randomBytes(16).toString("hex"), false, SLUG, source)).status);
    }
    expect([...statuses]).toEqual([400]);
    const [row] = await asOwner<{ status: string; failed_attempts: number }>(db.ownerUrl, "select status, failed_attempts from device where id = $1", [
      login.deviceId,
    ]);
    expect(row, "locked after three, so the rest guessed at nothing").toEqual({ status: "locked", failed_attempts: 3 });
    await change("delete from throttle where key like 'code:%'", []);
  }, 600_000);

  it("DEV-6 a code may be typed in capitals, with spaces and hyphens; other letters are refused", async () => {
    const login = await ask("203.0.113.50");
    for (const text of ["l".repeat(32), "O".repeat(32), `${login.userCode}0`, login.userCode.slice(1), "'; drop table device"])
      expect(userCodeHash(text) === undefined || text.length !== 32).toBe(true);
    const typed = ` ${login.userCode.toUpperCase().replace(/(.{8})(?=.)/g, "$1-")} `;
    expect((await verify(tokens.mira, login, typed)).status).toBe(200);
  });

  it("DEV-8 an approval by somebody without access to the workspace is refused, and the client is told", async () => {
    const login = await ask("203.0.113.60");
    const seq = await lastSeq(db.ownerUrl);
    expect((await verify(tokens.outsider, login, "0".repeat(32))).status).toBe(404);
    expect(errorOf(await pollCodes(SLUG, login)), "a wrong code ends nothing").toEqual([400, "authorization_pending"]);
    expect((await verify(tokens.outsider, login)).status).toBe(404);
    await later(login);
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "access_denied"]);
    expect((await trailAfter(db.ownerUrl, seq)).filter((entry) => entry.action === "device.approved")).toMatchObject([
      { outcome: "denied", reason: "no_workspace_access", actor_name: outsider.fullName },
    ]);
    expect((await verify(tokens.mira, login)).status, "nobody else can approve it then").toBe(400);
  });

  it("DEV-8 access that ended between approval and fetch gives no token", async () => {
    const login = await ask("203.0.113.61");
    await verify(tokens.mira, login);
    await change("update role_grant set valid_to = clock_timestamp() where principal_id = $1", [mira.id]);
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "access_denied"]);
    await change("update role_grant set valid_to = null where principal_id = $1", [mira.id]);
  });

  it("DEV-9 a code is redeemed once, also by 50 clients at the same moment", async () => {
    const login = await ask("203.0.113.70");
    await verify(tokens.mira, login);
    // Each poll would count as too soon after the one before it: here only the race for the token matters.
    await change("update device set interval_s = 0 where id = $1", [login.deviceId]);
    const answers = await Promise.all(Array.from({ length: 50 }, () => pollCodes(SLUG, login)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 200).map((answer) => errorOf(answer)[1]))).toEqual(new Set(["invalid_grant"]));
    expect(errorOf(await pollCodes(SLUG, login))).toEqual([400, "invalid_grant"]);
  });

  it.each([
    ["the person is deactivated", "update principal set active = $2::boolean where id = $1", () => mira.id, [false, true]],
    [
      "the device is locked",
      "update device set status = case when $2::boolean then 'active' else 'locked' end where id = $1",
      (id: string) => id,
      [false, true],
    ],
  ] as const)("DEV-10 a trusted device's token is refused at once when %s", async (_what, text, idOf, [off, on]) => {
    const { login, token } = await signIn(true);
    expect((await call(token, SLUG, "GET", "/current-user")).status).toBe(200);
    const id = idOf(login.deviceId);
    await change(text, [id, off]);
    expect((await call(token, SLUG, "GET", "/current-user")).status).toBe(401);
    await change(text, [id, on]);
  });

  it(`DEV-12 ${tries(10_000)} open requests: a source is stopped after a few, a client has one, others get theirs`, { timeout: 900_000 }, async () => {
    const clientId = randomUUID();
    const statuses: number[] = [];
    for (let request = 0; request < tries(10_000); request++)
      statuses.push((await requestCodes(SLUG, "198.51.100.200", request % 2 ? clientId : randomUUID())).answer.status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(25);
    expect(statuses.at(-1)).toBe(429);
    const [row] = await asOwner<{ n: number }>(db.ownerUrl, "select count(*)::int as n from device where client_id = $1", [clientId]);
    expect(row?.n).toBe(1);
    expect((await requestCodes(SLUG, "198.51.100.201")).answer.status).toBe(200);
  });
});

describe("a password login", () => {
  it("takes an e-mail address or a name, sets no cookie, and leaves an entry", async () => {
    const seq = await lastSeq(db.ownerUrl);
    await change("update principal set name = 'mira.aalto' where id = $1", [mira.id]);
    for (const name of ["MIRA@acme.example", "mira.aalto"]) {
      const answer = await passwordLogin(name, PASSWORD, SLUG);
      expect(answer.body).toMatchObject({ token_type: "bearer", csrf_token: null, refresh_token: null, expires_in: 43_200 });
      expect(answer.headers.get("set-cookie")).toBeNull();
    }
    expect((await trailAfter(db.ownerUrl, seq)).map((entry) => entry.action)).toEqual(["login-token.issued", "login-token.issued"]);
  });

  it("is refused with one text for a wrong password, an unknown name and an ended account, and throttled", async () => {
    const wrong = { status: 401, body: { detail: ["CredentialsNotValid", "Authentication error: invalid username or password"] } };
    expect(await passwordLogin("mira@acme.example", "wrong", SLUG)).toMatchObject(wrong);
    expect(await passwordLogin("nobody@acme.example", "wrong", SLUG)).toMatchObject(wrong);
    expect(await passwordLogin("ci", "wrong", SLUG), "service accounts have no password").toMatchObject(wrong);
    expect(await passwordLogin("mira@acme.example", "", SLUG)).toMatchObject(wrong);
    await change("update principal set active = false where id = $1", [mira.id]);
    expect(await passwordLogin("mira@acme.example", PASSWORD, SLUG)).toMatchObject(wrong);
    await change("update principal set active = true where id = $1", [mira.id]);
    let last: Answer | undefined;
    for (let guess = 0; guess < 8; guess++) last = await passwordLogin("victim@acme.example", "wrong", SLUG);
    expect(last).toMatchObject({ status: 401, body: { detail: ["CredentialsNotValid", expect.stringContaining("too many failed logins")] } });
    await change("delete from throttle", []);
  });

  it("does not open another workspace, and ends with the person's epoch", async () => {
    expect((await passwordLogin("mira@acme.example", PASSWORD, "other")).status).toBe(404);
    expect((await call(tokens.mira, SLUG, "GET", "/current-user")).status).toBe(200);
    await change("update principal set epoch = epoch + 1 where id = $1", [mira.id]);
    expect((await call(tokens.mira, SLUG, "GET", "/current-user")).status).toBe(401);
    tokens.mira = tokenOf(await passwordLogin("mira@acme.example", PASSWORD, SLUG));
  });

  it("takes its runs' tokens along when the password is taken back", async () => {
    const { run } = await startRun(tokens.mira, SLUG, newId());
    const runToken = (await call(tokens.mira, SLUG, "GET", `/api_token?token_type=workload&pipeline_run_id=${run}`)).body as string;
    expect((await call(runToken, SLUG, "GET", `/runs/${run}`)).status).toBe(200);
    await change("update principal set epoch = epoch + 1 where id = $1", [mira.id]);
    expect((await call(runToken, SLUG, "GET", `/runs/${run}`)).status).toBe(401);
    tokens.mira = tokenOf(await passwordLogin("mira@acme.example", PASSWORD, SLUG));
  });

  it("does not renew itself, nor does a device's: what they ask for ends with them", async () => {
    const endOf = (token: string) => (readWireToken(token) as LoginToken).expiresAt;
    for (const token of [tokens.mira, (await signIn()).token]) {
      const week = (await call(token, SLUG, "GET", "/api_token?expires_in=604800")).body as string;
      expect(endOf(week)).toBe(endOf(token));
      const again = (await call(week, SLUG, "GET", "/api_token?expires_in=604800")).body as string;
      expect(endOf(again)).toBe(endOf(token));
      const short = (await call(token, SLUG, "GET", "/api_token?expires_in=60")).body as string;
      expect(endOf(short)).toBeLessThan(endOf(token));
    }
  });

  it("gives a generic token that is bound to it, and none that outlives a week", async () => {
    const made = await call(tokens.mira, SLUG, "GET", "/api_token?token_type=generic&expires_in=600");
    expect(await call(made.body as string, SLUG, "GET", "/current-user")).toMatchObject({ status: 200, body: { id: mira.id } });
    expect(await call(tokens.mira, SLUG, "GET", "/api_token?expires_in=604801")).toMatchObject({
      status: 400,
      body: { detail: ["ValueError", "The maximum expiration time for generic API tokens allowed by this server is 604800 seconds."] },
    });
    expect(await call(tokens.mira, SLUG, "GET", "/api_token?token_type=workload")).toMatchObject({
      status: 400,
      body: { detail: ["ValueError", "Workload API tokens must be scoped to a schedule, pipeline run or deployment."] },
    });
    await change("update principal set epoch = epoch + 1 where id = $1", [mira.id]);
    expect((await call(made.body as string, SLUG, "GET", "/current-user")).status).toBe(401);
    tokens.mira = tokenOf(await passwordLogin("mira@acme.example", PASSWORD, SLUG));
  });
});

it("logging out needs nothing, and activation is over", async () => {
  expect(await call(undefined, SLUG, "GET", "/logout")).toMatchObject({ status: 200, body: null });
  expect((await call(undefined, SLUG, "GET", "/logout")).headers.get("set-cookie")).toBeNull();
  expect(await call(undefined, SLUG, "PUT", "/activate", { admin_username: "again", admin_password: "x" })).toMatchObject({
    status: 403,
    body: { detail: ["IllegalOperationError", expect.stringContaining("The server is already active.")] },
  });
});
