import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { ListSpec } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { getProject, listProjects } from "@/lib/projects/queries";
import { loadAccounts } from "./load-accounts";
import { currentMember, getMember, listMembers } from "./queries";

const db = useTestDatabase();
let acme: TestOrganization;
let viewer: Actor;
let stranger: Actor;

const fresh = async (actor: Actor) => (await inScope([], (tx) => loadActor(tx, actor.id, actor.credential))) as Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
  viewer = await fresh(acme.people.viewer);
  stranger = await fresh(await makePerson(acme.id, "contributor", acme.foreign.workspace.id));
});

const list = (more: Partial<ListSpec> = {}) => ({
  always: [],
  spec: { conditions: [], sort: { field: "created", direction: "asc" as const }, limit: 50, ...more },
});

it("shows the people of the workspace and of the organization, without the addresses of others", async () => {
  const { total, items } = await ask(listMembers, callAs(viewer, acme.own.workspace), list());
  const names = items.map((member) => member.id);
  expect(total).toBe(items.length);
  expect(names).toEqual(expect.arrayContaining([acme.people.contributor.id, acme.people["workspace-admin"].id, acme.people["system-admin"].id, viewer.id]));
  expect(names).not.toContain(stranger.id);
  expect(names).not.toContain(acme.people.member.id);
  expect(items.filter((member) => member.email !== null).map((member) => member.id)).toEqual([viewer.id]);
  expect(items.find((member) => member.id === acme.people["workspace-admin"].id)?.isAdmin).toBe(true);
  expect(items.find((member) => member.id === acme.people.contributor.id)?.isAdmin).toBe(false);
  expect(items[0]?.defaultProjectId).toBe(acme.own.projectId);
  await expect(ask(getMember, callAs(viewer, acme.own.workspace), { nameOrId: stranger.id })).rejects.toMatchObject({ code: "not_found" });
  expect(await ask(getMember, callAs(viewer, acme.own.workspace), { nameOrId: acme.people.contributor.name.toUpperCase() })).toMatchObject({
    id: acme.people.contributor.id,
  });
  await expect(
    ask(listMembers, callAs(viewer, acme.own.workspace), list({ conditions: [{ field: "email", op: "contains", value: "@" }] })),
  ).rejects.toMatchObject({ code: "invalid_input" });
});

it("knows who asks, and keeps the name of an account that was ended", async () => {
  expect(await ask(currentMember, callAs(viewer, acme.own.workspace), {})).toMatchObject({
    id: viewer.id,
    email: viewer.email,
    isAdmin: false,
    defaultProjectId: acme.own.projectId,
  });
  const leaver = await makePerson(acme.id, "contributor", acme.own.workspace.id);
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [leaver.id]);
  const accounts = await inScope([], (tx) => loadAccounts(tx, [leaver.id, leaver.id, null, newId()]));
  expect([...accounts.values()]).toMatchObject([{ id: leaver.id, name: leaver.name, active: false, is_service_account: false }]);
});

it("projects: whoever was granted one project sees that one", async () => {
  const other = newId();
  await asOwner(db.ownerUrl, "insert into project (id, workspace_id, name, display_name) values ($1, $2, 'other', 'Other')", [other, acme.own.workspace.id]);
  const guest = await makePerson(acme.id, "member", acme.own.workspace.id);
  await asOwner(
    db.ownerUrl,
    "insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, project_ref, source) values ($1, $2, $3, 'viewer', 'project', $4, $5, 'person')",
    [newId(), acme.id, guest.id, acme.own.workspace.id, other],
  );
  const asGuest = callAs(await fresh(guest), acme.own.workspace);
  expect((await ask(listProjects, asGuest, list())).items.map((project) => project.name)).toEqual(["other"]);
  expect((await ask(listProjects, callAs(viewer, acme.own.workspace), list())).items.map((project) => project.name)).toEqual(["default", "other"]);
  expect(await ask(getProject, asGuest, { nameOrId: "other" })).toMatchObject({ id: other });
  await expect(ask(getProject, asGuest, { nameOrId: "default" })).rejects.toMatchObject({ code: "not_found" });
  await expect(ask(getProject, callAs(stranger, acme.own.workspace), { nameOrId: "other" })).rejects.toMatchObject({ code: "not_found" });
});
