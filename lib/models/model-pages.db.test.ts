import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import type { Condition } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { inScope } from "@/lib/kernel/transaction";
import { writeMetadata } from "@/lib/metadata/write-metadata";
import { deleteModelVersion, setModelVersionStage } from "./change-models";
import { documentModel } from "./document-model";
import { getModelPage } from "./get-model-page";
import { getModelVersionPage } from "./get-version-page";
import { listModelRows } from "./list-model-rows";
import { listModelVersionRows } from "./list-version-rows";

useTestDatabase();
let acme: TestOrganization;
let things: TestThings;
const versions: string[] = [];

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const log = (id: string, values: Record<string, string>) =>
  inScope([acme.own.workspace.id], (tx) =>
    writeMetadata(tx, {
      workspaceId: acme.own.workspace.id,
      projectId: acme.own.projectId,
      actorId: acme.people.contributor.id,
      requestId: newId(),
      resources: [{ id, type: "model_version" }],
      values: new Map(Object.entries(values)),
    }),
  );

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  things = await makeThings(acme.own, acme.people.contributor.id);
  versions.push(things.modelVersionId);
  await inScope([acme.own.workspace.id], async (tx) => {
    for (const number of [2, 3]) {
      const id = newId();
      versions.push(id);
      await tx
        .insertInto("model_version")
        .values({
          id,
          workspace_id: acme.own.workspace.id,
          project_id: acme.own.projectId,
          model_id: things.modelId,
          number,
          name: String(number),
          created_by: acme.people["workspace-admin"].id,
        })
        .execute();
    }
    await tx.updateTable("run").set({ model_version_id: versions[1] }).where("id", "=", things.runId).execute();
  });
  await log(versions[0] as string, { auc: "0.9", note: '"first"' });
  await log(versions[1] as string, { auc: "0.99" });
  await log(versions[1] as string, { auc: "0.95", recall: "0.5" });
  for (const [id, stage] of [
    [versions[0], "production"],
    [versions[1], "production"],
  ] as const)
    await execute(setModelVersionStage, as("workspace-admin"), { id, stage, force: true });
});

