import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { countOf, readsAll } from "@/lib/kernel/kept-total";
import { limitOf } from "@/lib/kernel/limit-of";
import { afterSql, conditionsSql, type Fields, type ListSpec, openCursor, orderSql, sealCursor } from "@/lib/kernel/list";
import { creatorField, type LinkedOp, linked, unless, valuesOf } from "@/lib/kernel/linked-field";
import { withoutOne } from "@/lib/kernel/or-rule";
import { defineQuery } from "@/lib/kernel/query";
import { metadataFields } from "@/lib/metadata/metadata-filter";
import { readLatestValues } from "@/lib/metadata/read-latest-values";
import type { Tx } from "@/lib/kernel/transaction";
import { countSteps } from "./count-steps";
import { RUN_STATES, type RunRow } from "./schema";
import { hasShownStatus, shownStatus } from "./shown-status";

// The list of a project's runs: rows that the actor may read, one sort key with the id as tie-break, keyset pages with signed cursors.
// Counts stop at 10,000 unless all are asked for.

const COUNTED_UP_TO = 10_000;
const STATES = new Map<string, readonly string[]>(RUN_STATES.map(({ value, states }) => [value, states]));

/** The fields of a run that its pages filter and sort by. */
export function runFields(actor: Pick<Actor, "id">): Fields {
  return {
    status: {
      kind: "enum",
      sql: sql.ref("r.status"),
      required: true,
      where: (op, value) => {
        const states = valuesOf(value).flatMap((word) => STATES.get(word) ?? [word]);
        return unless(op, hasShownStatus("r", states));
      },
    },
    name: { kind: "text", sql: sql.ref("r.name"), required: true },
    number: { kind: "number", sql: sql.ref("r.number"), required: true },
    started: { kind: "time", sql: sql.ref("r.start_time"), required: true },
    created: { kind: "time", sql: sql.ref("r.created_at"), required: true },
    ended: { kind: "time", sql: sql.ref("r.end_time") },
    duration: { kind: "number", sql: sql.ref("r.duration_s") },
    origin: { kind: "enum", sql: sql.ref("r.origin") },
    code: { kind: "text", sql: sql.ref("r.code_digest") },
    pipeline: { kind: "text", where: linked((match) => sql<SqlBool>`exists (select 1 from pipeline x where x.id = r.pipeline_id and ${match})`, sql`x.name`) },
    stack: { kind: "text", where: linked((match) => sql<SqlBool>`exists (select 1 from stack x where x.id = r.stack_id and ${match})`, sql`x.name`) },
    model: {
      kind: "text",
      where: linked(
        (match) => sql<SqlBool>`exists (select 1 from model_version v join model x on x.id = v.model_id where v.id = r.model_version_id and ${match})`,
        sql`x.name`,
      ),
    },
    version: {
      kind: "text",
      where: linked((match) => sql<SqlBool>`exists (select 1 from model_version x where x.id = r.model_version_id and ${match})`, sql`x.name`),
    },
    tag: {
      kind: "text",
      where: linked(
        (match) => sql<SqlBool>`exists (select 1 from tag_resource g join tag x on x.id = g.tag_id where g.resource_id = r.id and ${match})`,
        sql`x.name`,
      ),
    },
    by: creatorField(actor, "r.created_by"),
  };
}

const condition = z.object({
  field: z.string(),
  op: z.string() as z.ZodType<LinkedOp>,
  value: z.union([z.string(), z.array(z.string())]),
  or: z.boolean().optional(),
});

/** Input of the list; the page's parser has already dropped what it does not know. */
const input = z.strictObject({
  projectId: z.uuid(),
  /** Only runs of this pipeline. */
  pipelineId: z.uuid().optional(),
  conditions: z.array(condition).max(20),
  matchesAny: z.boolean().default(false),
  sort: z.object({ field: z.string(), direction: z.enum(["asc", "desc"]) }),
  after: z.string().optional(),
  limit: z.number().int().min(1).max(1000).default(50),
  countsAll: z.boolean().default(false),
  /** False for exports, which need no total. */
  counts: z.boolean().default(true),
  /** Whether rows say how many of their steps have ended, and which keys of metadata they carry: each is one more read. */
  withSteps: z.boolean().default(false),
  metadata: z.array(z.string().max(255)).max(20).default([]),
});

export type RunList = { rows: RunRow[]; total: { count: number; isExact: boolean }; next: string | null; countsWithout: number[] | null };

