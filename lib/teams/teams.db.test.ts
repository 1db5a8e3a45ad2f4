import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { changeGrant } from "@/lib/access/change-grant";
import { endGrant } from "@/lib/access/end-grant";
import { grantRole } from "@/lib/access/grant-role";
import { listGrants } from "@/lib/access/list-grants";
import { listReach } from "@/lib/access/reach";
import { explainAccess } from "@/lib/access/why";
import type { Subject } from "@/lib/authz/can";
import { limitsOf } from "@/lib/authz/limits";
import type { RoleId } from "@/lib/authz/permissions";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { removeMember } from "@/lib/members/remove-member";
import { setWorkspaceAdmin } from "@/lib/members/set-workspace-admin";
import { createProject } from "@/lib/projects/create-project";
import { deleteProject } from "@/lib/projects/delete-project";
import { deleteWorkspace } from "@/lib/workspaces/delete-workspace";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { addTeamMember, removeTeamMember } from "./change-members";
import { createTeam, deleteTeam, updateTeam } from "./change-team";
import { getTeam, listTeamGrants, listTeams } from "./queries";

// Who is in a team has what it has, on the next request and no longer; and a team is no way around the rules of grants.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let atHome: ReturnType<typeof callAs>;
let teamId: string;
let ada: Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
  atHome = callAs(acme.people["system-admin"], acme.own.workspace);
});

beforeEach(async () => {
  teamId = (await execute(createTeam, admin, { name: `t-${newId()}`, description: "risk models" })).id;
  ada = await makePerson(acme.id, "member", acme.own.workspace.id);
});

const fresh = async (person: Pick<Actor, "id">): Promise<Actor> =>
  (await inScope([], (tx) => loadActor(tx, person.id, { kind: "session", id: newId(), label: "test" }))) as Actor;
const roles = async (person: Pick<Actor, "id">) =>
  (await fresh(person)).grants.flatMap((grant) => (grant.source === "team" ? [`${grant.effect} ${grant.role} ${grant.scopeKind}`] : [])).sort();
const add = (person: Pick<Actor, "id">, context = admin) => execute(addTeamMember, context, { teamId, principalId: person.id });
const takeOut = (person: Pick<Actor, "id">, context = admin) => execute(removeTeamMember, context, { teamId, principalId: person.id });
const give = (role: RoleId, more: Record<string, unknown> = {}, context = atHome) => execute(grantRole, context, { teamId, role, scope: "workspace", ...more });
const giveAll = (role: RoleId, more: Record<string, unknown> = {}) => execute(grantRole, admin, { teamId, role, scope: "organization", ...more });
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();

