import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createModel, createModelVersion, setModelVersionStage, updateModelVersion } from "./change-models";
import { linkRunToModelVersion, type ModelWish, resolveModelVersion } from "./resolve-model-version";

const db = useTestDatabase();
let acme: TestOrganization;

beforeAll(async () => {
  acme = await makeTestOrganization();
});

const admin = () => callAs(acme.people["workspace-admin"], acme.own.workspace);
const contributor = () => callAs(acme.people.contributor, acme.own.workspace);

const resolve = (model: ModelWish, more: { runId?: string; substitutions?: Record<string, string> } = {}) =>
  inScope([acme.own.workspace.id], async (tx) => {
    const place = { workspaceId: acme.own.workspace.id, projectId: acme.own.projectId, actorId: acme.people.contributor.id, requestId: newId() };
    const resolved = await resolveModelVersion(tx, { ...place, ...more, model });
    if (!resolved) throw new Error("nothing was resolved");
    return resolved;
  });

const versionsOf = (model: string) =>
  asOwner<{ id: string; number: number; name: string; stage: string | null }>(
    db.ownerUrl,
    "select v.id, v.number, v.name, v.stage from model_version v join model m on m.id = v.model_id where m.name = $1 order by v.number",
    [model],
  );

describe("the version that a run works on", () => {
  it("is a new one for a name alone; runs at once get numbers without gaps, and one of them makes the model", async () => {
    const resolved = await Promise.all(Array.from({ length: 10 }, () => resolve({ name: "churn", tags: ["hot"] })));
    const versions = await versionsOf("churn");
    expect(versions.map((version) => version.number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(new Set(resolved.map((item) => item.modelVersionId))).toEqual(new Set(versions.map((version) => version.id)));
    expect(resolved.flatMap((item) => item.created).filter((draft) => draft.action === "model.created")).toHaveLength(1);
    expect(resolved.flatMap((item) => item.created).filter((draft) => draft.action === "model-version.created")).toHaveLength(10);
    expect(await asOwner(db.ownerUrl, "select count(*)::int as tags from tag where name = 'hot'")).toEqual([{ tags: 1 }]);
  });

  it("is one and the same for a version's name, however many ask at once", async () => {
    const resolved = await Promise.all(
      Array.from({ length: 8 }, () => resolve({ name: "named", version: "release-{date}" }, { substitutions: { date: "2026_11_22" } })),
    );
    expect(new Set(resolved.map((item) => item.modelVersionId)).size).toBe(1);
    expect((await versionsOf("named")).map((version) => version.name)).toEqual(["release-2026_11_22"]);
    expect(resolved.flatMap((item) => item.created).filter((draft) => draft.action === "model-version.created")).toHaveLength(1);
  });

  it("is an existing one for a number, a stage or latest", async () => {
    await resolve({ name: "staged" });
    const second = await resolve({ name: "staged" });
    expect((await resolve({ name: "staged", version: 2 })).modelVersionId).toBe(second.modelVersionId);
    expect((await resolve({ name: "staged", version: "latest" })).modelVersionId).toBe(second.modelVersionId);
    for (const version of ["production", "3", "99999999999", "none"])
      await expect(resolve({ name: "staged", version }), version).rejects.toMatchObject({ code: "not_found" });
    expect(await versionsOf("staged")).toHaveLength(2);
    await execute(setModelVersionStage, admin(), { id: second.modelVersionId, stage: "production", force: false });
    expect((await resolve({ name: "staged", version: "production" })).modelVersionId).toBe(second.modelVersionId);
  });

  it("is the one that the run already has, for its steps", async () => {
    const runId = await makeRun();
    const first = await resolve({ name: "by-run" }, { runId });
    await inScope([acme.own.workspace.id], (tx) =>
      linkRunToModelVersion(tx, { workspaceId: acme.own.workspace.id, modelVersionId: first.modelVersionId, runId }),
    );
    expect((await resolve({ name: "by-run" }, { runId })).modelVersionId).toBe(first.modelVersionId);
    expect((await resolve({ name: "by-run" })).modelVersionId).not.toBe(first.modelVersionId);
  });
});

describe("versions by hand", () => {
  it("take no name that a number or a stage would be taken for, nor one that is taken", async () => {
    const modelId = await execute(createModel, contributor(), model("by-hand"));
    const version = (name: string | null) => execute(createModelVersion, contributor(), { project: "default", modelId, name, description: null, tags: null });
    await version("one");
    for (const name of ["1", "latest", "Production", "none"]) await expect(version(name), name).rejects.toMatchObject({ code: "bad_request" });
    await expect(version("one")).rejects.toMatchObject({ code: "conflict" });
    await version(null);
    expect((await versionsOf("by-hand")).map((row) => `${row.number} ${row.name}`)).toEqual(["1 one", "2 2"]);
  });

  it("are their maker's to change; promoting needs its own permission", async () => {
    const modelId = await execute(createModel, contributor(), model("mine"));
    const id = await execute(createModelVersion, contributor(), { project: "default", modelId, name: null, description: null, tags: null });
    const change = { id, name: null, description: "better", addTags: ["good"], removeTags: null };
    await execute(updateModelVersion, contributor(), change);
    await expect(execute(updateModelVersion, callAs(acme.people.viewer, acme.own.workspace), change)).rejects.toMatchObject({ code: "forbidden" });
    const from = await lastSeq(db.ownerUrl);
    await expect(execute(setModelVersionStage, contributor(), { id, stage: "production", force: true })).rejects.toMatchObject({ code: "forbidden" });
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([{ action: "model-version.stage-set", outcome: "denied", target_name: "mine 1" }]);
    expect((await versionsOf("mine"))[0]?.stage).toBeNull();
  });
});

describe("stages", () => {
  it("are intervals: each move closes one and opens the next, and both versions leave an entry", async () => {
    const [one, two] = [(await resolve({ name: "moves" })).modelVersionId, (await resolve({ name: "moves" })).modelVersionId];
    const stage = (id: string, to: string, force = false) => execute(setModelVersionStage, admin(), { id, stage: to, force });
    await stage(one, "staging");
    await stage(one, "production");
    await expect(stage(two, "production")).rejects.toMatchObject({ code: "in_use", message: "Model version 1 is in production, but `force` flag is False." });
    const from = await lastSeq(db.ownerUrl);
    await stage(two, "production", true);
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([
      { action: "model-version.stage-set", target_name: "moves 2" },
      { action: "model-version.stage-set", target_name: "moves 1" },
    ]);
    expect((await versionsOf("moves")).map((version) => version.stage)).toEqual(["archived", "production"]);
    const intervals = await asOwner<{ number: number; stage: string; open: boolean; joined: boolean }>(
      db.ownerUrl,
      `select v.number, i.stage, i.valid_to is null as open,
         i.valid_to is null or exists (select 1 from model_stage_interval n where n.model_version_id = i.model_version_id and n.valid_from = i.valid_to) as joined
       from model_stage_interval i join model_version v on v.id = i.model_version_id join model m on m.id = v.model_id where m.name = 'moves' order by i.valid_from, v.number`,
    );
    expect(intervals).toEqual([
      { number: 1, stage: "staging", open: false, joined: true },
      { number: 1, stage: "production", open: false, joined: true },
      { number: 1, stage: "archived", open: true, joined: true },
      { number: 2, stage: "production", open: true, joined: true },
    ]);
  });

  it("have one holder, however many promote at once", async () => {
    const ids = await Promise.all(Array.from({ length: 5 }, async () => (await resolve({ name: "contested" })).modelVersionId));
    await Promise.all(ids.map((id) => execute(setModelVersionStage, admin(), { id, stage: "production", force: true })));
    const stages = (await versionsOf("contested")).map((version) => version.stage).sort();
    expect(stages).toEqual(["archived", "archived", "archived", "archived", "production"]);
    expect(
      await asOwner(
        db.ownerUrl,
        "select count(*)::int as open from model_stage_interval i join model_version v on v.id = i.model_version_id join model m on m.id = v.model_id where m.name = 'contested' and i.valid_to is null and i.stage = 'production'",
      ),
    ).toEqual([{ open: 1 }]);
  });
});

const model = (name: string) => ({
  project: "default",
  name,
  license: null,
  description: null,
  audience: null,
  use_cases: null,
  limitations: null,
  trade_offs: null,
  ethics: null,
  save_models_to_registry: true,
  tags: null,
});

/** A run as its start leaves it. */
async function makeRun(): Promise<string> {
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
     values ($1::uuid, $2, $3, $4, $5, ($1::uuid)::text, 1, 1, 'running', true, 'api', 'api_key', 'r', $6)`,
    [run, ...place, pipeline, snapshot, acme.people.contributor.id],
  );
  return run;
}
