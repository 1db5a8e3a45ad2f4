import { beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createGroupRule } from "@/lib/group-rules/change-rules";
import { directoryActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { sweepExpired } from "@/lib/jobs/sweep";
import { openMail } from "@/lib/mail/mail";
import { createDirectory } from "./change-directory";
import { applyHold, discardHold } from "./decide-hold";
import { listDirectoryDrift } from "./drift";
import { getDirectoryHold } from "./hold-queries";
import { provisionGroup, removeDirectoryGroup, updateDirectoryGroup } from "./provision-group";
import { provisionUser, removeDirectoryUser, updateDirectoryUser } from "./provision-user";
import { getDirectory } from "./queries";
import { alarmSilentDirectories } from "./sweep-silent";

// Bulk removals: which are held, what the directory hears, what a decision does; and the alarms. A directory of 40 may end 8 within an hour.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let okta: ReturnType<typeof callAs>;
let directoryId: string;
let people: Person[];

const PEOPLE = 40;
const MOST = 8;

type Person = { id: string; account: string; userName: string };
const rows = <T extends Record<string, unknown>>(text: string, values: unknown[] = []) => asOwner<T>(db.ownerUrl, text, values);

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_SMTP_URL = "smtp://127.0.0.1:1";
  process.env.REEVE_MAIL_FROM = "Reeve <reeve@example.com>";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
  okta = callAs(directoryActor(acme.id, { name: "Okta" }, { id: newId(), label: "okta" }));
});

beforeEach(async () => {
  directoryId = (await execute(createDirectory, admin, { slug: `d-${newId()}`, name: "Okta", provider: "okta" })).id;
  people = [];
  for (let n = 0; n < PEOPLE; n++) people.push(await person());
  await rows("delete from outbox");
});

const stateOf = (userName: string, active = true) => ({ userName, externalId: null, active, email: userName, fullName: "", attributes: {} });
async function person(): Promise<Person> {
  const userName = `p-${newId()}@example.com`;
  const { id } = await execute(provisionUser, okta, { directoryId, state: stateOf(userName) });
  const [row] = await rows<{ principal_id: string }>("select principal_id from directory_user where id = $1", [id]);
  return { id, account: row?.principal_id as string, userName };
}
async function set(one: Person, active: boolean) {
  const [row] = await rows<{ version: number }>("select version from directory_user where id = $1", [one.id]);
  return execute(updateDirectoryUser, okta, { directoryId, userId: one.id, version: row?.version, state: stateOf(one.userName, active) });
}
const isActive = async (one: Person) => (await rows<{ active: boolean }>("select active from principal where id = $1", [one.account]))[0]?.active;
const activeCount = async () => (await Promise.all(people.map(isActive))).filter(Boolean).length;
const hold = async () => (await ask(getDirectory, admin, { directoryId })).hold;
const at = (n: number): Person => people[n] as Person;

/** Deactivates people one after the other; gives why each was not taken, or undefined. */
async function end(...some: Person[]) {
  const answers = [];
  for (const one of some) answers.push((await set(one, false)).notTaken?.why);
  return answers;
}
async function group(...members: Person[]): Promise<string> {
  const state = { displayName: `g-${newId()}`, externalId: null };
  return (await execute(provisionGroup, okta, { directoryId, state, members: members.map(({ id }) => id) })).id;
}
const changeGroup = async (groupId: string, members: { replace?: string[]; add?: string[]; remove?: string[] }) => {
  const [row] = await rows<{ version: number; display_name: string }>("select version, display_name from directory_group where id = $1", [groupId]);
  const state = { displayName: row?.display_name ?? "", externalId: null };
  return execute(updateDirectoryGroup, okta, { directoryId, groupId, version: row?.version, state, members });
};
const mapped = async (groupId: string) => execute(createGroupRule, admin, { groupId, role: "viewer", scope: "workspace", workspaceId: acme.own.workspace.id });
const drift = async () =>
  (await ask(listDirectoryDrift, admin, { directoryId, conditions: [], sort: { field: "what", direction: "asc" } })).rows.map(({ kind, said, held, why }) => [
    kind,
    said,
    held,
    why,
  ]);