describe("what a team gives", () => {
  it("its members have from the request after joining, or after the team got it, to the one after leaving", async () => {
    const bob = await makePerson(acme.id, "member", acme.own.workspace.id);
    await give("viewer");
    await add(ada);
    expect([await roles(ada), await roles(bob)]).toEqual([["allow viewer workspace"], []]);
    await add(bob);
    await give("contributor", { scope: "project", projectId: acme.own.projectId, until: tomorrow() });
    expect(await roles(bob)).toEqual(["allow contributor project", "allow viewer workspace"]);
    expect((await fresh(bob)).grants.find((grant) => grant.role === "contributor")?.until).not.toBeNull();
    await takeOut(ada);
    expect([await roles(ada), await roles(bob)]).toEqual([[], ["allow contributor project", "allow viewer workspace"]]);
    await add(ada); // back again: a new interval
    expect(await asOwner(db.ownerUrl, "select 1 from role_grant where principal_id = $1 and role = 'viewer'", [ada.id])).toHaveLength(2);
  });

  it("ends with the team's grant and with the team, and each act is one entry that says how many it reached", async () => {
    await add(ada);
    const { id } = await give("viewer");
    await give("stack-admin");
    const seq = await lastSeq(db.ownerUrl);
    await execute(endGrant, atHome, { grantId: id, reason: "not any more" });
    expect(await roles(ada)).toEqual(["allow stack-admin workspace"]);
    await execute(deleteTeam, admin, { teamId });
    expect(await roles(ada)).toEqual([]);
    expect((await ask(listTeams, admin, {})).filter((team) => team.id === teamId)).toEqual([]);
    const trail = await asOwner(db.ownerUrl, "select action, before, after, reason from audit_entry where seq > $1 order by seq", [seq]);
    expect(trail).toMatchObject([
      { action: "grant.ended", before: { members: 1 }, reason: "not any more" },
      { action: "team.deleted", before: { members: 1, grants: 1 }, after: { grantsEnded: 1 } },
    ]);
    await expect(execute(endGrant, atHome, { grantId: id })).rejects.toMatchObject({ code: "not_found" });
  });

  it("is told with the team's name wherever grants are read, now and as it was", async () => {
    await execute(updateTeam, admin, { teamId, name: `Risk ${teamId}` });
    await add(ada);
    await give("viewer");
    const through = `Risk ${teamId}`;
    const input = { conditions: [], sort: { field: "since", direction: "desc" as const }, limit: 10, principalId: ada.id };
    expect((await ask(listGrants, atHome, input)).rows).toMatchObject([{ role: "viewer", source: "team", through, canEnd: false }]);
    const asked = { permission: "run:read", projectId: acme.own.projectId };
    expect((await ask(listReach, atHome, asked)).paths.filter((path) => path.principalId === ada.id)).toMatchObject([{ source: "team", through }]);
    expect(await ask(explainAccess, atHome, { principalId: ada.id, permission: "run:read" })).toMatchObject({ allowed: true, considered: [{ through }] });
    const at = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await takeOut(ada);
    expect((await ask(listReach, atHome, asked)).paths.filter((path) => path.principalId === ada.id)).toEqual([]);
    expect((await ask(listReach, atHome, { ...asked, at })).paths.filter((path) => path.principalId === ada.id)).toMatchObject([{ through }]);
  });

  it("can't be ended, changed or removed person by person", async () => {
    await add(ada);
    await give("workspace-admin");
    const [row] = await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where principal_id = $1", [ada.id]);
    const grantId = row?.id;
    const refusal = { code: "forbidden", reason: "team_owned" };
    await expect(execute(endGrant, atHome, { grantId })).rejects.toMatchObject(refusal);
    await expect(execute(changeGrant, atHome, { grantId, role: "viewer" })).rejects.toMatchObject(refusal);
    await expect(execute(removeMember, atHome, { principalId: ada.id })).rejects.toMatchObject(refusal);
    await expect(execute(setWorkspaceAdmin, atHome, { principalId: ada.id, isAdmin: false })).rejects.toMatchObject(refusal);
    expect(await roles(ada)).toEqual(["allow workspace-admin workspace"]);
  });

  it("is not missed when somebody joins while the team is given something", async () => {
    const people = await Promise.all(Array.from({ length: 6 }, () => makePerson(acme.id, "member", acme.own.workspace.id)));
    await Promise.all([...people.map((person) => add(person)), give("viewer"), give("stack-admin")]);
    for (const person of people) expect(await roles(person)).toEqual(["allow stack-admin workspace", "allow viewer workspace"]);
    await Promise.all([...people.slice(3).map((person) => takeOut(person)), give("contributor")]);
    for (const person of people.slice(0, 3)) expect(await roles(person)).toHaveLength(3);
    for (const person of people.slice(3)) expect(await roles(person)).toEqual([]);
  });

  it("ends with a workspace and goes with a project", async () => {
    const workspace = await execute(createWorkspace, admin, { name: `w-${newId()}` });
    const there = { ...acme.own.workspace, id: workspace.id, slug: workspace.slug };
    await add(ada);
    const context = callAs(acme.people["system-admin"], there);
    await give("viewer", {}, context);
    const owner = callAs(acme.people["workspace-admin"], acme.own.workspace);
    const project = await execute(createProject, owner, { name: `p-${newId()}`.slice(0, 40), displayName: "P" });
    await give("viewer", { scope: "project", projectId: project.id });
    await execute(deleteWorkspace, admin, { id: workspace.id, name: workspace.slug });
    expect(await roles(ada)).toEqual(["allow viewer project"]);
    const bob = await makePerson(acme.id, "member", acme.own.workspace.id);
    await add(bob);
    expect(await roles(bob)).toEqual(["allow viewer project"]);
    await execute(deleteProject, owner, { project: project.id });
    expect([await roles(ada), await roles(bob)]).toEqual([[], []]);
  });
});

