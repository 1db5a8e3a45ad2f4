import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { seedUi } from "@/e2e/seed-ui";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { listRuns } from "./list-runs";
import { plainValue } from "./recorded";
import type { RunRow } from "./schema";

const RUNS = 60;
const db = useTestDatabase();
let organization: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
  await seedUi(db.ownerUrl, { workspace: organization.own.workspace.slug, runs: RUNS });
});

const NEWEST = { field: "created", direction: "desc" } as const;
const list = (input: Record<string, unknown> = {}, role: "viewer" | "contributor" = "viewer") =>
  ask(listRuns, callAs(organization.people[role], organization.own.workspace), {
    projectId: organization.own.projectId,
    conditions: [],
    sort: NEWEST,
    ...input,
  });
const filtered = async (field: string, op: string, value: string | string[]) => (await list({ conditions: [{ field, op, value }], limit: 1000 })).rows;

async function allPages(sort: { field: string; direction: string }, limit: number): Promise<RunRow[]> {
  const rows: RunRow[] = [];
  let after: string | undefined;
  do {
    const answer = await list({ sort, limit, after });
    rows.push(...answer.rows);
    after = answer.next ?? undefined;
  } while (after);
  return rows;
}

it("has the steps and the keys of metadata that are asked for, and reads neither else", async () => {
  const [key] = await asOwner<{ key: string; id: string; value: string }>(
    db.ownerUrl,
    `select distinct on (resource_id, key) key, resource_id as id, value from metadata_entry where resource_type = 'pipeline_run' order by resource_id, key, created_at desc, id desc`,
  );
  const { rows } = await list({ limit: 1000, withSteps: true, metadata: [key?.key ?? "", "no such key"] });
  expect(rows.find((run) => run.id === key?.id)?.metadata).toEqual({ [key?.key ?? ""]: plainValue(key?.value ?? "") });
  for (const run of rows) {
    expect(run.steps?.ended).toBeLessThanOrEqual(run.steps?.total ?? -1);
    if (run.status === "completed") expect(run.steps?.ended).toBe(run.steps?.total);
  }
  const [counted] = await asOwner<{ id: string; n: number }>(
    db.ownerUrl,
    "select run_id as id, count(distinct s.name)::int as n from step_run s join run r on r.id = s.run_id where not r.in_progress group by 1 order by 2 desc limit 1",
  );
  expect(rows.find((run) => run.id === counted?.id)?.steps?.total).toBe(counted?.n);
  expect((await list({ limit: 1 })).rows[0]).toMatchObject({ steps: null, metadata: {} });
});

describe("pages", () => {
  it.each([
    ["created", "desc"],
    ["number", "asc"],
    ["duration", "desc"],
    ["duration", "asc"],
    ["status", "asc"],
    ["name", "desc"],
    ["started", "asc"],
    ["ended", "desc"],
  ])("by %s %s hold every run once, in order", async (field, direction) => {
    const rows = await allPages({ field, direction }, 7);
    expect(new Set(rows.map((run) => run.id)).size).toBe(RUNS);
    expect(rows).toHaveLength(RUNS);
    const whole = await list({ sort: { field, direction }, limit: 1000 });
    expect(rows.map((run) => run.id)).toEqual(whole.rows.map((run) => run.id));
  });

  it("AZ-10: a cursor belongs to one list, one order and one reader", async () => {
    const next = (await list({ limit: 5 })).next;
    await expect(list({ limit: 5, after: `${next}x` })).rejects.toMatchObject({ code: "bad_request" });
    await expect(list({ limit: 5, after: next, sort: { field: "name", direction: "asc" } })).rejects.toMatchObject({ code: "bad_request" });
    await expect(list({ limit: 5, after: next }, "contributor")).rejects.toMatchObject({ code: "bad_request" });
  });
});