/** Lists the runs of a project. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listRuns = defineQuery({
  name: "run.list",
  permission: "run:read",
  input,
  scope: ({ actor, workspace, input: { projectId } }) => ({ workspaceId: workspace?.id, projectId, ownerId: actor.id }),
  run: async ({ tx, actor, input, workspace }): Promise<RunList> => {
    const own = runFields(actor);
    const metadata = await metadataFields(tx, { id: "r.id", projectId: input.projectId, type: "pipeline_run" }, input.conditions, input.countsAll);
    const countedUpTo = metadata.countedUpTo ?? COUNTED_UP_TO;
    const fields = { ...own, ...metadata.page };
    const countFields = { ...own, ...metadata.count };
    const logic = input.matchesAny ? "or" : "and";
    const list = `runs ${input.projectId} ${input.pipelineId ?? ""} ${input.sort.field} ${input.sort.direction}`;
    const spec: ListSpec = {
      conditions: input.conditions,
      logic,
      sort: input.sort,
      limit: input.limit,
      after: input.after ? openCursor(input.after, list, actor.id) : undefined,
    };
    const readable = sql<SqlBool>`r.project_id = ${input.projectId} ${input.pipelineId ? sql`and r.pipeline_id = ${input.pipelineId}` : sql``} and ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}`;
    const matches = conditionsSql(fields, spec.conditions, logic);
    // The page first and what its rows name after: small tables are then read once, not once for each row.
    const finding = sql<Found>`
      select r.id, r.number, r.name, ${shownStatus("r")} as status, r.origin, r.code_digest, r.start_time, r.end_time, r.duration_s, r.created_at,
        ${sortValue(fields, spec)} as sort_value,
        p.name as pipeline, s.name as stack, m.name as model, v.name as model_version,
        coalesce(nullif(u.full_name, ''), u.name) as creator, u.kind as creator_kind, coalesce(nullif(b.full_name, ''), b.name) as behalf,
        coalesce((select array_agg(t.name order by t.name) from tag_resource tr join tag t on t.id = tr.tag_id where tr.resource_id = r.id), '{}') as tags
      from (select r.* from run r where ${readable} and ${matches} and ${afterSql(fields, spec, "r.id")} order by ${orderSql(fields, spec, "r.id")} ${limitOf(spec.limit + 1)}) r
        left join pipeline p on p.id = r.pipeline_id
        left join stack s on s.id = r.stack_id
        left join model_version v on v.id = r.model_version_id
        left join model m on m.id = v.model_id
        left join principal u on u.id = r.created_by
        left join principal b on b.id = r.on_behalf_of
      order by ${orderSql(fields, spec, "r.id")}`.execute(tx);

    const totalOf = async () => {
      const kept = { actor, permission: "run:read", workspaceId: workspace?.id, projectId: input.projectId, kind: "run" } as const;
      if (readsAll(kept)) {
        if (spec.conditions.length === 0) return { count: await keptCount(tx, input), isExact: true };
        if (metadata.total && !input.pipelineId) return metadata.total;
      }
      return count(tx, sql<SqlBool>`${readable} and ${conditionsSql(countFields, spec.conditions, logic)}`, input.countsAll ? null : countedUpTo);
    };
    const [{ rows: found }, counted] = await Promise.all([finding, input.counts ? totalOf() : undefined]);
    const rows = found.slice(0, spec.limit);
    const last = rows.at(-1);
    const total = counted ?? { count: rows.length, isExact: false };
    let countsWithout: number[] | null = null;
    if (input.counts && rows.length === 0 && spec.conditions.length > 0 && !spec.after) {
      countsWithout = [];
      for (const at of spec.conditions.keys()) {
        const others = withoutOne(spec.conditions, at);
        countsWithout.push((await count(tx, sql<SqlBool>`${readable} and ${conditionsSql(countFields, others, logic)}`, COUNTED_UP_TO)).count);
      }
    }
    const ids = rows.map((row) => row.id);
    const steps = input.withSteps ? await countSteps(tx, ids) : undefined;
    const values = await readLatestValues(tx, ids, input.metadata);
    return {
      rows: rows.map((row) => ({ ...toRow(row), steps: steps?.get(row.id) ?? null, metadata: values.get(row.id) ?? {} })),
      total,
      next: found.length > spec.limit && last ? sealCursor({ value: last.sort_value, id: last.id }, list, actor.id) : null,
      countsWithout,
    };
  },
});

/** How many runs there are in a project, or of one pipeline of it. */
async function keptCount(tx: Tx, { projectId, pipelineId }: { projectId: string; pipelineId?: string | undefined }): Promise<number> {
  if (!pipelineId) return countOf(tx, projectId, "run");
  const row = await tx.selectFrom("pipeline").select("run_count").where("id", "=", pipelineId).where("project_id", "=", projectId).executeTakeFirst();
  return row?.run_count ?? 0;
}

type Found = {
  id: string;
  number: number;
  name: string;
  status: string;
  origin: string;
  code_digest: string | null;
  start_time: string | null;
  end_time: string | null;
  duration_s: number | null;
  created_at: string;
  sort_value: string | number | null;
  pipeline: string | null;
  stack: string | null;
  model: string | null;
  model_version: string | null;
  creator: string | null;
  creator_kind: string | null;
  behalf: string | null;
  tags: string[];
};

const toRow = (row: Found): Omit<RunRow, "steps" | "metadata"> => ({
  id: row.id,
  number: row.number,
  name: row.name,
  status: row.status,
  pipeline: row.pipeline,
  stack: row.stack,
  startedBy: row.creator ? { name: row.creator, kind: row.creator_kind ?? "user" } : null,
  onBehalfOf: row.behalf,
  origin: row.origin,
  model: row.model && row.model_version ? { name: row.model, version: row.model_version } : null,
  codeDigest: row.code_digest,
  tags: row.tags,
  startedAt: row.start_time,
  endedAt: row.end_time,
  durationS: row.duration_s,
  createdAt: row.created_at,
});

function sortValue(fields: Fields, spec: ListSpec): RawBuilder<unknown> {
  const field = fields[spec.sort.field];
  if (!field?.sql) throw new AppError("invalid_input", `There is no field ${spec.sort.field} to sort by.`);
  return field.sql;
}

async function count(tx: Tx, where: RawBuilder<SqlBool>, upTo: number | null): Promise<{ count: number; isExact: boolean }> {
  const limit = upTo === null ? sql`` : limitOf(upTo + 1);
  const { rows } = await sql<{ count: number }>`select count(*) as count from (select 1 from run r where ${where} ${limit}) counted`.execute(tx);
  const found = Number(rows[0]?.count ?? 0);
  return upTo !== null && found > upTo ? { count: upTo, isExact: false } : { count: found, isExact: true };
}
