import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { updateArtifactVersion } from "@/lib/artifacts/change-artifacts";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { LOG_METADATA } from "@/lib/metadata/log-metadata";
import { linkArtifact } from "@/lib/models/link-model-version";

// What a run's token may write of artifacts and models: what its own run made, nothing of a colleague's.

const db = useTestDatabase();
let acme: TestOrganization;
let colleague: Actor;
let token: CallContext;
const runId = newId();
const ids = { mine: newId(), theirs: newId(), model: newId(), linked: newId(), unlinked: newId() };

beforeAll(async () => {
  acme = await makeTestOrganization();
  colleague = await makePerson(acme.id, "contributor", acme.own.workspace.id);
  const owner = acme.people.contributor;
  const place = [acme.own.workspace.id, acme.own.projectId];
  const workload = { runId, projectId: acme.own.projectId, workspaceId: acme.own.workspace.id };
  const actor = await inScope([], (tx) => loadActor(tx, owner.id, { kind: "workload", id: newId(), label: "run token" }, { workload }));
  token = callAs(actor as Actor, acme.own.workspace);
  const [pipeline, snapshot, artifact] = [newId(), newId(), newId()];
  const run = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);
  await run("insert into pipeline (id, workspace_id, project_id, name) values ($1, $2, $3, 'p')", [pipeline, ...place]);
  await run(
    `insert into snapshot (id, workspace_id, project_id, pipeline_id, run_name_template, pipeline_configuration_sha256, client_environment_sha256) values ($1, $2, $3, $4, 'x', '\\x00', '\\x00')`,
    [snapshot, ...place, pipeline],
  );
  await run(
    `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by)
     values ($1, $2, $3, $4, $5, 'r', 1, 1, 'running', true, 'api', 'api_key', 'r', $6)`,
    [runId, ...place, pipeline, snapshot, owner.id],
  );
  await run("insert into artifact (id, workspace_id, project_id, name) values ($1, $2, $3, 'a')", [artifact, ...place]);
  for (const [id, version, maker] of [
    [ids.mine, "1", owner.id],
    [ids.theirs, "2", colleague.id],
  ])
    await run(
      `insert into artifact_version (id, workspace_id, project_id, artifact_id, version, uri, type, materializer, data_type, save_type, request_id, created_by)
       values ($1, $2, $3, $4, $5, '/x', 'DataArtifact', '{}', '{}', 'manual', 'r', $6)`,
      [id, ...place, artifact, version, maker],
    );
  await run("insert into model (id, workspace_id, project_id, name) values ($1, $2, $3, 'm')", [ids.model, ...place]);
  for (const [id, number] of [
    [ids.linked, 1],
    [ids.unlinked, 2],
  ])
    await run("insert into model_version (id, workspace_id, project_id, model_id, number, name, created_by) values ($1, $2, $3, $4, $5, ($5::int)::text, $6)", [
      id,
      ...place,
      ids.model,
      number,
      owner.id,
    ]);
  await run("insert into model_version_run (id, workspace_id, model_version_id, run_id) values ($1, $2, $3, $4)", [
    newId(),
    acme.own.workspace.id,
    ids.linked,
    runId,
  ]);
});

const tag = (id: string) => execute(updateArtifactVersion, token, { id, addTags: ["t"], removeTags: null });
const log = (noun: "artifact" | "model", resourceType: string, resourceId: string) =>
  execute(LOG_METADATA[noun], token, {
    projectId: acme.own.projectId,
    resourceType,
    resourceId,
    values: new Map([["a", "1"]]),
    types: { a: "int" },
    publisherStepId: null,
  });

it("writes on its owner's artifact versions, not on a colleague's", async () => {
  await tag(ids.mine);
  await log("artifact", "artifact_version", ids.mine);
  await expect(tag(ids.theirs)).rejects.toMatchObject({ code: "forbidden" });
  await expect(log("artifact", "artifact_version", ids.theirs)).rejects.toMatchObject({ code: "forbidden" });
});

it("writes on the model version of its run, not on another, be it its owner's", async () => {
  await log("model", "model_version", ids.linked);
  await execute(linkArtifact, token, { modelVersionId: ids.linked, artifactVersionId: ids.mine });
  await expect(log("model", "model_version", ids.unlinked)).rejects.toMatchObject({ code: "forbidden" });
  await expect(execute(linkArtifact, token, { modelVersionId: ids.unlinked, artifactVersionId: ids.mine })).rejects.toMatchObject({ code: "forbidden" });
});