describe("filters", () => {
  it("answer with exactly the rows that hold, by every kind of field", async () => {
    const { rows } = await list({ limit: 1000 });
    const ids = (runs: RunRow[]) => runs.map((run) => run.number).sort((a, b) => a - b);
    const where = (holds: (run: RunRow) => boolean) => ids(rows.filter(holds));
    expect(ids(await filtered("status", "oneof", ["failed"]))).toEqual(where((run) => run.status === "failed"));
    expect(ids(await filtered("status", "notoneof", ["failed", "succeeded"]))).toEqual(where((run) => run.status !== "failed" && run.status !== "completed"));
    expect(ids(await filtered("pipeline", "startswith", "fraud_t"))).toEqual(where((run) => run.pipeline?.startsWith("fraud_t") ?? false));
    expect(ids(await filtered("pipeline", "contains", "%"))).toEqual([]);
    expect(ids(await filtered("stack", "isnull", ""))).toEqual(where((run) => run.stack === null));
    expect(ids(await filtered("model", "isnotnull", ""))).toEqual(where((run) => run.model !== null));
    expect(ids(await filtered("tag", "oneof", ["daily", "weekly"]))).toEqual(where((run) => run.tags.some((tag) => tag === "daily" || tag === "weekly")));
    expect(ids(await filtered("tag", "notoneof", ["daily"]))).toEqual(where((run) => !run.tags.includes("daily")));
    expect(ids(await filtered("duration", "gt", "600"))).toEqual(where((run) => (run.durationS ?? 0) > 600));
    expect(ids(await filtered("by", "contains", "CONTRIB"))).toEqual(where((run) => run.startedBy?.name === "The Contributor"));
    expect(ids((await list({ conditions: [{ field: "by", op: "oneof", value: ["me"] }], limit: 1000 }, "contributor")).rows)).toEqual(
      where((run) => run.startedBy?.name === "The Contributor"),
    );
  });

  it("match all or any, and say what an empty answer would be without each", async () => {
    const conditions = [
      { field: "status", op: "oneof", value: ["failed"] },
      { field: "pipeline", op: "startswith", value: "no-such" },
    ];
    const none = await list({ conditions });
    expect(none.rows).toEqual([]);
    expect(none.countsWithout).toEqual([0, (await filtered("status", "oneof", ["failed"])).length]);
    expect((await list({ conditions, matchesAny: true })).total.count).toBe(none.countsWithout?.[1]);
  });

  it("match one of a group and all of the groups", async () => {
    const grouped = await list({
      conditions: [
        { field: "status", op: "oneof", value: ["failed"] },
        { field: "status", op: "oneof", value: ["running"], or: true },
        { field: "number", op: "gt", value: "1" },
      ],
    });
    expect(grouped.rows.length).toBeGreaterThan(0);
    expect(grouped.rows.every((run) => ["failed", "running"].includes(run.status) && run.number > 1)).toBe(true);
    const plain = [
      { field: "status", op: "oneof", value: ["failed", "running"] },
      { field: "number", op: "gt", value: "1" },
    ];
    expect(grouped.total.count).toBe((await list({ conditions: plain })).total.count);
  });

  it("are found by the version of their model", async () => {
    const versions = (await list({ limit: 200 })).rows.flatMap((run) => run.model?.version ?? []);
    const [version = ""] = versions;
    expect(version).not.toBe("");
    const found = await list({ conditions: [{ field: "version", op: "oneof", value: [version] }], limit: 200 });
    expect(found.rows.map((run) => run.model?.version)).toEqual(versions.filter((known) => known === version));
  });

  it("AZ-11: refuse fields and values that are none", async () => {
    await expect(filtered("password", "oneof", ["x"])).rejects.toMatchObject({ code: "invalid_input" });
    await expect(filtered("duration", "gt", "long")).rejects.toMatchObject({ code: "invalid_input" });
    await expect(list({ sort: { field: "tag", direction: "asc" } })).rejects.toMatchObject({ code: "invalid_input" });
  });
});
