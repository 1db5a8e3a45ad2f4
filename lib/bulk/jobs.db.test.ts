import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { RoleId } from "@/lib/authz/permissions";
import { AGAIN } from "@/lib/jobs/handler";
import { handlers } from "@/lib/jobs/handlers";
import { drainOutbox } from "@/lib/jobs/outbox";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { tries } from "@/lib/kernel/soak";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { attachTags } from "@/lib/tags/attach-tags";
import { inScope } from "@/lib/kernel/transaction";
import { CANCEL_JOB } from "./cancel-job";
import { getJob, listJobItems, listJobs } from "./get-job";
import { type BulkAct, type BulkList, bulkPermission } from "./schema";
import { START_JOB } from "./start-job";
import { workJob } from "./work-job";

const db = useTestDatabase();
let acme: TestOrganization;
let base: TestThings;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_LOG_LEVEL = "error";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  base = await makeThings(acme.own, acme.people["workspace-admin"].id);
});
beforeEach(() => asOwner(db.ownerUrl, "delete from outbox"));

const as = (role: RoleId) => callAs(acme.people[role], acme.own.workspace);
const sqlOf = <R extends Record<string, unknown>>(text: string, values: unknown[] = []) => asOwner<R>(db.ownerUrl, text, values);

/** Makes runs like the first one; gives their ids, the newest first. */
async function makeRuns(count: number, owner: string, status = "completed"): Promise<string[]> {
  const rows = await sqlOf<{ id: string }>(
    `with next as (update project set run_number = run_number + $2 where id = $1 returning run_number)
     insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by)
     select gen_random_uuid(), r.workspace_id, r.project_id, r.pipeline_id, r.snapshot_id, 'bulk-' || gen_random_uuid(), next.run_number - n, n, $3, $3 = 'running', 'cli', 'api_key', 'test', $4
     from run r, next, generate_series(0, $2 - 1) n where r.id = $5 returning id`,
    [acme.own.projectId, count, status, owner, base.runId],
  );
  return rows.map((row) => row.id);
}

type Asked = { list?: BulkList; act: BulkAct; ids?: string[]; more?: Record<string, unknown> };
async function start(role: RoleId, { list = "runs", act, ids = [], more = {} }: Asked): Promise<string> {
  const input = { projectId: acme.own.projectId, list, act, formId: newId(), selection: { ids }, expected: ids.length, typedName: String(ids.length), ...more };
  return (await execute(START_JOB[bulkPermission(list, act)], as(role), input)).id;
}
async function drain(): Promise<void> {
  while ((await drainOutbox()) > 0);
}
const job = (id: string, role: RoleId = "workspace-admin") => ask(getJob, as(role), { jobId: id });
const items = async (id: string) =>
  (await ask(listJobItems, as("workspace-admin"), { jobId: id, conditions: [], sort: { field: "position", direction: "asc" }, limit: 1000 })).rows;
const still = async (ids: string[]) => Number((await sqlOf<{ n: number }>("select count(*)::int as n from run where id = any($1)", [ids]))[0]?.n);

