import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import type { Condition } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { inScope } from "@/lib/kernel/transaction";
import { listRuns } from "@/lib/runs/list-runs";
import { listSnapshotRows } from "@/lib/snapshots/list-snapshot-rows";
import { getPipelinePage, listCodeChanges } from "./get-pipeline-page";
import { listPipelineRows } from "./list-pipeline-rows";

useTestDatabase();
let acme: TestOrganization;
let things: TestThings;

const DAY_MS = 86_400_000;
const NOW = Date.now();
const ago = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
/** From the oldest: code, status, days ago, seconds. */
const RUNS = [
  ["a", "completed", 40, 10],
  ["a", "completed", 20, 10],
  ["b", "failed", 10, 5],
  ["b", "completed", 9, 30],
  ["a", "completed", 2, 20],
  [null, "running", 0, null],
] as const;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  things = await makeThings(acme.own, acme.people.contributor.id);
  await inScope([acme.own.workspace.id], async (tx) => {
    await tx.deleteFrom("run").where("pipeline_id", "=", things.pipelineId).execute();
    for (const [index, [code, status, days, seconds]] of RUNS.entries())
      await tx
        .insertInto("run")
        .values({
          id: newId(),
          workspace_id: acme.own.workspace.id,
          project_id: acme.own.projectId,
          pipeline_id: things.pipelineId,
          snapshot_id: things.snapshotId,
          model_version_id: index === 3 ? things.modelVersionId : null,
          name: `r-${index}`,
          number: 900 + index,
          index: index + 1,
          status,
          in_progress: status === "running",
          start_time: ago(days),
          end_time: seconds === null ? null : new Date(Date.parse(ago(days)) + seconds * 1000).toISOString(),
          created_at: ago(days),
          code_digest: code,
          origin: "cli",
          credential_kind: "api_key",
          request_id: newId(),
          created_by: acme.people.contributor.id,
        })
        .execute();
  });
});

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const sort = { field: "name", direction: "asc" } as const;
const rows = async (conditions: Condition[] = [], role: keyof TestOrganization["people"] = "viewer") =>
  (await ask(listPipelineRows, as(role), { projectId: acme.own.projectId, conditions, sort })).rows;
const names = async (...conditions: Condition[]) => (await rows(conditions)).map((row) => row.name);

describe("the list", () => {
  it("has figures of the latest runs", async () => {
    const row = (await rows()).find((one) => one.id === things.pipelineId);
    expect(row).toMatchObject({ ended: 4, succeeded: 3, medianS: 15, models: [things.modelName], snapshots: 1, lastRun: { number: 905, status: "running" } });
    expect(row?.schedules).toEqual([{ name: `nightly-${things.name}`, plan: "cron 0 2 * * *, UTC", isActive: true }]);
    expect(row?.strokes.map(({ status }) => status)).toEqual(RUNS.map(([, status]) => status));
    expect((await rows()).find((one) => one.id === things.emptyPipelineId)).toMatchObject({
      ended: 0,
      medianS: null,
      lastRun: null,
      strokes: [],
      snapshots: 0,
    });
  });

  it("filters on each of them", async () => {
    const busy = [things.pipelineName];
    const idle = (await rows()).filter((one) => one.id === things.emptyPipelineId).map((one) => one.name);
    expect(await names({ field: "status", op: "oneof", value: ["running"] })).toEqual(busy);
    expect(await names({ field: "status", op: "isnull", value: "" })).toEqual(idle);
    expect(await names({ field: "success", op: "gt", value: "74" })).toEqual(busy);
    expect(await names({ field: "success", op: "gt", value: "75" })).toEqual([]);
    expect(await names({ field: "duration", op: "between", value: ["15", "15"] })).toEqual(busy);
    expect(await names({ field: "model", op: "oneof", value: [things.modelName] })).toEqual(busy);
    expect(await names({ field: "model", op: "isnull", value: "" })).toEqual(idle);
    expect(await names({ field: "last", op: "gte", value: ago(1) })).toEqual(busy);
    expect(await names({ field: "by", op: "oneof", value: ["nobody"] })).toEqual([]);
  });

  it("pages by a signed cursor and sorts by the last run", async () => {
    const page = (after?: string) =>
      ask(listPipelineRows, as("viewer"), { projectId: acme.own.projectId, conditions: [], sort: { field: "last", direction: "desc" }, limit: 1, after });
    const first = await page();
    const second = await page(first.next ?? undefined);
    expect([first.rows[0]?.id, second.rows[0]?.id, second.next]).toEqual([things.pipelineId, things.emptyPipelineId, null]);
  });

  it("shows nothing to who reads no pipelines, and no figures of runs that one may not see", async () => {
    await expect(rows([], "stack-admin")).rejects.toMatchObject({ code: "not_found" });
    await expect(
      ask(listPipelineRows, callAs(acme.people.viewer, acme.foreign.workspace), { projectId: acme.foreign.projectId, conditions: [], sort }),
    ).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("one pipeline", () => {
  const name = () => ({ projectId: acme.own.projectId, name: things.pipelineName });

  it("says how its code changed", async () => {
    const changes = await ask(listCodeChanges, as("viewer"), name());
    expect(changes.map(({ codeDigest, runs, failed, firstRun }) => [codeDigest, runs, failed, firstRun.number])).toEqual([
      [null, 1, 0, 905],
      ["a", 1, 0, 904],
      ["b", 2, 1, 902],
      ["a", 2, 0, 900],
    ]);
  });

  it("has its runs and snapshots, and no other's", async () => {
    const page = await ask(getPipelinePage, as("viewer"), name());
    expect(page.runs).toBe(RUNS.length);
    const runs = await ask(listRuns, as("viewer"), {
      projectId: acme.own.projectId,
      pipelineId: page.id,
      conditions: [],
      sort: { field: "created", direction: "desc" },
    });
    expect([runs.rows.map((run) => run.number), runs.total]).toEqual([[905, 904, 903, 902, 901, 900], { count: 6, isExact: true }]);
    const snapshots = await ask(listSnapshotRows, as("viewer"), {
      projectId: acme.own.projectId,
      pipeline: things.pipelineName,
      conditions: [],
      sort: { field: "created", direction: "desc" },
    });
    expect(snapshots.rows.map((row) => [row.id, row.lastRun?.number])).toEqual([[things.snapshotId, 905]]);
    await expect(ask(getPipelinePage, as("viewer"), { ...name(), name: "none" })).rejects.toMatchObject({ code: "not_found" });
  });
});
