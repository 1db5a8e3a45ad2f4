import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { makeThings } from "@/lib/kernel/test-things";
import { bindSecret, unbindSecret } from "./bind-secret";
import { getSecretPage } from "./get-secret-page";
import { clearLeak, markLeaked, previewLeak } from "./leaks";
import { listBindings } from "./list-bindings";
import { updateSecret } from "./update-secret";

// A leak says what runs could have touched and did, its plan follows what is done, and it is taken back with a reason.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let acme: TestOrganization;
beforeAll(async () => {
  acme = await makeTestOrganization();
});

it("counts what it could touch and did, shows the plan's progress, and ends with a reason", async () => {
  const context = callAs(acme.people["workspace-admin"], acme.own.workspace);
  const things = await makeThings(acme.own, acme.people["workspace-admin"].id);
  const id = things.secretId;
  const since = new Date(Date.now() - 3_600_000).toISOString();
  await execute(bindSecret, context, { id, kind: "pipeline", targetId: things.pipelineId });
  const run = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);
  await run("update artifact_version set producer_run_id = $1, producer_step_run_id = $2 where id = $3", [
    things.runId,
    things.stepId,
    things.artifactVersionId,
  ]);
  await run("insert into model_version_run (id, workspace_id, model_version_id, run_id) values ($1, $2, $3, $4)", [
    newId(),
    acme.own.workspace.id,
    things.modelVersionId,
    things.dynamicRunId,
  ]);
  await run(
    `insert into secret_use (id, workspace_id, secret_id, version, purpose, principal_id, credential_kind, request_id, at, run_id, exactness)
     values ($1, $2, $3, 1, 'run', $4, 'workload', 'r', clock_timestamp(), $5, 'exact')`,
    [newId(), acme.own.workspace.id, id, acme.people["workspace-admin"].id, things.runId],
  );
  const preview = await ask(previewLeak, context, { id, since });
  expect([preview.runs, preview.artifacts, preview.models].map(({ could, did, newest }) => [could, did, newest.length])).toEqual([
    [3, 1, 3],
    [1, 1, 1],
    [1, 0, 1],
  ]);
  const mark = { id, since, reason: "It stood in a public log.", typedName: things.secretName };
  await expect(execute(markLeaked, context, { ...mark, typedName: "other" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(execute(markLeaked, context, { ...mark, since: new Date(Date.now() + 60_000).toISOString() })).rejects.toMatchObject({ code: "invalid_input" });
  const seq = await lastSeq(db.ownerUrl);
  await execute(markLeaked, context, mark);
  await expect(execute(markLeaked, context, mark)).rejects.toMatchObject({ code: "conflict" });
  const leak = async () => (await ask(getSecretPage, context, { id })).leak;
  expect(await leak()).toMatchObject({ isRotated: false, bindings: { left: 2, of: 2 }, runsGoing: 1, touched: { runs: { could: 3, did: 1 } } });
  await execute(updateSecret, context, { id, patch: { token: "new" } });
  for (const binding of await ask(listBindings, context, { id })) await execute(unbindSecret, context, { id, bindingId: binding.id });
  await run("update run set in_progress = false, status = 'completed', end_time = clock_timestamp() where id = $1", [things.runId]);
  expect(await leak()).toMatchObject({ isRotated: true, bindings: { left: 0, of: 2 }, runsGoing: 0 });
  await execute(clearLeak, context, { id, reason: "All of the plan is done." });
  expect(await leak()).toBeNull();
  const trail = await trailAfter(db.ownerUrl, seq);
  expect(trail.map((entry) => entry.action)).toEqual(["secret.leak-marked", "secret.updated", "secret.unbound", "secret.unbound", "secret.leak-cleared"]);
});
