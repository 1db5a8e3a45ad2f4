import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { creatorField, linked } from "@/lib/kernel/linked-field";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { SnapshotTableRow } from "@/lib/pipelines/schema";

// The snapshots of one pipeline as its page lists them: what was compiled, from which code, and what ran last from it.

const fieldsFor = (actor: Actor): Fields => ({
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  name: { kind: "text", sql: sql.ref("x.name") },
  code: { kind: "text", sql: sql.ref("x.code_digest") },
  steps: { kind: "number", sql: sql.ref("x.step_count"), required: true },
  client: { kind: "text", sql: sql.ref("x.client_version") },
  stack: {
    kind: "text",
    where: linked((match) => sql<SqlBool>`exists (select 1 from stack k where k.id = x.stack_id and ${match})`, sql.ref("k.name")),
  },
  by: creatorField(actor, "x.created_by"),
});

type Found = {
  id: string;
  name: string | null;
  code_digest: string | null;
  packages: string | null;
  step_count: number;
  is_dynamic: boolean;
  client_version: string | null;
  stack_id: string | null;
  stack: string | null;
  creator: string | null;
  creator_kind: string | null;
  created_at: string;
  last: SnapshotTableRow["lastRun"];
};

/** Lists a pipeline's snapshots. Errors: not_found for the pipeline, bad_request for a cursor that is not ours, invalid_input. */
export const listSnapshotRows = defineQuery({
  name: "snapshot.table",
  permission: "snapshot:read",
  input: keysetInput.extend({ projectId: z.uuid(), pipeline: z.string() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id }),
  run: async ({ tx, actor, input: { projectId, pipeline, ...input } }): Promise<KeysetPage<SnapshotTableRow>> => {
    const found = await tx.selectFrom("pipeline").select("id").where("project_id", "=", projectId).where("name", "=", pipeline).executeTakeFirst();
    if (!found) throw new AppError("not_found", "There is no such pipeline here.");
    const readableRun = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const source = sql`(
      select s.id, s.name, s.pipeline_version_hash as code_digest, encode(s.python_packages_sha256, 'hex') as packages, s.step_count, s.is_dynamic, s.client_version,
        s.stack_id, k.name as stack, s.workspace_id, s.project_id, s.created_by, s.created_at, coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind,
        (select jsonb_build_object('id', r.id, 'number', r.number, 'status', r.status, 'at', r.start_time) from run r
          where r.snapshot_id = s.id and ${readableRun} order by r.created_at desc, r.id desc limit 1) as last
      from snapshot s left join stack k on k.id = s.stack_id left join principal u on u.id = s.created_by where s.pipeline_id = ${found.id}) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: fieldsFor(actor),
      input,
      visible: visibleTo(actor, "snapshot:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by" }),
      list: `snapshots ${found.id}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        codeDigest: row.code_digest,
        packagesDigest: row.packages,
        steps: row.step_count,
        isDynamic: row.is_dynamic,
        clientVersion: row.client_version,
        stack: row.stack_id && row.stack ? { id: row.stack_id, name: row.stack } : null,
        by: row.creator ? { name: row.creator, kind: row.creator_kind ?? "user" } : null,
        createdAt: row.created_at,
        lastRun: row.last,
      })),
    };
  },
});