it("ends people up to the share at once; from there nothing more is taken, and one mail tells each System Admin", async () => {
  expect(await end(...people.slice(0, MOST))).toEqual(Array(MOST).fill(undefined));
  expect([await hold(), await activeCount()]).toEqual([null, PEOPLE - MOST]);
  expect(await end(at(8), at(9), at(9))).toEqual(["wait", "wait", "wait"]);
  expect((await execute(removeDirectoryUser, okta, { directoryId, userId: at(10).id })).notTaken?.why).toBe("wait");
  expect([await activeCount(), await hold()]).toEqual([PEOPLE - MOST, expect.objectContaining({ held: 3, people: PEOPLE })]);
  const mails = (await rows<{ payload: Record<string, unknown> }>("select payload from outbox where topic = 'mail'")).map(({ payload }) => openMail(payload));
  expect(mails.map(({ to }) => to)).toEqual([acme.people["system-admin"].email]);
  expect(mails[0]?.text).toMatch(/8 of 40.*\/settings\/directory\/[0-9a-f-]+\/holds\/[0-9a-f-]+/s);
  const trail = await rows("select 1 from audit_entry where action = 'directory-removal.held' and target_id = any($1)", [people.map(({ id }) => id)]);
  expect(trail).toHaveLength(3);
  expect(await drift()).toEqual([
    ["account", "deactivated", "active", "held: waits for a decision"],
    ["account", "deactivated", "active", "held: waits for a decision"],
    ["account", "deleted", "active", "held: waits for a decision"],
  ]);
});

it("many at once are judged one after the other", async () => {
  const answers = await Promise.all(people.map((one) => set(one, false)));
  expect(answers.filter(({ notTaken }) => !notTaken)).toHaveLength(MOST);
  expect(await activeCount()).toBe(PEOPLE - MOST);
});

it("applying ends all that is held, with the name typed, and the directory finds it done", async () => {
  await end(...people.slice(0, MOST + 2));
  await execute(removeDirectoryUser, okta, { directoryId, userId: at(12).id });
  const holdId = (await hold())?.id;
  await expect(execute(applyHold, admin, { directoryId, holdId, typedName: "Entra" })).rejects.toMatchObject({ code: "invalid_input" });
  expect(await activeCount()).toBe(PEOPLE - MOST);
  expect(await execute(applyHold, admin, { directoryId, holdId, typedName: "Okta" })).toMatchObject({ people: 3 });
  expect([await isActive(at(8)), await isActive(at(9)), await isActive(at(12)), await activeCount(), await hold()]).toEqual([
    false,
    false,
    false,
    PEOPLE - MOST - 3,
    null,
  ]);
  expect(await end(at(8))).toEqual([undefined]);
  await expect(execute(removeDirectoryUser, okta, { directoryId, userId: at(12).id })).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(discardHold, admin, { directoryId, holdId })).rejects.toMatchObject({ code: "conflict" });
  expect(await drift()).toEqual([]);
});

it("discarding keeps everybody, refuses the same for a day, and judges it anew after that", async () => {
  await end(...people.slice(0, MOST + 2));
  const holdId = (await hold())?.id;
  await execute(discardHold, admin, { directoryId, holdId });
  expect([await isActive(at(8)), await hold()]).toEqual([true, null]);
  expect(await end(at(8), at(9))).toEqual(["refused", "refused"]);
  expect(await hold()).toBeNull();
  expect((await drift()).map(([, , , why]) => why)).toEqual([expect.stringMatching(/^refused by /), expect.stringMatching(/^refused by /)]);
  await rows("update directory_hold set decided_at = decided_at - interval '25 hours' where id = $1", [holdId]);
  await rows("update directory_removal set at = at - interval '25 hours' where directory_id = $1 and hold_id is null", [directoryId]);
  expect(await end(at(8))).toEqual([undefined]);
  await sweepExpired();
  expect(await rows("select 1 from directory_removal where directory_id = $1 and hold_id is null", [directoryId])).toHaveLength(1);
});

it("what the directory takes back is not ended by the decision; a hold of which nothing is left ends", async () => {
  await end(...people.slice(0, MOST + 2));
  await set(at(8), true);
  expect(await hold()).toMatchObject({ held: 1 });
  const holdId = (await hold())?.id;
  expect((await ask(getDirectoryHold, admin, { directoryId, holdId })).removals.map(({ userName }) => userName)).toEqual([at(9).userName]);
  await set(at(9), true);
  expect([await hold(), (await ask(getDirectoryHold, admin, { directoryId, holdId })).state]).toEqual([null, "withdrawn"]);
});

