import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { afterSql, type Condition, conditionsSql, type Fields, type ListSpec, openCursor, orderSql, sealCursor } from "@/lib/kernel/list";
import { withoutOne } from "@/lib/kernel/or-rule";
import { defineQuery } from "@/lib/kernel/query";
import type { WorkspaceRow } from "./schema";

// The list of workspaces that the actor may read, with what happened in them in the last seven days (as far as they may read it).

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.slug"), required: true },
  state: { kind: "enum", sql: sql.ref("x.state") },
  projects: { kind: "number", sql: sql.ref("x.projects") },
  members: { kind: "number", sql: sql.ref("x.members") },
  runs: { kind: "number", sql: sql.ref("x.runs7d") },
  failed: { kind: "number", sql: sql.ref("x.failed7d") },
  lastRun: { kind: "time", sql: sql.ref("x.last_run_at") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
};

const condition = z.object({
  field: z.string(),
  op: z.string() as z.ZodType<Condition["op"]>,
  value: z.union([z.string(), z.array(z.string())]),
  or: z.boolean().optional(),
});
const input = z.strictObject({
  conditions: z.array(condition).max(20),
  matchesAny: z.boolean().default(false),
  sort: z.object({ field: z.string(), direction: z.enum(["asc", "desc"]) }),
  after: z.string().optional(),
  limit: z.number().int().min(1).max(1000).default(50),
});

export type WorkspaceList = { rows: WorkspaceRow[]; total: number; next: string | null; countsWithout: number[] | null };

/** Lists workspaces. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listWorkspaces = defineQuery({
  name: "workspace.list",
  permission: "session:read",
  input,
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<WorkspaceList> => {
    const logic = input.matchesAny ? "or" : "and";
    const list = `workspaces ${input.sort.field} ${input.sort.direction}`;
    const spec: ListSpec = {
      conditions: input.conditions,
      logic,
      sort: input.sort,
      limit: input.limit,
      after: input.after ? openCursor(input.after, list, actor.id) : undefined,
    };
    const sortField = Object.hasOwn(FIELDS, spec.sort.field) ? FIELDS[spec.sort.field]?.sql : undefined;
    if (!sortField) throw new AppError("invalid_input", `There is no field ${spec.sort.field} to sort by.`);
    const readableRun = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const readableProject = visibleTo(actor, "project:read", { workspaceId: "p.workspace_id", projectId: "p.id", ownerId: "p.created_by" });
    const source = sql`(
      select w.id, w.slug, w.display_name, w.description, w.state, w.created_at,
        (select count(*)::int from project p where p.workspace_id = w.id and ${readableProject}) as projects,
        (select count(distinct g.principal_id)::int from role_grant g join principal p on p.id = g.principal_id and p.kind <> 'canary' where g.workspace_ref = w.id and g.effect = 'allow' and g.thing_id is null and g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())) as members,
        (select count(*)::int from project p join run r on r.project_id = p.id and r.created_at > now() - interval '7 days' and ${readableRun} where p.workspace_id = w.id) as runs7d,
        (select count(*)::int from project p join run r on r.project_id = p.id and r.status = 'failed' and r.created_at > now() - interval '7 days' and ${readableRun} where p.workspace_id = w.id) as failed7d,
        (select max(newest.created_at) from project p cross join lateral (select r.created_at from run r where r.project_id = p.id and ${readableRun} order by r.created_at desc limit 1) newest where p.workspace_id = w.id) as last_run_at
      from workspace w
      where w.organization_id = ${actor.organizationId} and w.state <> 'deleted' and ${visibleTo(actor, "workspace:read", { workspaceId: "w.id", ownerId: "w.id" })}
    ) x`;
    const matches = conditionsSql(FIELDS, spec.conditions, logic);
    const { rows: found } = await sql<Found>`select x.*, ${sortField} as sort_value from ${source}
      where ${matches} and ${afterSql(FIELDS, spec, "x.id")} order by ${orderSql(FIELDS, spec, "x.id")} limit ${spec.limit + 1}`.execute(tx);
    const count = async (where: ReturnType<typeof conditionsSql>) => {
      const { rows } = await sql<{ count: number }>`select count(*) as count from ${source} where ${sql<SqlBool>`${where}`}`.execute(tx);
      return Number(rows[0]?.count ?? 0);
    };
    const rows = found.slice(0, spec.limit);
    const last = rows.at(-1);
    let countsWithout: number[] | null = null;
    if (rows.length === 0 && spec.conditions.length > 0 && !spec.after) {
      countsWithout = [];
      for (const at of spec.conditions.keys()) countsWithout.push(await count(conditionsSql(FIELDS, withoutOne(spec.conditions, at), logic)));
    }
    return {
      rows: rows.map((row) => ({
        id: row.id,
        slug: row.slug,
        displayName: row.display_name,
        description: row.description,
        state: row.state,
        projects: row.projects,
        members: row.members,
        runs7d: row.runs7d,
        failed7d: row.failed7d,
        lastRunAt: row.last_run_at,
        createdAt: row.created_at,
      })),
      total: await count(matches),
      next: found.length > spec.limit && last ? sealCursor({ value: last.sort_value, id: last.id }, list, actor.id) : null,
      countsWithout,
    };
  },
});

type Found = {
  id: string;
  slug: string;
  display_name: string;
  description: string;
  state: string;
  created_at: string;
  projects: number;
  members: number;
  runs7d: number;
  failed7d: number;
  last_run_at: string | null;
  sort_value: string | number | null;
};