describe("the versions of a project", () => {
  const found = async (...conditions: Condition[]) =>
    (
      await ask(listModelVersionRows, as("workspace-admin"), { projectId: acme.own.projectId, conditions, sort: { field: "number", direction: "asc" } })
    ).rows.map((row) => row.number);

  it("are filtered by metadata, stage, run, model, maker", async () => {
    expect(await found()).toEqual([1, 2, 3]);
    expect(await found({ field: "meta.auc", op: "gt", value: "0.92" })).toEqual([2]);
    expect(await found({ field: "meta.auc", op: "gt", value: "0.96" })).toEqual([]);
    expect(await found({ field: "meta.auc", op: "isnull", value: "" })).toEqual([3]);
    expect(await found({ field: "stage", op: "oneof", value: ["production"] })).toEqual([2]);
    expect(await found({ field: "stage", op: "isnull", value: "" })).toEqual([3]);
    expect(await found({ field: "run", op: "isnotnull", value: "" })).toEqual([2]);
    expect(await found({ field: "model", op: "oneof", value: [things.modelName] })).toEqual([1, 2, 3]);
    expect(await found({ field: "model", op: "contains", value: "nothing" })).toEqual([]);
    expect(await found({ field: "by", op: "oneof", value: ["me"] })).toEqual([2, 3]);
    expect(await found({ field: "number", op: "between", value: ["2", "3"] })).toEqual([2, 3]);
  });

  it("carry the run that they come from and their latest numbers", async () => {
    const { rows } = await ask(listModelVersionRows, as("viewer"), {
      projectId: acme.own.projectId,
      modelId: things.modelId,
      conditions: [],
      sort: { field: "created", direction: "desc" },
    });
    expect(rows.find((row) => row.number === 2)).toMatchObject({
      run: { id: things.runId, pipeline: things.pipelineName },
      metrics: [
        { key: "auc", value: 0.95 },
        { key: "recall", value: 0.5 },
      ],
    });
    await expect(
      ask(listModelVersionRows, as("stack-admin"), { projectId: acme.own.projectId, conditions: [], sort: { field: "created", direction: "desc" } }),
    ).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("models", () => {
  const found = async (...conditions: Condition[]) =>
    (await ask(listModelRows, as("viewer"), { projectId: acme.own.projectId, conditions, sort: { field: "latest", direction: "desc" } })).rows;

  it("say which version holds which stage", async () => {
    expect((await found())[0]).toMatchObject({ name: things.modelName, versions: 3, latest: { name: "3" }, production: "2", staging: null });
    expect(await found({ field: "production", op: "oneof", value: ["2"] })).toHaveLength(1);
    expect(await found({ field: "staging", op: "isnotnull", value: "" })).toHaveLength(0);
    expect(await found({ field: "versions", op: "gte", value: "4" })).toHaveLength(0);
  });

  it("keep when each version held its stage, with the entry for who reads the trail", async () => {
    const stages = async (role: keyof TestOrganization["people"]) =>
      (await ask(getModelPage, as(role), { projectId: acme.own.projectId, name: things.modelName })).stages;
    const seen = await stages("viewer");
    expect(seen.map(({ version, stage, to }) => [version, stage, to === null]).sort()).toEqual([
      ["1", "archived", true],
      ["1", "production", false],
      ["2", "production", true],
    ]);
    expect(seen.every((one) => (one.entry?.seq ?? 0) > 0)).toBe(true);
    expect((await stages("contributor")).every((one) => one.entry === null)).toBe(true); // reads own entries only
  });
});

it("a version's page has its run, its numbers beside the version before, and its neighbours", async () => {
  const page = await ask(getModelVersionPage, as("viewer"), { projectId: acme.own.projectId, model: things.modelName, version: "2" });
  expect(page).toMatchObject({ previous: "1", next: "3", stage: "production", producer: { id: things.runId }, runs: [{ id: things.runId }] });
  expect(page.metrics).toEqual([
    {
      key: "auc",
      value: 0.95,
      before: { version: "1", value: 0.9 },
      history: [
        { version: "1", value: 0.9 },
        { version: "2", value: 0.95 },
        { version: "3", value: null },
      ],
    },
    expect.objectContaining({ key: "recall", before: null }),
  ]);
  const first = await ask(getModelVersionPage, as("viewer"), { projectId: acme.own.projectId, model: things.modelName, version: "1" });
  expect(first.texts).toEqual([expect.objectContaining({ key: "note", value: '"first"' })]);
  await expect(ask(getModelVersionPage, as("viewer"), { projectId: acme.own.projectId, model: things.modelName, version: "9" })).rejects.toMatchObject({
    code: "not_found",
  });
});

it("documentation is written by who may, and not over what somebody else wrote meanwhile", async () => {
  const read = async () => ask(getModelPage, as("viewer"), { projectId: acme.own.projectId, name: things.modelName });
  const before = await read();
  const texts = { description: " Scores payments. ", license: "", audience: "", use_cases: "", limitations: "", trade_offs: "", ethics: "" };
  const write = (updatedAt: string, role: keyof TestOrganization["people"] = "workspace-admin") =>
    execute(documentModel, as(role), { id: things.modelId, updatedAt, ...texts });
  await expect(write(before.updatedAt, "viewer")).rejects.toMatchObject({ code: "forbidden" });
  await write(before.updatedAt);
  expect((await read()).documentation).toMatchObject({ description: "Scores payments.", license: null });
  await expect(write(before.updatedAt)).rejects.toMatchObject({ code: "conflict" });
});

it("a version is deleted with its name typed", async () => {
  const remove = (typedName?: string) => execute(deleteModelVersion, as("workspace-admin"), { id: versions[2], typedName });
  await expect(remove("something else")).rejects.toMatchObject({ code: "invalid_input" });
  const versionsNow = async () => (await ask(getModelPage, as("viewer"), { projectId: acme.own.projectId, name: things.modelName })).versions;
  expect(await versionsNow()).toBe(3);
  await remove(`${things.modelName} 3`);
  expect(await versionsNow()).toBe(2);
});
