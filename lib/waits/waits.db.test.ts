import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { heartbeatStep } from "@/lib/runs/heartbeat-step";
import { getRun } from "@/lib/runs/read-runs";
import { stopRun } from "@/lib/runs/stop-run";
import { updateStep } from "@/lib/runs/update-step";
import { answerQuestion } from "./answer-question";
import { askPerson } from "./ask-person";
import { pollWaitCondition } from "./poll-wait-condition";
import { getWaitCondition } from "./wait-condition";

// A run's question is asked once, answered once and only with what fits; a run that nobody listens for is paused; a stop is heard with
// the next heartbeat.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
useTestDatabase();
let organization: TestOrganization;
let mira: Actor;
let things: TestThings;

beforeAll(async () => {
  organization = await makeTestOrganization();
  mira = await makePerson(organization.id, "contributor", organization.own.workspace.id);
});

const context = () => callAs(mira, organization.own.workspace);
const fresh = async () => {
  things = await makeThings(organization.own, mira.id);
};
const statusOf = async (runId: string) => (await ask(getRun, context(), { runId })).status;
const question = { name: "approve", question: "go on?", dataSchema: '{"type":"number","minimum":1}', metadata: "{}" };

describe("a question", () => {
  it("is made once per name, and one is open at a time", async () => {
    await fresh();
    const asked = { ...question, runId: things.dynamicRunId };
    const id = await execute(askPerson, context(), asked);
    expect(await execute(askPerson, context(), asked)).toBe(id);
    await expect(execute(askPerson, context(), { ...asked, question: "other?" })).rejects.toMatchObject({ code: "conflict" });
    await expect(execute(askPerson, context(), { ...asked, name: "second" })).rejects.toMatchObject({ code: "in_use" });
    await expect(execute(askPerson, context(), { ...asked, runId: things.runId })).rejects.toThrow("only supported for dynamic");
  });

  it.each([
    ["not JSON Schema", '{"type":"nonsense"}'],
    ["a schema elsewhere", '{"$ref":"https://example.com/schema"}'],
  ])("refuses %s", async (_name, dataSchema) => {
    await fresh();
    await expect(execute(askPerson, context(), { ...question, runId: things.dynamicRunId, dataSchema })).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("takes an answer that fits, keeps its spelling, and takes no second one", async () => {
    await fresh();
    const id = await execute(askPerson, context(), { ...question, runId: things.dynamicRunId });
    for (const result of ["0", '"two"', "null", null])
      await expect(execute(answerQuestion, context(), { id, resolution: "continue", result })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(answerQuestion, context(), { id, resolution: "continue", result: "2.0" });
    expect(await ask(getWaitCondition, context(), { id })).toMatchObject({ status: "resolved", resolution: "continue", result: "2.0", resolved_by: mira.id });
    await expect(execute(answerQuestion, context(), { id, resolution: "abort", result: null })).rejects.toThrow("already been resolved");
    expect(await statusOf(things.dynamicRunId)).toBe("running");
  });

  it("is not answered by the run itself, and is not held against a pattern for ever", async () => {
    await fresh();
    const { workspace, projectId } = organization.own;
    const run = { ...mira, workload: { runId: things.askingRunId, projectId, workspaceId: workspace.id } };
    await expect(execute(answerQuestion, callAs(run, workspace), { id: things.questionId, resolution: "continue", result: "3" })).rejects.toMatchObject({
      code: "forbidden",
    });
    const id = await execute(askPerson, context(), { ...question, runId: things.dynamicRunId, dataSchema: '{"type":"string","pattern":"^(a+)+$"}' });
    const began = Date.now();
    await expect(execute(answerQuestion, context(), { id, resolution: "continue", result: JSON.stringify(`${"a".repeat(60)}!`) })).rejects.toThrow("too slow");
    expect(Date.now() - began).toBeLessThan(3_000);
  });

  it("is answered exactly once by twenty at the same time", async () => {
    await fresh();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, at) => execute(answerQuestion, context(), { id: things.questionId, resolution: "continue", result: String(at) })),
    );
    expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("stops the run when it is aborted", async () => {
    await fresh();
    await expect(execute(answerQuestion, context(), { id: things.questionId, resolution: "abort", result: "3" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await execute(answerQuestion, context(), { id: things.questionId, resolution: "abort", result: null });
    expect(await statusOf(things.askingRunId)).toBe("stopped");
  });

  it("pauses the run when nobody listens any more, and only then", async () => {
    await fresh();
    const poll = { id: things.questionId, pollerId: "p", leaseUntil: "2026-11-22T20:00:00.000Z" };
    expect(await execute(pollWaitCondition, context(), { ...poll, mode: "refresh" })).toBe("pending");
    expect(await statusOf(things.askingRunId)).toBe("running");
    expect(await execute(pollWaitCondition, context(), { ...poll, mode: "finalize" })).toBe("pending");
    expect(await statusOf(things.askingRunId)).toBe("paused");
    await execute(answerQuestion, context(), { id: things.questionId, resolution: "continue", result: "1" });
    expect(await execute(pollWaitCondition, context(), { ...poll, mode: "refresh" })).toBe("resolved");
  });
});

describe("a stop", () => {
  it("is heard with the next heartbeat, and the run is stopped when its step has ended", async () => {
    await fresh();
    expect(await execute(heartbeatStep, context(), { stepId: things.stepId })).toMatchObject({ status: "running", runStatus: "running" });
    await execute(stopRun, context(), { runId: things.runId, isGraceful: false });
    expect(await execute(heartbeatStep, context(), { stepId: things.stepId })).toMatchObject({ status: "stopping", runStatus: "stopping" });
    const ended = {
      stepId: things.stepId,
      status: "failed",
      endTime: null,
      cacheExpiresAt: null,
      exceptionInfo: null,
      outputs: {},
      loadedArtifactVersions: {},
    };
    await execute(updateStep, context(), ended);
    expect(await statusOf(things.runId)).toBe("stopped");
    await expect(execute(heartbeatStep, context(), { stepId: things.stepId })).rejects.toThrow("Can not update heartbeat for finished steps.");
    await expect(execute(stopRun, context(), { runId: things.runId, isGraceful: true })).rejects.toMatchObject({ code: "in_use" });
  });

  it("takes a run without running steps at once", async () => {
    await fresh();
    await execute(stopRun, context(), { runId: things.askingRunId, isGraceful: true });
    expect(await statusOf(things.askingRunId)).toBe("stopped");
    expect(await ask(getWaitCondition, context(), { id: things.questionId })).toMatchObject({ status: "resolved", resolution: "abort" });
    await expect(execute(askPerson, context(), { ...question, name: "late", runId: things.askingRunId })).rejects.toMatchObject({ code: "in_use" });
  });
});