describe("a job", () => {
  it("AZ-12: does to each thing what its owner may, with an entry per thing and one each for start and end, and says why it refused the others", async () => {
    const mine = await makeRuns(3, acme.people.contributor.id, "running");
    const [ended = ""] = await makeRuns(1, acme.people.contributor.id);
    const theirs = await makeRuns(2, acme.people["workspace-admin"].id, "running");
    const seq = await lastSeq(db.ownerUrl);
    const id = await start("contributor", { act: "stop", ids: [...mine, ended, ...theirs] });
    expect(await job(id, "contributor")).toMatchObject({ state: "queued", total: 6, counts: { waiting: 6 } });
    await drain();
    expect(await job(id, "contributor")).toMatchObject({ state: "completed", counts: { waiting: 0, done: 3, refused: 3, failed: 0 } });
    const rows = await items(id);
    expect(rows.filter((row) => row.outcome === "refused").map((row) => [row.thingId, row.reason])).toEqual(
      expect.arrayContaining([[ended, "Cannot stop a run that is already completed."], ...theirs.map((thing) => [thing, expect.stringContaining("run:stop")])]),
    );
    const trail = (await trailAfter(db.ownerUrl, seq)).map((entry) => `${entry.action} ${entry.outcome}`).sort();
    expect(trail).toEqual(
      ["run.bulk-stop-started allowed", ...Array(3).fill("run.stopped allowed"), ...Array(2).fill("run.stopped denied"), "run.bulk-stop-ended allowed"].sort(),
    );
    expect(await sqlOf("select status from run where id = any($1) group by 1", [mine])).toEqual([{ status: "stopped" }]);
  });

  it("tags and takes tags off by name, and leaves what would not change without an entry", async () => {
    const ids = await makeRuns(3, acme.people.contributor.id);
    const tag = `t-${newId()}`;
    await drainJob(await start("contributor", { act: "tag", ids, more: { tags: [tag] } }), { done: 3 });
    await drainJob(await start("contributor", { act: "tag", ids, more: { tags: JSON.stringify([tag]) } }), { unchanged: 3 });
    await drainJob(await start("contributor", { act: "untag", ids: ids.slice(0, 2), more: { tags: [tag] } }), { done: 2 });
    expect(await sqlOf("select count(*)::int as n from tag_resource r join tag t on t.id = r.tag_id where t.name = $1", [tag])).toEqual([{ n: 1 }]);
  });

  const drainJob = async (id: string, counts: object) => {
    await drain();
    expect(await job(id)).toMatchObject({ state: "completed", counts });
  };

  it("acts on every list that it knows", async () => {
    const acts = {
      pipelines: "emptyPipelineId",
      artifacts: "artifactId",
      "artifact-versions": "artifactVersionId",
      models: "modelId",
      "model-versions": "modelVersionId",
    } as const;
    for (const [list, key] of Object.entries(acts) as [BulkList, keyof TestThings][]) {
      const things = await makeThings(acme.own, acme.people.contributor.id);
      const ids = [things[key]];
      await drainJob(await start("workspace-admin", { list, act: "tag", ids, more: { tags: ["everywhere"] } }), { done: 1 });
      await drainJob(await start("workspace-admin", { list, act: "delete", ids }), { done: 1 });
      await drainJob(await start("workspace-admin", { list: "runs", act: "tag", ids: [things.runId], more: { tags: ["everywhere"] } }), { done: 1 });
    }
  });

  it("refuses what was not confirmed, what is no longer as it was shown, and exclusive tags", async () => {
    const ids = await makeRuns(3, acme.people.contributor.id);
    const starting = (asked: Asked) => start("workspace-admin", asked);
    await expect(starting({ act: "delete", ids, more: { typedName: "2" } })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(starting({ act: "delete", ids, more: { typedName: undefined } })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(starting({ act: "delete", ids, more: { expected: 4 } })).rejects.toMatchObject({ code: "conflict" });
    await expect(starting({ act: "delete", ids: [newId()] })).rejects.toMatchObject({ code: "conflict" });
    await expect(starting({ act: "tag", ids })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(start("contributor", { act: "delete", ids })).rejects.toMatchObject({ code: "forbidden" });
    await expect(start("viewer", { act: "tag", ids, more: { tags: ["x"] } })).rejects.toMatchObject({ code: "forbidden" });
    await inScope([acme.own.workspace.id], (tx) =>
      attachTags(tx, {
        workspaceId: acme.own.workspace.id,
        actorId: acme.people.contributor.id,
        resourceType: "pipeline_run",
        resourceId: ids[0] as string,
        tags: [{ name: "only-one", exclusive: true }],
      }),
    );
    await expect(starting({ act: "tag", ids, more: { tags: ["only-one"] } })).rejects.toMatchObject({ code: "bad_request" });
    expect(await sqlOf("select count(*)::int as n from bulk_job where act = 'delete' and list = 'runs'")).toEqual([{ n: 0 }]);
    expect(await sqlOf("select 1 from outbox")).toEqual([]);
  });

  it("takes all that match as they stood when it was asked for, and passes over those that match no longer when their turn comes", async () => {
    const name = `m-${newId()}`;
    const some = await makeRuns(3, acme.people.contributor.id, "failed");
    await sqlOf("update run set name = $2 || number where id = any($1)", [some, name]);
    const matching = {
      conditions: [
        { field: "name", op: "startswith", value: name },
        { field: "status", op: "oneof", value: ["failed"] },
      ],
      matchesAny: false,
    };
    const id = await start("workspace-admin", { act: "delete", more: { selection: { matching }, expected: 3, typedName: "3 runs" } });
    const later = await makeRuns(1, acme.people.contributor.id, "failed");
    await sqlOf("update run set name = $2 || number where id = any($1)", [later, name]);
    await sqlOf("update run set status = 'completed' where id = $1", [some[1]]);
    await drain();
    expect(await job(id)).toMatchObject({ state: "completed", total: 3, counts: { done: 2, refused: 1 } });
    expect((await items(id)).find((row) => row.outcome === "refused")).toMatchObject({ thingId: some[1], reason: "It no longer matches the filters." });
    expect(await still([...some, ...later])).toBe(2);
  });

  it("takes every filter that the list takes: by metadata and, of pipelines and models, by name", async () => {
    const [marked = "", other = ""] = await makeRuns(2, acme.people.contributor.id);
    for (const [run, value] of [
      [marked, 0.95],
      [other, 0.5],
    ])
      await sqlOf(
        `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, type, value_number, request_id, created_by)
         select gen_random_uuid(), workspace_id, project_id, 'pipeline_run', id, 'auc', $2::text, 'float', $2::float8, 'test', created_by from run where id = $1`,
        [run, value],
      );
    const tag = `t-${newId()}`;
    const tagAll = (list: BulkList, conditions: object[]) =>
      start("workspace-admin", { list, act: "tag", more: { tags: [tag], selection: { matching: { conditions, matchesAny: false } }, expected: 1 } });
    await drainJob(await tagAll("runs", [{ field: "meta.auc", op: "gt", value: "0.9" }]), { done: 1, refused: 0 });
    await drainJob(await tagAll("pipelines", [{ field: "name", op: "equals", value: (await nameOf("pipeline", base.pipelineId)) ?? "" }]), { done: 1 });
    await drainJob(await tagAll("models", [{ field: "name", op: "equals", value: (await nameOf("model", base.modelId)) ?? "" }]), { done: 1 });
    const tagged = await sqlOf<{ id: string }>("select r.resource_id as id from tag_resource r join tag t on t.id = r.tag_id where t.name = $1", [tag]);
    expect(tagged.map((row) => row.id).sort()).toEqual([marked, base.pipelineId, base.modelId].sort());
    await expect(tagAll("pipelines", [{ field: "meta.auc", op: "gt", value: "1" }])).rejects.toMatchObject({ code: "invalid_input" });
  });

  const nameOf = async (table: "pipeline" | "model", id: string) => (await sqlOf<{ name: string }>(`select name from ${table} where id = $1`, [id]))[0]?.name;

  it("begins once for a form however often and at the same time it is sent, with one entry, and not for another act", async () => {
    const ids = await makeRuns(2, acme.people.contributor.id);
    const seq = await lastSeq(db.ownerUrl);
    const more = { formId: newId(), tags: ["once"] };
    const sent = await Promise.all(Array.from({ length: 5 }, () => start("contributor", { act: "tag", ids, more })));
    expect(new Set(sent).size).toBe(1);
    expect(await start("contributor", { act: "tag", ids, more })).toBe(sent[0]);
    expect(await sqlOf("select count(*)::int as n from bulk_job where form_id = $1", [more.formId])).toEqual([{ n: 1 }]);
    expect(await sqlOf("select count(*)::int as n from outbox")).toEqual([{ n: 1 }]);
    expect((await trailAfter(db.ownerUrl, seq)).map((entry) => entry.action)).toEqual(["run.bulk-tags-started"]);
    await expect(start("contributor", { act: "untag", ids, more })).rejects.toMatchObject({ code: "conflict" });
    // Another person's form of the same id is theirs.
    expect(await start("workspace-admin", { act: "tag", ids, more })).not.toBe(sent[0]);
  });

  it("is read by its owner and by who reads the workspace's trail, and cancelled by its owner and by who may change all of it", async () => {
    const ids = await makeRuns(1, acme.people.contributor.id);
    const id = await start("contributor", { act: "tag", ids, more: { tags: ["c"] } });
    const other = await makePerson(acme.id, "contributor", acme.own.workspace.id);
    const stranger = callAs(other, acme.own.workspace);
    await expect(ask(getJob, stranger, { jobId: id })).rejects.toMatchObject({ code: "not_found" });
    await expect(execute(CANCEL_JOB.run, stranger, { jobId: id })).rejects.toMatchObject({ code: "forbidden" });
    await expect(execute(CANCEL_JOB.run, as("viewer"), { jobId: id })).rejects.toMatchObject({ code: "forbidden" });
    const listed = async (call: typeof stranger) =>
      (await ask(listJobs, call, { conditions: [], sort: { field: "created", direction: "desc" } })).rows.map((row) => row.id);
    expect(await listed(stranger)).toEqual([]);
    expect(await listed(as("workspace-admin"))).toContain(id);
    expect(await listed(as("contributor"))).toContain(id);
    await execute(CANCEL_JOB.run, as("contributor"), { jobId: id });
    await drain();
    expect(await job(id)).toMatchObject({ state: "cancelled", counts: { waiting: 1, done: 0 } });
    await expect(execute(CANCEL_JOB.run, as("workspace-admin"), { jobId: id })).rejects.toMatchObject({ code: "in_use" });
  });

  it("ends in the middle when it is cancelled: what is done stays done, the rest is left as it is", async () => {
    const ids = await makeRuns(30, acme.people.contributor.id);
    const id = await start("workspace-admin", { act: "delete", ids });
    const working = work(id);
    await expect.poll(() => still(ids), { interval: 5 }).toBeLessThan(30);
    await execute(CANCEL_JOB.run, as("workspace-admin"), { jobId: id });
    await working;
    const left = await still(ids);
    expect(left).toBeGreaterThan(0);
    const outcomes = await items(id);
    expect(outcomes.filter((row) => row.outcome === "waiting").length).toBe(left);
    expect(outcomes.filter((row) => row.outcome === "done").length).toBe(30 - left);
  });

  it.each([
    ["their role", "update role_grant set valid_to = now() where principal_id = $1 and valid_to is null", /access of who asked for it has ended/],
    ["their account", "update principal set active = false where id = $1", /account of who asked for it is no longer active/],
    ["their logins", "update principal set epoch = epoch + 1 where id = $1", /logins of who asked for it were ended/],
  ])("AZ-14: stops with that reason when its owner loses %s in between", async (_what, loses, reason) => {
    const person = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
    const ids = await makeRuns(40, acme.people.contributor.id);
    const { id } = await execute(START_JOB["run:delete"], callAs(person, acme.own.workspace), {
      projectId: acme.own.projectId,
      formId: newId(),
      list: "runs",
      act: "delete",
      selection: { ids },
      expected: 40,
      typedName: "40",
    });
    const working = work(id);
    await expect.poll(() => still(ids), { interval: 5 }).toBeLessThan(40);
    await sqlOf(loses, [person.id]);
    await working;
    await drain();
    const ended = await job(id);
    expect(ended).toMatchObject({ state: "halted", reason: expect.stringMatching(reason) });
    expect(await still(ids)).toBe(40 - ended.counts.done);
    expect(ended.counts.done).toBeLessThan(40);
    const trail = await sqlOf<{ outcome: string }>("select reason from audit_entry where action = 'run.bulk-delete-ended' and target_id = $1", [id]);
    expect(trail).toHaveLength(1);
  });

  it("stops in a suspended workspace", async () => {
    const ids = await makeRuns(2, acme.people.contributor.id);
    const id = await start("workspace-admin", { act: "delete", ids });
    await sqlOf("update workspace set state = 'suspended' where id = $1", [acme.own.workspace.id]);
    await drain();
    await sqlOf("update workspace set state = 'active' where id = $1", [acme.own.workspace.id]);
    expect(await job(id)).toMatchObject({ state: "halted", reason: "The workspace is suspended." });
    expect(await still(ids)).toBe(2);
  });
});

/** One worker on a job, as the outbox would have it. */
const work = (jobId: string, signal = new AbortController().signal) =>
  workJob({ jobId, workspaceId: acme.own.workspace.id }, { id: 1, workspaceId: acme.own.workspace.id, attempts: 1, signal });

it(
  "does nothing twice and leaves nothing out when workers die at any point and others take over at the same time",
  async () => {
    for (let attempt = 0; attempt < tries(100); attempt++) {
      const count = 20;
      const ids = await makeRuns(count, acme.people.contributor.id);
      const seq = await lastSeq(db.ownerUrl);
      const id = await start("workspace-admin", { act: "delete", ids });
      await sqlOf("delete from outbox");
      // A connection that is cut rolls back what it had in hand, wherever it was.
      const killing = (async () => {
        for (let kill = 0; kill < 6; kill++) {
          await new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 40));
          await sqlOf(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and usename <> current_user and state <> 'idle'",
          );
        }
      })();
      await Promise.allSettled([work(id), work(id), killing]);
      await expect
        .poll(
          () =>
            work(id)
              .then(() => job(id))
              .then(
                (found) => found.state,
                () => "cut",
              ),
          { timeout: 20_000 },
        )
        .toBe("completed");
      expect(await job(id)).toMatchObject({ total: count, counts: { waiting: 0, done: count, refused: 0, failed: 0 } });
      expect(await still(ids)).toBe(0);
      const trail = (await trailAfter(db.ownerUrl, seq)).map((entry) => `${entry.action} ${entry.outcome}`);
      expect(trail.filter((entry) => entry === "run.deleted allowed")).toHaveLength(count);
      expect(trail.filter((entry) => entry.startsWith("run.bulk-delete-ended"))).toHaveLength(1);
    }
  },
  process.env.REEVE_SOAK ? 600_000 : 60_000,
);

it("long jobs go on slice by slice through the outbox, which gives each slice's item back at once", async () => {
  expect(handlers.get("bulk.job")).toBe(workJob);
  await sqlOf("insert into outbox (workspace_id, topic, payload) values ($1, 'slices', '{}')", [acme.own.workspace.id]);
  let slices = 0;
  const map = new Map([["slices", async () => (++slices < 3 ? AGAIN : undefined)]]);
  while ((await drainOutbox(map)) > 0);
  expect(slices).toBe(3);
  expect(await sqlOf("select 1 from outbox")).toEqual([]);
});
