import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { newId } from "@/lib/kernel/id";
import { type Condition, conditionsSql } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { inScope } from "@/lib/kernel/transaction";
import { metadataKeysOf } from "./list-metadata-keys";
import { metadataFields } from "./metadata-filter";
import { writeMetadata } from "./write-metadata";

useTestDatabase();
let acme: TestOrganization;
const ids = Array.from({ length: 6 }, newId);

const here = <T>(work: Parameters<typeof inScope<T>>[1]) => inScope<T>([acme.own.workspace.id], work);
const log = (at: number, values: Record<string, string>) => logOn({ id: ids[at] as string, type: "pipeline_run" }, values);
const logOn = (resource: { id: string; type: "pipeline_run" | "model_version" }, values: Record<string, string>) =>
  here((tx) =>
    writeMetadata(tx, {
      workspaceId: acme.own.workspace.id,
      projectId: acme.own.projectId,
      actorId: acme.people.contributor.id,
      requestId: newId(),
      resources: [resource],
      values: new Map(Object.entries(values)),
    }),
  );

beforeAll(async () => {
  acme = await makeTestOrganization();
  await log(0, { auc: "0.5", branch: '"main"', "a.b~c": "1" });
  await log(1, { auc: "0.95", branch: '"caf\\u00e9"' }); // as Python writes it
  await log(2, { auc: "0.99", branch: '"main"' });
  await log(2, { auc: "0.7", branch: '"side 100%"' }); // the later value counts
  await log(3, { auc: '"none"', flag: "true" });
  await log(4, { other: "1", long: JSON.stringify("x".repeat(3_000)) });
});

/** The things found, by their place, in both ways of asking. */
async function found(...conditions: Condition[]): Promise<number[]> {
  const answers = await here(async (tx) => {
    const fields = await metadataFields(tx, { id: "x.id", projectId: acme.own.projectId, type: "pipeline_run" }, conditions, false);
    const many = await metadataFields(tx, { id: "x.id", projectId: acme.own.projectId, type: "pipeline_run" }, [], false); // none is known to be few
    const asked = async (by: typeof fields.page) => {
      const { rows } = await sql<{ at: string }>`
        select x.at - 1 as at from unnest(${ids}::uuid[]) with ordinality as x(id, at) where ${conditionsSql(by, conditions)} order by at`.execute(tx);
      return rows.map((row) => Number(row.at));
    };
    return [await asked(fields.page), await asked(fields.count), await asked(many.page)];
  });
  expect(answers[1]).toEqual(answers[0]);
  expect(answers[2]).toEqual(answers[0]);
  return answers[0] as number[];
}
const auc = (op: Condition["op"], value: Condition["value"] = ""): Condition => ({ field: "meta.auc", op, value });
const branch = (op: Condition["op"], value: Condition["value"] = ""): Condition => ({ field: "meta.branch", op, value });

