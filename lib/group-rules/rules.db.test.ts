import { beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { endGrant } from "@/lib/access/end-grant";
import { grantRole } from "@/lib/access/grant-role";
import { createDirectory } from "@/lib/directories/change-directory";
import { provisionGroup, removeDirectoryGroup, updateDirectoryGroup } from "@/lib/directories/provision-group";
import { provisionUser, removeDirectoryUser, updateDirectoryUser } from "@/lib/directories/provision-user";
import { type Actor, directoryActor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createGroupRule, deleteGroupRule } from "./change-rules";
import { listGroupRules, previewGroupRule, previewRuleEnd } from "./queries";

// A group of a directory gives a role, for as long as the directory says so: each change holds on the next request.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let okta: ReturnType<typeof callAs>;
let directoryId: string;

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
});

beforeEach(async () => {
  const made = await execute(createDirectory, admin, { slug: `d-${newId()}`, name: "Okta", provider: "okta" });
  directoryId = made.id;
  okta = callAs(directoryActor(acme.id, { name: "Okta" }, { id: newId(), label: "okta" }));
});

type Person = {
  userId: string;
  principalId: string;
  state: { userName: string; externalId: null; active: boolean; email: string; fullName: string; attributes: Record<string, never> };
};

async function person(): Promise<Person> {
  const userName = `p-${newId()}@example.com`;
  const state = { userName, externalId: null, active: true, email: userName, fullName: "", attributes: {} };
  const { id } = await execute(provisionUser, okta, { directoryId, state });
  const [row] = await asOwner<{ principal_id: string }>(db.ownerUrl, "select principal_id from directory_user where id = $1", [id]);
  return { userId: id, principalId: row?.principal_id as string, state };
}

async function group(...members: Person[]): Promise<string> {
  const state = { displayName: `g-${newId()}`, externalId: null };
  return (await execute(provisionGroup, okta, { directoryId, state, members: members.map((one) => one.userId) })).id;
}

async function change(groupId: string, members: { add?: string[]; remove?: string[]; replace?: string[] }, displayName = `g-${newId()}`) {
  const [row] = await asOwner<{ version: number }>(db.ownerUrl, "select version from directory_group where id = $1", [groupId]);
  await execute(updateDirectoryGroup, okta, { directoryId, groupId, version: row?.version ?? 0, state: { displayName, externalId: null }, members });
}

const rule = (groupId: string, role = "viewer", workspaceId = acme.own.workspace.id) => ({ groupId, role, scope: "workspace", workspaceId });
const contributor = "contributor";

/** The roles that a person has on the next request, with where each comes from. */
async function roles(one: Person): Promise<string[]> {
  const actor = (await inScope([], (tx) => loadActor(tx, one.principalId, { kind: "session", id: newId(), label: "test" }))) as Actor | undefined;
  return actor
    ? actor.grants
        .flatMap((grant) => (grant.source === "group_rule" ? [`${grant.role} ${grant.workspaceId === acme.own.workspace.id ? "own" : "foreign"}`] : []))
        .sort()
    : ["out"];
}

it("gives its role to who is in the group now, and to who comes; takes it from who goes", async () => {
  const [ada, bob] = [await person(), await person()];
  const id = await group(ada);
  expect(await execute(createGroupRule, admin, rule(id))).toMatchObject({ opened: 1, ended: 0 });
  await execute(createGroupRule, admin, rule(id, contributor, acme.foreign.workspace.id));
  expect([await roles(ada), await roles(bob)]).toEqual([["contributor foreign", "viewer own"], []]);
  await change(id, { add: [bob.userId] });
  expect(await roles(bob)).toEqual(["contributor foreign", "viewer own"]);
  await change(id, { remove: [ada.userId] });
  expect([await roles(ada), await roles(bob)]).toEqual([[], ["contributor foreign", "viewer own"]]);
  await change(id, { replace: [] });
  expect(await roles(bob)).toEqual([]);
  const intervals = await asOwner(db.ownerUrl, "select ended_by from role_grant where principal_id = $1 and valid_to is not null", [ada.principalId]);
  expect(intervals).toEqual([{ ended_by: "directory" }, { ended_by: "directory" }]);
});

it("SCIM-18: a rule follows the group's id through a new name, and gives nothing once the group is deleted", async () => {
  const ada = await person();
  const id = await group(ada);
  await execute(createGroupRule, admin, rule(id));
  await change(id, {}, "another name");
  expect(await roles(ada)).toEqual(["viewer own"]);
  await execute(removeDirectoryGroup, okta, { directoryId, groupId: id });
  expect(await roles(ada)).toEqual([]);
  expect(await ask(listGroupRules, admin, { directoryId })).toMatchObject([{ state: "dead", people: 0, group: { name: "another name" } }]);
  await group(ada); // one of the same kind is another group
  expect(await roles(ada)).toEqual([]);
});

it("SCIM-19: between two groups nobody holds more than one of them gives, when the directory takes first", async () => {
  const ada = await person();
  const [viewers, contributors] = [await group(ada), await group()];
  await execute(createGroupRule, admin, rule(viewers));
  await execute(createGroupRule, admin, rule(contributors, contributor));
  await change(viewers, { remove: [ada.userId] });
  expect(await roles(ada)).toEqual([]);
  await change(contributors, { add: [ada.userId] });
  expect(await roles(ada)).toEqual(["contributor own"]);
});

