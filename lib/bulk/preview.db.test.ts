import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { PREVIEW_ACT } from "./preview";
import type { BulkAct, BulkList } from "./schema";

const db = useTestDatabase();
let acme: TestOrganization;
let mine: TestThings;
let theirs: TestThings;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  mine = await makeThings(acme.own, acme.people.contributor.id);
  theirs = await makeThings(acme.own, acme.people["workspace-admin"].id);
  await asOwner(db.ownerUrl, "update run set status = 'completed', in_progress = false where id = $1", [mine.dynamicRunId]);
  await asOwner(db.ownerUrl, "update artifact_version set producer_run_id = $1 where id = $2", [mine.runId, mine.artifactVersionId]);
});

const as = (role: "contributor" | "workspace-admin" | "viewer") => callAs(acme.people[role], acme.own.workspace);
const preview = (role: Parameters<typeof as>[0], list: BulkList, act: BulkAct, ids: string[], tags: string[] = []) =>
  ask(PREVIEW_ACT.run, as(role), { projectId: acme.own.projectId, list, act, tags, selection: { ids } });
const runs = () => [mine.runId, mine.dynamicRunId, theirs.runId];

it("counts what an act would change, what it would not and why", async () => {
  const stop = await preview("contributor", "runs", "stop", [...runs(), newId()]);
  expect(stop).toMatchObject({ chosen: 3, changes: 1, falls: [], stays: [], warnings: [] });
  expect(stop.refused).toEqual([
    { reason: "are not yours: your role allows it on your own only", count: 1 },
    { reason: "have ended already", count: 1 },
  ]);
  expect(await preview("workspace-admin", "runs", "stop", runs())).toMatchObject({ changes: 2, refused: [{ reason: "have ended already", count: 1 }] });
  expect(await preview("viewer", "runs", "stop", runs())).toMatchObject({
    changes: 0,
    refused: [{ reason: "are refused: your role does not allow it", count: 3 }],
  });
  const used = `used-${mine.name}`;
  expect(await preview("workspace-admin", "runs", "tag", runs(), [used])).toMatchObject({
    changes: 2,
    refused: [{ reason: "carry these tags already", count: 1 }],
  });
  expect(await preview("workspace-admin", "runs", "untag", runs(), [used])).toMatchObject({
    changes: 1,
    refused: [{ reason: "carry none of these tags", count: 2 }],
  });
});

it("counts what goes with a deletion and what stays", async () => {
  const found = await preview("workspace-admin", "runs", "delete", [mine.runId, mine.askingRunId]);
  const count = (list: typeof found.falls) => Object.fromEntries(list.map((one) => [one.what, one.count]));
  expect(count(found.falls)).toEqual({ steps: 1, logs: 1, questions: 1 });
  expect(count(found.stays)).toEqual({ artifacts: 1 });
  expect(found.warnings).toEqual(["2 have not ended: what still runs will find nothing to report to."]);
  // What the actor may not delete takes nothing with it.
  expect(await preview("contributor", "runs", "delete", [mine.runId])).toMatchObject({ changes: 0, falls: [], stays: [], warnings: [] });
});

it("takes a list's filters as they stood: what is made later is not chosen", async () => {
  const matching = { conditions: [{ field: "status", op: "oneof" as const, value: ["running"] }], matchesAny: false };
  const all = () => ask(PREVIEW_ACT.run, as("workspace-admin"), { projectId: acme.own.projectId, list: "runs", act: "stop", selection: { matching } });
  const first = await all();
  expect(first).toMatchObject({ chosen: 3, changes: 3 });
  await makeThings(acme.own, acme.people.contributor.id);
  expect((await all()).chosen).toBe(5);
  const then = await ask(PREVIEW_ACT.run, as("workspace-admin"), {
    projectId: acme.own.projectId,
    list: "runs",
    act: "stop",
    selection: { matching, asOf: first.asOf },
  });
  expect(then.chosen).toBe(3);
});

it("counts for every list and act that there is, and refuses what there is not", async () => {
  const lists = {
    pipelines: "pipelineId",
    artifacts: "artifactId",
    "artifact-versions": "artifactVersionId",
    models: "modelId",
    "model-versions": "modelVersionId",
  } as const;
  for (const [list, key] of Object.entries(lists)) {
    const noun = list.startsWith("artifact") ? "artifact" : list.startsWith("model") ? "model" : "pipeline";
    const found = await ask(PREVIEW_ACT[noun], as("workspace-admin"), {
      projectId: acme.own.projectId,
      list,
      act: "delete",
      selection: { ids: [theirs[key]] },
    });
    expect(found, list).toMatchObject({ chosen: 1, changes: 1 });
  }
  await expect(preview("workspace-admin", "models", "stop", [mine.modelId])).rejects.toMatchObject({ code: "invalid_input" });
  await expect(preview("workspace-admin", "pipelines", "delete", [mine.pipelineId])).rejects.toMatchObject({ code: "invalid_input" });
});
