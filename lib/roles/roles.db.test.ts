import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { decideRequest } from "@/lib/access/decide-request";
import { endGrant } from "@/lib/access/end-grant";
import { grantRole } from "@/lib/access/grant-role";
import { listReach } from "@/lib/access/reach";
import { requestAccess } from "@/lib/access/request-access";
import { explainAccess } from "@/lib/access/why";
import { can, type Subject } from "@/lib/authz/can";
import { limitsOf } from "@/lib/authz/limits";
import { type Rights, rightsOf } from "@/lib/authz/permissions";
import { CLONABLE, clonedRights, holdable, rightsProblem } from "@/lib/authz/role-rule";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { inScope } from "@/lib/kernel/transaction";
import { invitePerson } from "@/lib/members/invite-person";
import { createServiceAccount } from "@/lib/service-accounts/create-service-account";
import { addTeamMember } from "@/lib/teams/change-members";
import { createTeam } from "@/lib/teams/change-team";
import { createRole, deleteRole, updateRole } from "./change-role";
import { getRole, listCustomRoles, previewRole } from "./queries";

// A role of the organization's own decides like one of the table, holds no more than its base's scope can, and changes for all at once.

useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let atHome: ReturnType<typeof callAs>;
let name: string;
let ada: Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
  atHome = callAs(acme.people["system-admin"], acme.own.workspace);
});
beforeEach(async () => {
  name = `r-${newId()}`;
  await execute(createRole, admin, { name, base: "viewer", summary: "Looks and stops" });
  ada = await makePerson(acme.id, "member", acme.own.workspace.id);
});

const fresh = async (person: Pick<Actor, "id">): Promise<Actor> =>
  (await inScope([], (tx) => loadActor(tx, person.id, { kind: "session", id: newId(), label: "test" }))) as Actor;
const here = () => ({ workspaceId: acme.own.workspace.id, projectId: acme.own.projectId });
const may = async (permission: Parameters<typeof can>[1], person: Pick<Actor, "id"> = ada) => can(await fresh(person), permission, here()).allowed;
const save = async (rights: Rights, context = admin) => {
  const { revision } = await ask(getRole, admin, { name });
  return execute(updateRole, context, { name, revision, rights });
};
const viewerAnd = (more: Rights): Rights => ({ ...rightsOf("viewer"), ...more });
const give = (context = atHome, more: Record<string, unknown> = {}) =>
  execute(grantRole, context, { principalId: ada.id, role: name, scope: "workspace", ...more });

