import { beforeAll, beforeEach, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { grantRole } from "@/lib/access/grant-role";
import { createDirectory } from "@/lib/directories/change-directory";
import { provisionGroup, removeDirectoryGroup, updateDirectoryGroup } from "@/lib/directories/provision-group";
import { provisionUser, updateDirectoryUser } from "@/lib/directories/provision-user";
import { directoryActor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { addTeamMember, removeTeamMember } from "@/lib/teams/change-members";
import { createTeam, deleteTeam } from "@/lib/teams/change-team";
import { getTeam } from "@/lib/teams/queries";
import { createGroupRule, deleteGroupRule } from "./change-rules";
import { listGroupRules, listRuleChoices, previewGroupRule, previewRuleEnd } from "./queries";

// A group of a directory fills a team: its people are in it, with what it gives, for as long as the directory says so.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let okta: ReturnType<typeof callAs>;
let directoryId: string;
let teamId: string;
let team: { id: string; name: string };

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
});

beforeEach(async () => {
  directoryId = (await execute(createDirectory, admin, { slug: `d-${newId()}`, name: "Okta", provider: "okta" })).id;
  okta = callAs(directoryActor(acme.id, { name: "Okta" }, { id: newId(), label: "okta" }));
  team = await execute(createTeam, admin, { name: `t-${newId()}` });
  teamId = team.id;
  await execute(grantRole, callAs(acme.people["system-admin"], acme.own.workspace), { teamId, role: "contributor", scope: "workspace" });
});

type Person = {
  userId: string;
  id: string;
  state: { userName: string; externalId: null; active: boolean; email: string; fullName: string; attributes: Record<string, never> };
};

async function person(userName = `p-${newId()}@example.com`): Promise<Person> {
  const state = { userName, externalId: null, active: true, email: userName, fullName: "", attributes: {} };
  const { id } = await execute(provisionUser, okta, { directoryId, state });
  const [row] = await asOwner<{ principal_id: string }>(db.ownerUrl, "select principal_id from directory_user where id = $1", [id]);
  return { userId: id, id: row?.principal_id as string, state };
}
const group = async (...members: Person[]): Promise<string> =>
  (await execute(provisionGroup, okta, { directoryId, state: { displayName: `g-${newId()}`, externalId: null }, members: members.map((one) => one.userId) }))
    .id;

async function change(groupId: string, members: { add?: string[]; remove?: string[] }) {
  const [row] = await asOwner<{ version: number }>(db.ownerUrl, "select version from directory_group where id = $1", [groupId]);
  await execute(updateDirectoryGroup, okta, { directoryId, groupId, version: row?.version ?? 0, state: { displayName: "g", externalId: null }, members });
}
const has = async (one: Person): Promise<string[]> =>
  (await inScope([], (tx) => loadActor(tx, one.id, { kind: "session", id: newId(), label: "test" })))?.grants.flatMap((grant) =>
    grant.source === "team" ? [grant.role] : [],
  ) ?? ["out"];

it("fills the team with who is in the group, and empties it with who leaves, is ended, or the group goes", async () => {
  const [ada, bob, cy] = [await person(), await person(), await person()];
  const groupId = await group(ada, bob);
  expect(await execute(createGroupRule, admin, { groupId, teamId })).toMatchObject({ opened: 2, ended: 0 });
  expect([await has(ada), await has(bob), await has(cy)]).toEqual([["contributor"], ["contributor"], []]);
  await change(groupId, { add: [cy.userId], remove: [ada.userId] });
  expect([await has(ada), await has(cy)]).toEqual([[], ["contributor"]]);
  const set = (version: number, active: boolean) =>
    execute(updateDirectoryUser, okta, { directoryId, userId: bob.userId, version, state: { ...bob.state, active } });
  await set(1, false);
  expect(await has(bob)).toEqual(["out"]);
  await set(2, true);
  expect(await has(bob)).toEqual(["contributor"]);
  await execute(removeDirectoryGroup, okta, { directoryId, groupId });
  expect([await has(bob), await has(cy)]).toEqual([[], []]);
  expect(await ask(listGroupRules, admin, { directoryId })).toMatchObject([{ role: null, team: { id: teamId }, people: 0, state: "dead" }]);
});

it("keeps who is in the team by hand as well, and gives nothing twice", async () => {
  const ada = await person();
  const groupId = await group(ada);
  await execute(addTeamMember, admin, { teamId, principalId: ada.id });
  expect(await ask(previewGroupRule, admin, { groupId, teamId })).toMatchObject({ total: 1, gains: [{ keeps: true }] });
  const rule = await execute(createGroupRule, admin, { groupId, teamId });
  expect([rule.opened, await has(ada)]).toEqual([0, ["contributor"]]);
  expect((await ask(getTeam, admin, { teamId })).members.map((member) => member.through !== null).sort()).toEqual([false, true]);
  await execute(removeTeamMember, admin, { teamId, principalId: ada.id });
  expect(await has(ada)).toEqual(["contributor"]); // by the group
  await expect(execute(removeTeamMember, admin, { teamId, principalId: ada.id })).rejects.toMatchObject({ reason: "directory_owned" });
  expect(await ask(previewRuleEnd, admin, { ruleId: rule.id })).toMatchObject({ total: 1, losers: [{ principalId: ada.id, keeps: false }] });
  await expect(execute(deleteTeam, admin, { teamId })).rejects.toMatchObject({ code: "in_use" });
  expect(await execute(deleteGroupRule, admin, { ruleId: rule.id })).toMatchObject({ ended: 1 });
  expect(await has(ada)).toEqual([]);
});

it("refuses a rule that is the same, names neither or both, or would put its maker into the team", async () => {
  const groupId = await group(await person(acme.people.auditor.email ?? ""));
  await execute(createGroupRule, admin, { groupId, teamId });
  await expect(execute(createGroupRule, admin, { groupId, teamId })).rejects.toMatchObject({ code: "conflict" });
  await expect(execute(createGroupRule, admin, { groupId })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(createGroupRule, admin, { groupId, teamId, role: "auditor" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(createGroupRule, admin, { groupId, teamId: newId() })).rejects.toMatchObject({ code: "not_found" });
  const mine = await group();
  const [row] = await asOwner<{ id: string }>(
    db.ownerUrl,
    "insert into directory_user (id, directory_id, principal_id, user_name, active) values (gen_random_uuid(), $1, $2, $3, true) returning id",
    [directoryId, admin.actor.id, newId()],
  );
  await asOwner(db.ownerUrl, "insert into directory_member (group_id, user_id) values ($1, $2)", [mine, row?.id]);
  await expect(execute(createGroupRule, admin, { groupId: mine, teamId })).rejects.toMatchObject({ reason: "own_grant" });
  expect((await ask(listRuleChoices, admin, { directoryId })).teams.map((one) => one.id)).toContain(teamId);
});

it("loses nobody while a team is given roles and its group changes at once", async () => {
  const people = await Promise.all(Array.from({ length: 5 }, () => person()));
  const groupId = await group();
  await execute(createGroupRule, admin, { groupId, teamId });
  const give = execute(grantRole, callAs(acme.people["system-admin"], acme.own.workspace), { teamId, role: "stack-admin", scope: "workspace" });
  await Promise.all([change(groupId, { add: people.map((one) => one.userId) }), give]);
  for (const one of people) expect((await has(one)).sort()).toEqual(["contributor", "stack-admin"]);
});
