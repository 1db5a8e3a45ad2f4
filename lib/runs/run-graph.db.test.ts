import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { seedBigRun, type BigRun } from "@/e2e/seed-big-run";
import { seedUi } from "@/e2e/seed-ui";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import type { RunGraph } from "./graph-schema";
import { getRunGraph } from "./run-graph";

const db = useTestDatabase();
let organization: TestOrganization;
let small: RunGraph;
let big: RunGraph;
let seeded: BigRun;

const read = (runId: string) =>
  ask(getRunGraph, callAs(organization.people.viewer, organization.own.workspace), { projectId: organization.own.projectId, runId });

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
  const workspace = organization.own.workspace.slug;
  const { failedRunId } = await seedUi(db.ownerUrl, { workspace, runs: 12 });
  seeded = await seedBigRun(db.ownerUrl, { workspace, steps: 100, failures: 2 });
  small = await read(failedRunId);
  big = await read(seeded.runId);
});

const stepOf = (graph: RunGraph, name: string) => graph.steps.find((step) => step.name === name);
const artifactsBehind = (graph: RunGraph, step: string) =>
  graph.edges.filter(([source]) => source === `s:${step}`).map(([, target]) => graph.artifacts.find((artifact) => artifact.key === target)?.name);

describe("a run's graph", () => {
  it("has every step of the snapshot, those that were never started too", () => {
    expect(small.steps.map((step) => [step.name, step.status])).toEqual([
      ["load_transactions", "completed"],
      ["build_features", "completed"],
      ["train_model", "failed"],
      ["evaluate", "not_started"],
    ]);
    expect(big.steps).toHaveLength(seeded.steps);
    expect(stepOf(big, "merge")).toMatchObject({ status: "not_started", tries: [] });
  });

  it("goes through the artifacts that steps wrote and read", () => {
    expect(artifactsBehind(small, "load_transactions")).toEqual(["labels", "transactions"]);
    expect(small.edges).toContainEqual(["a:load_transactions:labels", "s:build_features"]);
    expect(small.edges).not.toContainEqual(["s:load_transactions", "s:build_features"]);
    expect(small.artifacts.find((artifact) => artifact.name === "labels")).toMatchObject({ producer: "load_transactions", type: "DataArtifact" });
  });

  it("announces what a step that hasn't run will write and read", () => {
    expect(big.artifacts.find((artifact) => artifact.key === "a:merge:merge_result")).toMatchObject({ versionId: null, producer: "merge" });
    expect(big.edges).toContainEqual(["a:merge:merge_result", "s:balance"]);
    expect(small.edges).toContainEqual(["s:train_model", "s:evaluate"]);
  });

  it("counts tries, the latest says the status", () => {
    const failed = stepOf(big, seeded.failedSteps[0] as string);
    expect(failed?.status).toBe("failed");
    expect(failed?.tries.map((one) => [one.version, one.status])).toEqual([
      [1, "retried"],
      [2, "failed"],
    ]);
  });

  it("groups mapped steps", () => {
    expect(big.groups.map((group) => group.name)).toEqual(["extract", "clean", "score"]);
    expect(big.steps.filter((step) => step.group === "g:score")).toHaveLength(30);
    expect(stepOf(big, "merge")?.group).toBeNull();
  });

  it("is for the run's own project: elsewhere there is none", async () => {
    const context = callAs(organization.people.viewer, organization.own.workspace);
    await expect(ask(getRunGraph, context, { projectId: organization.foreign.projectId, runId: seeded.runId })).rejects.toMatchObject({ code: "not_found" });
  });
});