it("counts who leaves a group with a rule, alone or with the group; a group that gives nothing is not held", async () => {
  const [plain, ruled] = [await group(...people.slice(0, 20)), await group(...people.slice(0, 20))];
  await mapped(ruled);
  expect((await changeGroup(plain, { replace: [] })).notTaken).toBeUndefined();
  expect((await changeGroup(ruled, { replace: [at(0).id] })).notTaken?.why).toBe("wait");
  expect((await changeGroup(ruled, { remove: [at(0).id] })).notTaken?.why).toBe("wait");
  const holdId = (await hold())?.id;
  const { removals } = await ask(getDirectoryHold, admin, { directoryId, holdId });
  expect([removals.length, removals[0]?.kind, removals[0]?.roles.map(({ role }) => role)]).toEqual([20, "left", ["viewer"]]);
  await changeGroup(ruled, { add: [at(1).id] }); // it has them after all
  expect(await hold()).toMatchObject({ held: 19 });
  expect((await execute(removeDirectoryGroup, okta, { directoryId, groupId: ruled })).notTaken?.why).toBe("wait");
  expect(await hold()).toMatchObject({ held: 20 });
  await execute(applyHold, admin, { directoryId, holdId, typedName: "Okta" });
  expect(await rows("select 1 from role_grant g join group_rule r on r.id = g.group_rule_id where r.group_id = $1 and g.valid_to is null", [ruled])).toEqual(
    [],
  );
  expect((await drift()).map(([kind]) => kind)).toEqual(["group"]);
  expect(await activeCount()).toBe(PEOPLE);
});

it("a share of 100 holds nothing, and five are never too many", async () => {
  await rows("update directory set hold_percent = 1 where id = $1", [directoryId]);
  expect(await end(...people.slice(0, 6))).toEqual([...Array(5).fill(undefined), "wait"]);
  await execute(discardHold, admin, { directoryId, holdId: (await hold())?.id });
  await rows("update directory set hold_percent = 100 where id = $1", [directoryId]);
  expect((await end(...people.slice(6))).filter(Boolean)).toEqual([]);
});

it("accounts that a person ended, and grants that were changed past the rules, stand in the drift view", async () => {
  await rows("update principal set active = false, ended_by = 'person', ended_at = now() where id = $1", [at(0).account]);
  const ruled = await group(at(1), at(2));
  await mapped(ruled);
  expect(await drift()).toEqual([["account", "active", "deactivated", "ended here by a person"]]);
  await rows("update role_grant set valid_to = now() where principal_id = $1 and group_rule_id is not null", [at(1).account]);
  await rows("delete from directory_member where user_id = $1", [at(2).id]);
  expect((await drift()).map(([kind, , , why]) => [kind, why]).sort()).toEqual([
    ["account", "ended here by a person"],
    ["grant", "the grant is missing"],
    ["grant", "the grant was not ended"],
  ]);
});

it("a silence is told once, and again only after the directory spoke", async () => {
  await rows("update directory set last_event_at = null");
  const silent = (hours: number) => rows("update directory set last_event_at = now() - make_interval(hours => $2) where id = $1", [directoryId, hours]);
  await silent(47);
  expect(await alarmSilentDirectories()).toBe(0);
  await silent(49);
  const [first, second] = await Promise.all([alarmSilentDirectories(), alarmSilentDirectories()]);
  expect(first + second).toBe(1);
  expect(await alarmSilentDirectories()).toBe(0);
  const mails = (await rows<{ payload: Record<string, unknown> }>("select payload from outbox where topic = 'mail'")).map(({ payload }) => openMail(payload));
  expect(mails.map(({ to, subject }) => [to, subject])).toEqual([[acme.people["system-admin"].email, "Okta is silent"]]);
  expect(await rows("select 1 from audit_entry where action = 'directory.fell-silent' and target_id = $1", [directoryId])).toHaveLength(1);
  await rows("update directory set silent_alarmed_at = silent_alarmed_at - interval '60 hours', last_event_at = now() - interval '50 hours' where id = $1", [
    directoryId,
  ]);
  expect(await alarmSilentDirectories()).toBe(1);
  await rows("update directory set active = false, silent_alarmed_at = null where id = $1", [directoryId]);
  expect(await alarmSilentDirectories()).toBe(0);
});
