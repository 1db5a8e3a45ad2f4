import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { attachLog, getLog, registerLog, registerRunLog } from "./log-records";

const db = useTestDatabase();
let acme: TestOrganization;
let colleague: Actor;
let runs: { mine: string; theirs: string };

beforeAll(async () => {
  acme = await makeTestOrganization();
  colleague = await makePerson(acme.id, "contributor", acme.own.workspace.id);
  runs = { mine: await makeRun(acme.people.contributor.id, 1), theirs: await makeRun(colleague.id, 2) };
});

const mine = () => callAs(acme.people.contributor, acme.own.workspace);
const theirs = () => callAs(colleague, acme.own.workspace);
const log = (id: string = newId()) => ({ id, project: "default", source: "client", uri: "/logs/x.log", artifactStoreId: null, logStoreId: null });
const attached = { stepRunId: null };

it("a record keeps the client's id and belongs to one thing for good", async () => {
  const id = await execute(registerLog, mine(), log());
  await expect(execute(registerLog, mine(), log(id))).rejects.toMatchObject({ code: "conflict" });
  await execute(attachLog, mine(), { id, runId: runs.mine, ...attached });
  await execute(attachLog, mine(), { id, runId: runs.mine, ...attached });
  const other = await makeRun(acme.people.contributor.id, 3);
  await expect(execute(attachLog, mine(), { id, runId: other, ...attached })).rejects.toMatchObject({ code: "in_use" });
  expect(await asOwner(db.ownerUrl, "select run_id, created_by, request_id is not null as traced from log_record where id = $1", [id])).toEqual([
    { run_id: runs.mine, created_by: acme.people.contributor.id, traced: true },
  ]);
});

it("nobody hangs logs on somebody else's run, nor takes somebody else's logs", async () => {
  await expect(execute(registerRunLog, mine(), { ...log(), runId: runs.theirs, ...attached })).rejects.toMatchObject({ code: "forbidden" });
  const own = await execute(registerLog, mine(), log());
  await expect(execute(attachLog, mine(), { id: own, runId: runs.theirs, ...attached })).rejects.toMatchObject({ code: "forbidden" });
  const foreign = await execute(registerLog, theirs(), log());
  await expect(execute(attachLog, mine(), { id: foreign, runId: runs.mine, ...attached })).rejects.toMatchObject({ code: "forbidden" });
  await execute(registerRunLog, mine(), { ...log(), runId: runs.mine, ...attached });
});

it("is read by who reads runs, in its own workspace only", async () => {
  const id = await execute(registerLog, mine(), log());
  const reader = await inScope([], (tx) => loadActor(tx, acme.people.viewer.id, acme.people.viewer.credential));
  if (!reader) throw new Error("the viewer is not active");
  expect(await ask(getLog, callAs(reader, acme.own.workspace), { id })).toMatchObject({ id, source: "client", project_id: acme.own.projectId });
  await expect(ask(getLog, callAs(reader, acme.foreign.workspace), { id })).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(registerLog, callAs(acme.people.viewer, acme.own.workspace), log())).rejects.toMatchObject({ code: "forbidden" });
});

/** A run as its start leaves it. */
async function makeRun(owner: string, number: number): Promise<string> {
  const [pipeline, snapshot, run] = [newId(), newId(), newId()];
  const place = [acme.own.workspace.id, acme.own.projectId];
  await asOwner(db.ownerUrl, "insert into pipeline (id, workspace_id, project_id, name) values ($1::uuid, $2, $3, ($1::uuid)::text)", [pipeline, ...place]);
  await asOwner(
    db.ownerUrl,
    `insert into snapshot (id, workspace_id, project_id, pipeline_id, run_name_template, pipeline_configuration_sha256, client_environment_sha256) values ($1, $2, $3, $4, 'x', '\\x00', '\\x00')`,
    [snapshot, ...place, pipeline],
  );
  await asOwner(
    db.ownerUrl,
    `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by)
     values ($1::uuid, $2, $3, $4, $5, ($1::uuid)::text, $7, $7, 'running', true, 'api', 'api_key', 'r', $6)`,
    [run, ...place, pipeline, snapshot, owner, number],
  );
  return run;
}
