import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { conditionsSql, type Fields, type ListSpec, orderSql } from "@/lib/kernel/list";
import { prepared } from "@/lib/kernel/prepared";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import { anyOf } from "@/lib/kernel/any-of";
import type { Tx } from "@/lib/kernel/transaction";
import { tagsField } from "@/lib/tags/tags-field";

export const SNAPSHOT_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("snapshot.id"), required: true },
  name: { kind: "text", sql: sql.ref("snapshot.name") },
  created: { kind: "time", sql: sql.ref("snapshot.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("snapshot.updated_at"), required: true },
  is_dynamic: { kind: "bool", sql: sql.ref("snapshot.is_dynamic") },
  pipeline: referenceField(sql.ref("snapshot.pipeline_id"), "pipeline"),
  pipeline_id: { kind: "uuid", sql: sql.ref("snapshot.pipeline_id") },
  stack: referenceField(sql.ref("snapshot.stack_id"), "stack"),
  stack_id: { kind: "uuid", sql: sql.ref("snapshot.stack_id") },
  schedule: referenceField(sql.ref("snapshot.schedule_id"), "schedule"),
  user: referenceField(sql.ref("snapshot.created_by"), "principal"),
  user_id: { kind: "uuid", sql: sql.ref("snapshot.created_by") },
  tag: tagsField("snapshot.id"),
  tags: tagsField("snapshot.id"),
  named_only: { kind: "bool", where: (_op, value) => (["true", "True", "1"].includes(String(value)) ? sql`snapshot.name is not null` : sql`true`) },
};

const COLUMNS = [
  "snapshot.id",
  "snapshot.project_id",
  "snapshot.pipeline_id",
  "snapshot.stack_id",
  "snapshot.schedule_id",
  "snapshot.name",
  "snapshot.description",
  "snapshot.run_name_template",
  "snapshot.is_dynamic",
  "snapshot.client_version",
  "snapshot.server_version",
  "snapshot.pipeline_version_hash",
  "snapshot.code_path",
  "snapshot.source_code_sha256",
  "snapshot.pipeline_configuration_sha256",
  "snapshot.client_environment_sha256",
  "snapshot.python_packages_sha256",
  "snapshot.pipeline_spec_sha256",
  "snapshot.created_by",
  "snapshot.created_at",
  "snapshot.updated_at",
] as const;

/** Snapshots that the actor may read, with the exact total. */
export const listSnapshots = defineQuery({
  name: "snapshot.listed",
  permission: "snapshot:read",
  input: z.strictObject({ spec: z.custom<ListSpec>(), projectId: z.uuid().nullable() }),
  run: async ({ tx, actor, input, workspace }) => {
    const visible = visibleTo(actor, "snapshot:read", {
      workspaceId: "snapshot.workspace_id",
      projectId: "snapshot.project_id",
      ownerId: "snapshot.created_by",
    });
    let query = tx
      .selectFrom("snapshot")
      .where("snapshot.workspace_id", "=", workspace?.id ?? "")
      .where(visible)
      .where(conditionsSql(SNAPSHOT_FIELDS, input.spec.conditions, input.spec.logic));
    if (input.projectId) query = query.where("snapshot.project_id", "=", input.projectId);
    const { n } = await query.select(sql<number>`count(*)`.as("n")).executeTakeFirstOrThrow();
    const rows = await query
      .select(COLUMNS)
      .orderBy(orderSql(SNAPSHOT_FIELDS, input.spec, "snapshot.id") as never)
      .limit(input.spec.limit)
      .offset(input.spec.offset ?? 0)
      .execute();
    return { rows, total: Number(n) };
  },
});

/** One snapshot. Error: not_found. */
export const getSnapshot = defineQuery({
  name: "snapshot.read",
  permission: "snapshot:read",
  input: z.strictObject({ snapshotId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const row = await tx
      .selectFrom("snapshot")
      .select(["project_id", "created_by"])
      .where("id", "=", input.snapshotId)
      .where("workspace_id", "=", workspace?.id ?? "")
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", `Unable to get pipeline snapshot with ID '${input.snapshotId}': No pipeline snapshot with this ID found`);
    return { workspaceId: workspace?.id, projectId: row.project_id, ownerId: row.created_by };
  },
  run: async ({ tx, input }) => tx.selectFrom("snapshot").select(COLUMNS).where("snapshot.id", "=", input.snapshotId).executeTakeFirstOrThrow(),
});

export type SnapshotRow = Awaited<ReturnType<typeof getSnapshot.run>>;

const byIds = prepared((db, ids: readonly string[]) => db.selectFrom("snapshot").select(COLUMNS).where("id", "=", anyOf(ids)));

/** Snapshots by id, for what embeds them. */
export async function snapshotsById(tx: Tx, ids: readonly string[]): Promise<Map<string, SnapshotRow>> {
  if (ids.length === 0) return new Map();
  const rows = await byIds(tx, ids);
  return new Map(rows.map((row) => [row.id, row]));
}

/** The steps of snapshots in their order, with the hash of each one's text. */
export async function snapshotSteps(tx: Tx, snapshotIds: readonly string[]) {
  if (snapshotIds.length === 0) return [];
  return tx
    .selectFrom("snapshot_step")
    .select(["snapshot_id", "name", "body_sha256", "upstream"])
    .where("snapshot_id", "=", anyOf(snapshotIds))
    .orderBy("snapshot_id")
    .orderBy("position")
    .execute();
}
