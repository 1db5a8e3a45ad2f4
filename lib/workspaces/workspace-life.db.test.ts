import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { drainOutbox } from "@/lib/jobs/outbox";
import { execute, type Workspace } from "@/lib/kernel/command";
import { environment, forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { resolvePlace } from "@/lib/kernel/place";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings } from "@/lib/kernel/test-things";
import { inScope, outsideScope } from "@/lib/kernel/transaction";
import { listProjects } from "@/lib/projects/queries";
import { createWorkspace } from "./create-workspace";
import { deleteWorkspace } from "./delete-workspace";
import { findWorkspace } from "./find-workspace";
import { networksOf } from "./networks-of";
import { removeWorkspaceRows } from "./remove-rows";
import { setNetworks } from "./set-networks";
import { restoreWorkspace, suspendWorkspace } from "./suspend-workspace";

const db = useTestDatabase();
let acme: TestOrganization;
let root: Actor;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  root = acme.people["system-admin"];
});

const stateOf = async (actor: Actor, slug: string) =>
  (await resolvePlace((await inScope([], (tx) => loadActor(tx, actor.id, actor.credential))) as Actor, slug, undefined))?.workspace;
const list = { always: [], spec: { conditions: [], sort: { field: "created", direction: "asc" as const }, limit: 10 } };

/** The tables that have rows of a workspace. */
async function tablesWith(id: string): Promise<string[]> {
  const tables = await asOwner<{ name: string }>(
    db.ownerUrl,
    "select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name) where table_schema = 'reeve' and column_name = 'workspace_id' and table_type = 'BASE TABLE' order by 1",
  );
  const found: string[] = [];
  for (const { name } of tables) if ((await asOwner(db.ownerUrl, `select 1 from ${name} where workspace_id = $1 limit 1`, [id])).length > 0) found.push(name);
  return found;
}

it("suspended: on the next request nothing is read or changed, by page, command or wire; restored: as before", async () => {
  const { workspace } = acme.own;
  const bot = newId();
  await asOwner(
    db.ownerUrl,
    "insert into principal (id, organization_id, kind, name, home_workspace_id) values ($1, $2, 'service_account', $1::uuid::text, $3)",
    [bot, acme.id, workspace.id],
  );
  await execute(suspendWorkspace, callAs(root), { id: workspace.id });
  const seen = (await stateOf(acme.people.viewer, workspace.slug)) as Workspace;
  expect(seen.state).toBe("suspended"); // those who may read it are told so
  await expect(ask(listProjects, callAs(acme.people.viewer, seen), list)).rejects.toMatchObject({ code: "forbidden", reason: "workspace_suspended" });
  await expect(execute(createWorkspace, callAs(root, seen), { name: "other-one" })).rejects.toMatchObject({ reason: "workspace_suspended" });
  expect(await outsideScope((tx) => findWorkspace(tx, workspace.slug))).toBeUndefined(); // the wire's own door
  expect(await inScope([], (tx) => loadActor(tx, bot, { kind: "api_key", id: newId(), label: "" }))).toBeUndefined();
  await expect(execute(suspendWorkspace, callAs(root), { id: workspace.id })).rejects.toMatchObject({ code: "conflict" });
  await execute(restoreWorkspace, callAs(root), { id: workspace.id });
  expect((await ask(listProjects, callAs(acme.people.viewer, workspace), list)).total).toBeGreaterThan(0);
});

it("deleted: access ends at once, rows go in the background, the trail and the name stay", async () => {
  const place = acme.foreign;
  const { workspace } = place;
  const person = await makePerson(acme.id, "viewer", workspace.id);
  await makeThings(place, person.id);
  const kept = await makeThings(acme.own, acme.people.viewer.id);
  await expect(execute(deleteWorkspace, callAs(root), { id: workspace.id, name: "another" })).rejects.toMatchObject({ code: "invalid_input" });
  await execute(deleteWorkspace, callAs(root), { id: workspace.id, name: workspace.slug });
  expect(await stateOf(root, workspace.slug)).toBeUndefined();
  expect(await inScope([], (tx) => loadActor(tx, person.id, person.credential))).toMatchObject({ grants: [{ role: "member" }] });
  await drainOutbox();
  expect(await tablesWith(workspace.id), "what says that it was there").toEqual(["entity_count", "project"]);
  const [other] = await asOwner(db.ownerUrl, "select id from run where id = $1", [kept.runId]);
  expect(other, "other workspaces keep theirs").toBeTruthy();
  const [entry] = await asOwner(db.ownerUrl, "select 1 from audit_entry where action = 'workspace.deleted' and outcome = 'allowed' and target_id = $1", [
    workspace.id,
  ]);
  expect(entry).toBeTruthy();
  await expect(execute(createWorkspace, callAs(root), { name: workspace.slug })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("never used again"),
  });
});

it("the job touches nothing of a workspace that is not deleted", async () => {
  const things = await makeThings(acme.own, acme.people.viewer.id);
  await removeWorkspaceRows({ workspaceId: acme.own.workspace.id }, { id: 1, workspaceId: null, attempts: 1, signal: AbortSignal.timeout(10_000) });
  expect(await asOwner(db.ownerUrl, "select id from run where id = $1", [things.runId])).toHaveLength(1);
});

it("networks are opened by a System Admin for one workspace, beside those of the environment; what is no network is refused", async () => {
  const { workspace } = acme.own;
  const of = (workspaceId: string) => inScope([workspaceId], (tx) => networksOf(tx, workspaceId));
  await execute(setNetworks, callAs(root, workspace), { id: workspace.id, allowNetworks: "10.20.0.0/16\nfd00::/8, 10.20.0.0/16" });
  expect(await of(workspace.id)).toEqual([...environment().allowNetworks, "10.20.0.0/16", "fd00::/8"]);
  expect(await of(acme.foreign.workspace.id)).toEqual(environment().allowNetworks);
  const wrong = execute(setNetworks, callAs(root, workspace), { id: workspace.id, allowNetworks: "10.20.0.1" });
  await expect(wrong).rejects.toMatchObject({ code: "invalid_input", fields: { allowNetworks: expect.stringContaining("10.20.0.1 is not a network") } });
  const admin = callAs(acme.people["workspace-admin"], workspace);
  await expect(execute(setNetworks, admin, { id: workspace.id, allowNetworks: [] })).rejects.toMatchObject({ code: "forbidden" });
});