describe("a role of the organization's own", () => {
  it("gives what it holds, and what it is changed to on the next request, to people and to teams", async () => {
    const team = await execute(createTeam, admin, { name: `t-${newId()}` });
    const bob = await makePerson(acme.id, "member", acme.own.workspace.id);
    await execute(addTeamMember, admin, { teamId: team.id, principalId: bob.id });
    await execute(grantRole, atHome, { teamId: team.id, role: name, scope: "project", projectId: acme.own.projectId });
    await give();
    for (const person of [ada, bob]) expect([await may("run:read", person), await may("run:stop", person)]).toEqual([true, false]);
    await save(viewerAnd({ "run:stop": "own", "pipeline:run": "any" }));
    for (const person of [ada, bob]) expect([await may("pipeline:run", person), await may("run:stop", person)]).toEqual([true, false]);
    expect(can(await fresh(ada), "run:stop", { ...here(), ownerId: ada.id }).allowed).toBe(true);
    const { "run:read": _, ...less } = rightsOf("viewer");
    await save(less);
    expect(await may("run:read")).toBe(false);
    expect(await ask(explainAccess, atHome, { principalId: ada.id, permission: "model:read" })).toMatchObject({
      allowed: true,
      considered: [{ role: name, gives: "any", isDeciding: true }],
    });
  });

  it("denies what it holds when it is denied", async () => {
    const person = await makePerson(acme.id, "contributor", acme.own.workspace.id);
    await save({ "run:read": "any" });
    await give(atHome, { principalId: person.id, effect: "deny" });
    expect([await may("run:read", person), await may("model:read", person)]).toEqual([false, true]);
  });

  it("tells who could at a moment by its rights of then", async () => {
    await give();
    await save(viewerAnd({ "pipeline:run": "any" }));
    const at = new Date().toISOString();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await save(rightsOf("viewer"));
    const asked = { permission: "pipeline:run", projectId: acme.own.projectId };
    const paths = async (moment: string | null) => (await ask(listReach, atHome, { ...asked, at: moment })).paths.filter((path) => path.principalId === ada.id);
    expect(await paths(null)).toEqual([]);
    expect(await paths(at)).toMatchObject([{ role: name }]);
    expect((await ask(getRole, admin, { name })).revisions.map((one) => [one.number, one.changes])).toEqual([
      [3, [{ permission: "pipeline:run", before: "any", after: null }]],
      [2, [{ permission: "pipeline:run", before: null, after: "any" }]],
      [1, []],
    ]);
  });

  it("says before it is saved who gains and loses, other grants taken in", async () => {
    const contributor = await makePerson(acme.id, "contributor", acme.own.workspace.id);
    await give();
    await give(atHome, { principalId: contributor.id });
    const { "lineage:read": _, ...less } = viewerAnd({ "pipeline:run": "any" });
    const preview = await ask(previewRole, admin, { name, rights: less });
    expect(preview).toMatchObject({ holders: 2, unaffected: 1 });
    expect(preview.effects).toMatchObject([{ principalId: ada.id, gains: ["pipeline:run"], loses: ["lineage:read"], where: acme.own.workspace.slug }]);
  });

  it("is given by whoever holds all of it, asked for, invited to, and held by no service account that would decide approvals", async () => {
    const owner = callAs(acme.people["workspace-admin"], acme.own.workspace);
    await give(owner);
    await save(viewerAnd({ "approval:decide": "any" }));
    const bob = await makePerson(acme.id, "member", acme.own.workspace.id);
    await expect(give(owner, { principalId: bob.id })).rejects.toMatchObject({ reason: "exceeds_granter" });
    await expect(execute(createServiceAccount, owner, { name: `s-${newId()}`, role: name })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(invitePerson, atHome, { email: `${newId()}@example.com`, role: name, scope: "workspace" });
    const viewer = await makePerson(acme.id, "viewer", acme.own.workspace.id);
    const asked = await execute(requestAccess, callAs(viewer, acme.own.workspace), { role: name, scope: "workspace", reason: "release" });
    await expect(execute(decideRequest, atHome, { requestId: asked.id, decision: "grant", role: "contributor" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await execute(decideRequest, atHome, { requestId: asked.id, decision: "grant" });
    expect(await may("approval:decide", viewer)).toBe(true);
    await expect(give(atHome, { role: "no-such-role" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(execute(grantRole, admin, { principalId: bob.id, role: name, scope: "organization" })).rejects.toMatchObject({ code: "invalid_input" });
  });
});

describe("rules of roles", () => {
  it("a role holds nothing that its base's scope can't, and reads what it changes", async () => {
    await expect(save(viewerAnd({ "user:create": "any" }))).rejects.toMatchObject({ code: "invalid_input" });
    await expect(save(viewerAnd({ "project:create": "any" }))).rejects.toMatchObject({ code: "invalid_input" }); // a workspace's, not a project's
    await expect(save(viewerAnd({ "run:claim": "any" }))).rejects.toMatchObject({ code: "invalid_input" });
    await expect(save({ "pipeline:run": "any" })).rejects.toMatchObject({ message: expect.stringContaining("needs pipeline:read") });
    await expect(save({})).rejects.toMatchObject({ code: "invalid_input" });
    for (const base of CLONABLE) expect(rightsProblem(base, clonedRights(base)), base).toBeUndefined();
    for (const kept of ["grant:create", "role:update", "role:create"] as const) expect(holdable("system-admin").has(kept), kept).toBe(false);
  });

  it("who holds a role doesn't change it; a limited credential and an old page don't either", async () => {
    const other = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    await give(callAs(other, acme.own.workspace), { principalId: admin.actor.id });
    await expect(save(viewerAnd({ "pipeline:run": "any" }))).rejects.toMatchObject({ reason: "own_grant" });
    await save(viewerAnd({ "pipeline:run": "any" }), callAs(other));
    const limits = limitsOf({ scopes: ["role:update"] }) as Subject["limits"];
    await expect(save(rightsOf("viewer"), callAs({ ...other, limits }))).rejects.toMatchObject({ reason: "exceeds_granter" });
    await expect(execute(updateRole, callAs(other), { name, revision: 1, rights: rightsOf("viewer") })).rejects.toMatchObject({ code: "conflict" });
    const auditor = callAs(acme.people.auditor);
    await expect(execute(createRole, auditor, { name: `r-${newId()}`, base: "viewer" })).rejects.toMatchObject({ code: "forbidden" });
  });

  it("a role that is held is not deleted, and its name never comes back", async () => {
    const { id } = await give();
    await expect(execute(deleteRole, admin, { name })).rejects.toMatchObject({ code: "in_use", message: "The role is in use: 1 × grant." });
    await execute(endGrant, atHome, { grantId: id });
    await execute(deleteRole, admin, { name });
    expect((await ask(listCustomRoles, admin, {})).map((role) => role.value)).not.toContain(name);
    await expect(give()).rejects.toMatchObject({ code: "invalid_input" });
    for (const taken of [name, "viewer"]) await expect(execute(createRole, admin, { name: taken, base: "viewer" })).rejects.toMatchObject({ code: "conflict" });
  });
});
