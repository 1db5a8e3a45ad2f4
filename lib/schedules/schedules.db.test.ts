import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { getRunHead } from "@/lib/runs/get-run-head";
import { createSchedule, deleteSchedule, updateSchedule } from "./change-schedule";
import { getSchedule } from "./read-schedules";

// A schedule has one way of naming its times, one name in its project, and a run of its snapshot knows the slot that it started in.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const database = useTestDatabase();
let organization: TestOrganization;
let wilma: Actor;
let things: TestThings;

beforeAll(async () => {
  organization = await makeTestOrganization();
  wilma = await makePerson(organization.id, "workspace-admin", organization.own.workspace.id);
});
beforeEach(async () => {
  things = await makeThings(organization.own, wilma.id);
});
const context = () => callAs(wilma, organization.own.workspace);
const plan = (more: object) => ({
  project: "default",
  name: `s-${things.scheduleId}`,
  active: true,
  cronExpression: null,
  startTime: null,
  endTime: null,
  intervalS: null,
  catchup: false,
  runOnceStartTime: null,
  orchestratorId: null,
  pipelineId: null,
  ...more,
});

describe("a schedule", () => {
  it.each([
    ["no times", {}],
    ["two kinds of times", { cronExpression: "0 2 * * *", intervalS: 60, startTime: "2026-11-22T18:00:00.000Z" }],
    ["an interval without a start", { intervalS: 60 }],
    ["what is no cron expression", { cronExpression: "at night" }],
  ])("is refused with %s", (_name, times) => expect(execute(createSchedule, context(), plan(times))).rejects.toMatchObject({ code: "invalid_input" }));

  it("has its name alone in its project, until it is archived", async () => {
    const first = await execute(createSchedule, context(), plan({ cronExpression: "0 2 * * *" }));
    await expect(execute(createSchedule, context(), plan({ cronExpression: "0 3 * * *" }))).rejects.toMatchObject({ code: "conflict" });
    await execute(deleteSchedule, context(), { scheduleId: first, isSoft: true });
    expect(await ask(getSchedule, context(), { scheduleId: first })).toMatchObject({ is_archived: true, active: false });
    const second = await execute(createSchedule, context(), plan({ cronExpression: "0 3 * * *" }));
    const change = { name: null, cronExpression: "0 4 * * *", active: null };
    await execute(updateSchedule, context(), { scheduleId: second, ...change });
    expect(await ask(getSchedule, context(), { scheduleId: second })).toMatchObject({ cron_expression: "0 4 * * *", active: true });
    await expect(execute(updateSchedule, context(), { scheduleId: things.scheduleId, ...change, name: `s-${things.scheduleId}` })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

it("a run of a scheduled snapshot knows its slot", async () => {
  const { ownerUrl } = database;
  await asOwner(ownerUrl, "update reeve.snapshot set schedule_id = $1 where id = (select snapshot_id from reeve.run where id = $2)", [
    things.scheduleId,
    things.runId,
  ]);
  await asOwner(ownerUrl, "update reeve.run set start_time = '2026-11-28T02:00:03.118Z' where id = $1", [things.runId]);
  const head = await ask(getRunHead, context(), { projectId: organization.own.projectId, runId: things.runId });
  expect(head.schedule).toMatchObject({ plan: "cron 0 2 * * *, UTC", slot: "2026-11-28T02:00:00.000Z" });
});