describe("the filter", () => {
  it("compares the latest value as a number", async () => {
    expect(await found(auc("gt", "0.9"))).toEqual([1]);
    expect(await found(auc("gte", "0.7"))).toEqual([1, 2]);
    expect(await found(auc("lt", "0.95"))).toEqual([0, 2]);
    expect(await found(auc("between", ["0.5", "0.7"]))).toEqual([0, 2]);
    expect(await found(auc("equals", "0.50"))).toEqual([0]);
    expect(await found(auc("equals", "0.99"))).toEqual([]);
    expect(await found(auc("notequals", "0.5"))).toEqual([1, 2, 3, 4, 5]);
  });

  it("compares text without its quotes, however the client spelled it", async () => {
    expect(await found(branch("oneof", ["main"]))).toEqual([0]);
    expect(await found(branch("oneof", ["café"]))).toEqual([1]);
    expect(await found(branch("oneof", ["café", "main"]))).toEqual([0, 1]);
    expect(await found(branch("notoneof", ["main"]))).toEqual([1, 2, 3, 4, 5]);
    expect(await found(branch("contains", "AI"))).toEqual([0]);
    expect(await found(branch("startswith", "side 100%"))).toEqual([2]);
    expect(await found(branch("endswith", "n"))).toEqual([0]);
    expect(await found({ field: "meta.flag", op: "oneof", value: ["true"] })).toEqual([3]);
    expect(await found({ field: "meta.other", op: "oneof", value: ["1.0"] })).toEqual([4]);
    expect(await found({ field: "meta.long", op: "oneof", value: ["x".repeat(3_000)] })).toEqual([4]);
  });

  it("knows what is not recorded, combines, and takes any key", async () => {
    expect(await found(branch("isnull"))).toEqual([3, 4, 5]);
    expect(await found(branch("isnotnull"), auc("gt", "0.6"))).toEqual([1, 2]);
    expect(await found({ field: "meta.a.b~c", op: "equals", value: "1" })).toEqual([0]);
    expect(await found({ field: "meta.'; drop table run", op: "isnotnull", value: "" })).toEqual([]);
  });

  it("refuses a value that is no number and an operator it does not have", async () => {
    await expect(found(auc("gt", "high"))).rejects.toMatchObject({ code: "invalid_input" });
    await expect(found(auc("in", ["1", "2"]))).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("looks texts and numbers up in an index, below row-level security", async () => {
    const plan = async (condition: Condition) =>
      here(async (tx) => {
        await sql`set local enable_seqscan = off`.execute(tx);
        const fields = await metadataFields(tx, { id: "r.id", projectId: acme.own.projectId, type: "pipeline_run" }, [condition], false);
        const { rows } = await sql<{ "QUERY PLAN": string }>`explain select r.id from run r where ${conditionsSql(fields.page, [condition])}`.execute(tx);
        return rows.map((row) => row["QUERY PLAN"]).join("\n");
      });
    expect(await plan(auc("gt", "0.9"))).toMatch(/metadata_entry_key[\s\S]*value_number > /);
    expect(await plan(branch("oneof", ["main"]))).toMatch(/metadata_entry_text[\s\S]*Index Cond: .*value/);
  });
});

it("counts on the walk where many values fit, and stops sooner unless all are asked for", async () => {
  const all: Condition[] = [{ field: "meta.everywhere", op: "gt", value: "0" }];
  const answers = await here(async (tx) => {
    await sql`insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type)
      select gen_random_uuid(), ${acme.own.workspace.id}, ${acme.own.projectId}, 'step_run', gen_random_uuid(), 'everywhere', '1', 1, 'int'
      from generate_series(1, 10001)`.execute(tx);
    const list = { id: "x.id", projectId: acme.own.projectId, type: "step_run" } as const;
    const short = await metadataFields(tx, list, all, false);
    const whole = await metadataFields(tx, list, all, true);
    const countBy = async (by: typeof short.count) => {
      const { rows } = await sql<{ count: number }>`select count(*)::int as count from
        (select distinct resource_id as id from metadata_entry where key = 'everywhere') x where ${conditionsSql(by, all)}`.execute(tx);
      return rows[0]?.count;
    };
    const two = await metadataFields(tx, list, [...all, { field: "name", op: "equals", value: "train" }], false);
    return { short: short.countedUpTo, whole: whole.countedUpTo, walked: await countBy(short.count), totals: [short.total, whole.total, two.total] };
  });
  expect(answers).toEqual({
    short: 1_000,
    whole: undefined,
    walked: 10_001,
    totals: [{ count: 10_000, isExact: false }, { count: 10_001, isExact: true }, undefined],
  });
});

it("has one latest value of a key on a thing, also when several log at once and several in one statement", async () => {
  const id = newId();
  await Promise.all(Array.from({ length: 6 }, (_, n) => logOn({ id, type: "model_version" }, { loss: String(n) })));
  await here((tx) =>
    sql`insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type, created_at)
      select gen_random_uuid(), ${acme.own.workspace.id}, ${acme.own.projectId}, 'model_version', ${id}, 'lag', n::text, n, 'int', now() - n * interval '1 second'
      from generate_series(1, 5) n`.execute(tx),
  );
  const { rows } = await here((tx) =>
    sql<{ key: string; isLatest: boolean; isMarked: boolean }>`
      select key, is_latest as "isMarked", id = (select l.id from metadata_entry l where l.resource_id = m.resource_id and l.key = m.key order by l.created_at desc, l.id desc limit 1) as "isLatest"
      from metadata_entry m where resource_id = ${id}`.execute(tx),
  );
  expect(rows).toHaveLength(11);
  expect(rows.filter((row) => row.isMarked !== row.isLatest)).toEqual([]);
});

it("lists the keys with what their values are, to those who read all such things", async () => {
  const keys = (person: keyof TestOrganization["people"], text: string, place = acme.own) =>
    ask(metadataKeysOf("pipeline_run"), callAs(acme.people[person], place.workspace), { projectId: acme.own.projectId, type: "pipeline_run", text });
  expect(await keys("viewer", "")).toEqual(
    ["a.b~c", "auc", "branch", "flag", "long", "other"].map((key) => ({ key, kind: ["a.b~c", "auc", "other"].includes(key) ? "number" : "text" })),
  );
  expect((await keys("viewer", "A")).map(({ key }) => key)).toEqual(["a.b~c", "auc", "branch", "flag"]);
  expect(await keys("viewer", "%")).toEqual([]);
  expect(await keys("runner", "")).toEqual([]); // it reads its own runs only
});