describe("a team is no way around the rules of grants", () => {
  const me = () => acme.people["system-admin"];

  it("nobody joins by their own hand, nor gives a role to a team that they are in", async () => {
    await expect(add(me())).rejects.toMatchObject({ reason: "own_grant" });
    const other = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    await add(me(), callAs(other));
    await expect(give("viewer")).rejects.toMatchObject({ reason: "own_grant" });
    await give("viewer", {}, callAs(other, acme.own.workspace));
    expect(await roles(me())).toEqual(["allow viewer workspace"]);
    await takeOut(me()); // leaving is allowed
    expect(await roles(me())).toEqual([]);
  });

  it("a Workspace Admin gives teams what they hold, in their workspace, and fills none", async () => {
    const owner = callAs(acme.people["workspace-admin"], acme.own.workspace);
    await add(ada);
    await give("contributor", {}, owner);
    expect(await roles(ada)).toEqual(["allow contributor workspace"]);
    await expect(give("approver", {}, owner)).rejects.toMatchObject({ reason: "exceeds_granter" });
    await expect(giveAll("runner")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(give("runner")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(give("viewer", {}, callAs(acme.people["workspace-admin"], acme.foreign.workspace))).rejects.toMatchObject({ code: "not_found" });
    await expect(takeOut(ada, owner)).rejects.toMatchObject({ code: "not_found" });
    const [grant] = await ask(listTeamGrants, owner, { teamId });
    expect(grant).toMatchObject({ role: "contributor", members: 1, canEnd: true });
    await execute(endGrant, owner, { grantId: grant?.id });
    expect(await roles(ada)).toEqual([]);
  });

  it("a credential that may not give the team's roles puts nobody into it", async () => {
    await give("viewer");
    const limits = limitsOf({ scopes: ["team:update"], workspaceId: null, projectId: null }) as Subject["limits"];
    await expect(add(ada, callAs({ ...me(), limits }))).rejects.toMatchObject({ reason: "exceeds_granter" });
    expect(await roles(ada)).toEqual([]);
  });

  it("a deny of a team binds its members; who it binds neither ends it nor leaves it", async () => {
    const other = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    await add(ada);
    await execute(grantRole, atHome, { principalId: ada.id, role: "contributor", scope: "workspace" });
    const { id } = await give("contributor", { effect: "deny" });
    expect(await roles(ada)).toEqual(["deny contributor workspace"]);
    await add(me(), callAs(other));
    await expect(execute(endGrant, atHome, { grantId: id })).rejects.toMatchObject({ reason: "own_grant" });
    await expect(takeOut(me())).rejects.toMatchObject({ reason: "own_grant" });
    await expect(execute(deleteTeam, admin, { teamId })).rejects.toMatchObject({ reason: "own_grant" });
    const owner = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
    const theirs = await execute(createTeam, admin, { name: `t-${newId()}` });
    await execute(addTeamMember, callAs(other), { teamId: theirs.id, principalId: me().id });
    await expect(
      execute(grantRole, callAs(owner, acme.own.workspace), { teamId: theirs.id, role: "viewer", scope: "workspace", effect: "deny" }),
    ).rejects.toMatchObject({ reason: "exceeds_granter" }); // who oversees the organization
    await takeOut(me(), callAs(other));
    await takeOut(ada);
    expect(await roles(ada)).toEqual([]);
  });

  it("the last System Admin stays, whichever way the team would end it", async () => {
    const beta = await makeTestOrganization("Beta");
    const setUp = beta.people["system-admin"];
    const team = await execute(createTeam, callAs(setUp), { name: "Admins" });
    const eve = await makePerson(beta.id, "member", beta.own.workspace.id);
    await execute(addTeamMember, callAs(setUp), { teamId: team.id, principalId: eve.id });
    const { id } = await execute(grantRole, callAs(setUp), { teamId: team.id, role: "system-admin", scope: "organization" });
    const [own] = await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where principal_id = $1", [setUp.id]);
    await execute(endGrant, callAs(setUp), { grantId: own?.id });
    const asEve = callAs(await fresh(eve));
    const refusal = { code: "forbidden", reason: "last_system_admin" };
    await expect(execute(endGrant, asEve, { grantId: id })).rejects.toMatchObject(refusal);
    await expect(execute(removeTeamMember, asEve, { teamId: team.id, principalId: eve.id })).rejects.toMatchObject(refusal);
    await expect(execute(deleteTeam, asEve, { teamId: team.id })).rejects.toMatchObject(refusal);
    expect(await roles(eve)).toEqual(["allow system-admin organization"]);
  });

  it("tells nobody of teams who may not read them, and a Workspace Admin nothing of grants elsewhere", async () => {
    await give("viewer", {}, callAs(me(), acme.foreign.workspace));
    const owner = callAs(acme.people["workspace-admin"]);
    expect(await ask(listTeams, callAs(acme.people.viewer), {})).toEqual([]);
    await expect(ask(getTeam, callAs(acme.people.viewer), { teamId })).rejects.toMatchObject({ code: "not_found" });
    expect(await ask(getTeam, owner, { teamId })).toMatchObject({ id: teamId, entries: null });
    expect(await ask(listTeamGrants, owner, { teamId })).toEqual([]);
    expect(await ask(getTeam, callAs(acme.people.auditor), { teamId })).toMatchObject({ entries: [{ action: "grant.created" }, { action: "team.created" }] });
    expect(await ask(listTeamGrants, callAs(acme.people.auditor), { teamId })).toMatchObject([{ canEnd: false }]);
  });

  it("leaves one denied entry for each refusal", async () => {
    const seq = await lastSeq(db.ownerUrl);
    await expect(add(me())).rejects.toMatchObject({ code: "forbidden" });
    expect((await trailAfter(db.ownerUrl, seq)).map(({ action, outcome, reason }) => [action, outcome, reason])).toEqual([
      ["team.member-added", "denied", "own_grant"],
    ]);
  });
});