it("ends what the rule gave when a person is deactivated or deleted, and gives it again when they come back", async () => {
  const ada = await person();
  const id = await group(ada);
  await execute(createGroupRule, admin, rule(id));
  const set = (version: number, active: boolean) =>
    execute(updateDirectoryUser, okta, { directoryId, userId: ada.userId, version, state: { ...ada.state, active } });
  await set(1, false);
  expect(await roles(ada)).toEqual(["out"]);
  expect(await asOwner(db.ownerUrl, "select 1 from role_grant where principal_id = $1 and valid_to is null", [ada.principalId])).toEqual([]);
  await set(2, true);
  expect(await roles(ada)).toEqual(["viewer own"]);
  await execute(removeDirectoryUser, okta, { directoryId, userId: ada.userId });
  expect(await roles(ada)).toEqual(["out"]);
  const { id: again } = await execute(provisionUser, okta, { directoryId, state: ada.state });
  expect(again).not.toBe(ada.userId);
  expect(await roles(ada)).toEqual([]); // its groups are said anew
});

it("shows before who would gain and who would lose, and for whom nothing changes", async () => {
  const [ada, bob] = [await person(), await person()];
  const id = await group(ada, bob);
  const twin = await group(bob);
  await execute(createGroupRule, admin, rule(twin));
  const preview = await ask(previewGroupRule, admin, rule(id));
  expect(preview).toMatchObject({
    total: 2,
    gains: [
      { principalId: ada.principalId, keeps: false },
      { principalId: bob.principalId, keeps: true },
    ],
  });
  const made = await execute(createGroupRule, admin, rule(id));
  const end = await ask(previewRuleEnd, admin, { ruleId: made.id });
  expect(end.losers.map((one) => [one.principalId, one.keeps])).toEqual([
    [ada.principalId, false],
    [bob.principalId, true],
  ]);
  expect(await execute(deleteGroupRule, admin, { ruleId: made.id })).toMatchObject({ ended: 2 });
  expect([await roles(ada), await roles(bob)]).toEqual([[], ["viewer own"]]);
});

it("refuses what nobody may grant, twice the same, one's own gain, and the end of the last System Admin", async () => {
  const ada = await person();
  const id = await group(ada);
  await execute(createGroupRule, admin, rule(id));
  await expect(execute(createGroupRule, admin, rule(id))).rejects.toMatchObject({ code: "conflict" });
  await expect(execute(createGroupRule, admin, rule(id, "member"))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(createGroupRule, admin, rule(id, "runner"))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(createGroupRule, admin, rule(id, "auditor"))).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(createGroupRule, admin, { groupId: id, role: "viewer", scope: "workspace" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(createGroupRule, admin, rule(newId()))).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(createGroupRule, admin, rule(id, "viewer", newId()))).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(createGroupRule, callAs(acme.people["workspace-admin"]), rule(id, contributor))).rejects.toMatchObject({ code: "not_found" });

  await asOwner(db.ownerUrl, "update directory_user set principal_id = $1 where id = $2", [acme.people["system-admin"].id, ada.userId]);
  await expect(execute(createGroupRule, admin, rule(id, contributor))).rejects.toMatchObject({ code: "forbidden", reason: "own_grant" });
  expect((await ask(listGroupRules, admin, { directoryId })).length).toBe(1);
  await asOwner(db.ownerUrl, "update directory_user set principal_id = $1 where id = $2", [ada.principalId, ada.userId]);

  const admins = await execute(createGroupRule, admin, { groupId: id, role: "system-admin", scope: "organization" });
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [acme.people["system-admin"].id]);
  try {
    await expect(change(id, { replace: [] })).rejects.toMatchObject({ code: "forbidden", reason: "last_system_admin" });
  } finally {
    await asOwner(db.ownerUrl, "update principal set active = true where id = $1", [acme.people["system-admin"].id]);
  }
  const [grant] = await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where group_rule_id = $1", [admins.id]);
  await expect(execute(endGrant, admin, { grantId: grant?.id })).rejects.toMatchObject({ code: "forbidden", reason: "directory_owned" });
});

it("many changes at once leave exactly what the directory says last", async () => {
  const people = await Promise.all(Array.from({ length: 6 }, person));
  const [left, right] = [await group(), await group()];
  await execute(createGroupRule, admin, rule(left));
  await execute(createGroupRule, admin, rule(right, contributor));
  const retried = async (groupId: string, members: { add?: string[]; remove?: string[] }): Promise<void> =>
    change(groupId, members).catch((error) => (error.reason === "stale" || error.code === "conflict" ? retried(groupId, members) : Promise.reject(error)));
  await Promise.all(people.flatMap((one) => [retried(left, { add: [one.userId] }), retried(right, { add: [one.userId] })]));
  await Promise.all(people.slice(0, 3).map((one) => retried(left, { remove: [one.userId] })));
  const held = await Promise.all(people.map(roles));
  expect(held).toEqual([...Array(3).fill(["contributor own"]), ...Array(3).fill(["contributor own", "viewer own"])]);
});

it("a rule says where it meets another: a deny grant, and another role of the same people at the same place", async () => {
  const [ada, bob] = [await person(), await person()];
  const [narrow, wide] = [await group(ada, bob), await group(ada)];
  await execute(createGroupRule, admin, rule(narrow));
  await execute(createGroupRule, admin, rule(wide, contributor));
  const deny = { principalId: bob.principalId, role: "viewer", scope: "workspace", effect: "deny" };
  await execute(grantRole, callAs(acme.people["system-admin"], acme.own.workspace), deny);
  const rules = await ask(listGroupRules, admin, { directoryId });
  const of = (groupId: string) => rules.find((one) => one.group.id === groupId);
  expect([of(narrow)?.denied, of(narrow)?.overlaps.map(({ role, people }) => [role, people])]).toEqual([1, [["contributor", 1]]]);
  expect([of(wide)?.denied, of(wide)?.overlaps.map(({ role, people }) => [role, people])]).toEqual([0, [["viewer", 1]]]);
});
