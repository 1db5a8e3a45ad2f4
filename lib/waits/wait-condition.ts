import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";

// A question that a dynamic run asks (WIRE §7): reading one, many, and the open one of a run.

const COLUMNS = [
  "wait_condition.id",
  "wait_condition.project_id",
  "wait_condition.run_id",
  "wait_condition.name",
  "wait_condition.type",
  "wait_condition.question",
  "wait_condition.data_schema",
  "wait_condition.metadata",
  "wait_condition.status",
  "wait_condition.resolution",
  "wait_condition.result",
  "wait_condition.poller_id",
  "wait_condition.poller_lease_until",
  "wait_condition.last_polled_at",
  "wait_condition.resolved_at",
  "wait_condition.resolved_by",
  "wait_condition.created_by",
  "wait_condition.created_at",
  "wait_condition.updated_at",
] as const;

export const WAIT_CONDITION_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("wait_condition.id"), required: true },
  name: { kind: "text", sql: sql.ref("wait_condition.name"), required: true },
  type: { kind: "enum", sql: sql.ref("wait_condition.type"), required: true },
  status: { kind: "enum", sql: sql.ref("wait_condition.status"), required: true },
  resolution: { kind: "enum", sql: sql.ref("wait_condition.resolution") },
  created: { kind: "time", sql: sql.ref("wait_condition.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("wait_condition.updated_at"), required: true },
  resolved_at: { kind: "time", sql: sql.ref("wait_condition.resolved_at") },
  resolved_by: referenceField(sql.ref("wait_condition.resolved_by"), "principal"),
  user: referenceField(sql.ref("wait_condition.created_by"), "principal"),
  project: referenceField(sql.ref("wait_condition.project_id"), "project"),
  pipeline_run: { kind: "uuid", sql: sql.ref("wait_condition.run_id"), required: true },
};

/** Questions of a workspace that the actor may read, with the exact total. */
export const listWaitConditions = defineQuery({
  name: "wait-condition.listed",
  permission: "run:read",
  input: listInput,
  run: async ({ tx, actor, input, workspace }): Promise<{ total: number; items: WaitConditionRow[] }> => {
    const own = visibleTo(actor, "run:read", {
      workspaceId: "wait_condition.workspace_id",
      projectId: "wait_condition.project_id",
      ownerId: "wait_condition.created_by",
    });
    const visible = sql<SqlBool>`wait_condition.workspace_id = ${workspace?.id ?? null} and ${own}`;
    const { total, ids } = await pageOfIds(tx, { from: sql`wait_condition`, id: "wait_condition.id", fields: WAIT_CONDITION_FIELDS, ...input, visible });
    if (ids.length === 0) return { total, items: [] };
    return { total, items: inOrder(ids, await tx.selectFrom("wait_condition").select(COLUMNS).where("wait_condition.id", "in", ids).execute()) };
  },
});

/** One question. Error: not_found. */
export const getWaitCondition = defineQuery({
  name: "wait-condition.read",
  permission: "run:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: async ({ tx, input, workspace }) => (await waitConditionTarget(tx, workspace?.id ?? "", input.id)).target,
  run: async ({ tx, input }) => tx.selectFrom("wait_condition").select(COLUMNS).where("wait_condition.id", "=", input.id).executeTakeFirstOrThrow(),
});

export type WaitConditionRow = Awaited<ReturnType<typeof getWaitCondition.run>>;

/** The open question of each of the runs that has one, by run id. */
export async function openWaitConditions(tx: Tx, runIds: readonly string[]): Promise<Map<string, WaitConditionRow>> {
  if (runIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("wait_condition")
    .select(COLUMNS)
    .where("run_id", "in", [...runIds])
    .where("status", "=", "pending")
    .execute();
  return new Map(rows.map((row) => [row.run_id, row]));
}

/** A question and its run, both locked for a change when `lock` is set (the run first, as everywhere). Error: not_found. */
export async function waitConditionTarget(tx: Tx, workspaceId: string, id: string, { lock = false } = {}) {
  const found = await tx.selectFrom("wait_condition").select("run_id").where("id", "=", id).where("workspace_id", "=", workspaceId).executeTakeFirst();
  if (!found) throw new AppError("not_found", `Run wait condition with ID \`${id}\` not found.`);
  const runQuery = tx.selectFrom("run").select(["id", "name", "project_id", "created_by", "status"]).where("id", "=", found.run_id);
  const run = await (lock ? runQuery.forNoKeyUpdate() : runQuery).executeTakeFirstOrThrow();
  const condition = await tx.selectFrom("wait_condition").select(COLUMNS).where("id", "=", id).executeTakeFirstOrThrow();
  return {
    condition,
    run,
    target: {
      workspaceId,
      projectId: run.project_id,
      ownerId: run.created_by,
      runId: run.id,
      thing: { type: "wait-condition", id, name: condition.name },
    },
  };
}
