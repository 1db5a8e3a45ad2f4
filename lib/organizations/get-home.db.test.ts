import { expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { getHome } from "./get-home";

// Counts say nothing of projects that the reader may not see.

const db = useTestDatabase();

it("a viewer of one project is told that project and its runs only", async () => {
  const organization = await makeTestOrganization();
  const { workspace, projectId } = organization.own;
  const secret = newId();
  await inScope([workspace.id], (tx) =>
    tx.insertInto("project").values({ id: secret, workspace_id: workspace.id, name: "a-secret", display_name: "Secret" }).execute(),
  );
  for (const [project, total] of [
    [projectId, 3],
    [secret, 40],
  ])
    await asOwner(db.ownerUrl, "insert into entity_count (workspace_id, project_id, kind, slot, total) values ($1, $2, 'run', 0, $3)", [
      workspace.id,
      project,
      total,
    ]);
  const all = await makePerson(organization.id, "viewer", workspace.id);
  const one = await makePerson(organization.id, "viewer", workspace.id);
  await asOwner(db.ownerUrl, "update role_grant set scope_kind = 'project', project_ref = $2 where principal_id = $1", [one.id, projectId]);
  const narrowed = (await inScope([], (tx) => loadActor(tx, one.id, one.credential))) as Actor;
  const cellFor = async (actor: Actor) => (await ask(getHome, callAs(actor), {})).cells.find((cell) => cell.slug === workspace.slug);
  expect(await cellFor(all)).toMatchObject({ runs: 43 });
  expect(await cellFor(narrowed)).toMatchObject({ runs: 3, project: "default" });
});
