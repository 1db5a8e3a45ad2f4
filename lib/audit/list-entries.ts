import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { limitOf } from "@/lib/kernel/limit-of";
import { type Condition, conditionsSql, type Fields, openCursor, sealCursor } from "@/lib/kernel/list";
import { withoutOne } from "@/lib/kernel/or-rule";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { EntryPage, EntryRow } from "./schema";

// Reads the audit trail: a workspace's entries on its page, on the organization's page also those that belong to no workspace. Rows
// are filtered in SQL by audit-entry:read; a Contributor sees own acts. The number is the order, so pages are by number alone.

const COUNTED_UP_TO = 10_000;

const FIELDS: Fields = {
  at: { kind: "time", sql: sql.ref("e.at"), required: true },
  seq: { kind: "number", sql: sql.ref("e.seq"), required: true },
  actor: { kind: "text", sql: sql.ref("e.actor_name") },
  behalf: { kind: "text", sql: sql.ref("e.on_behalf_of_name") },
  origin: { kind: "enum", sql: sql.ref("e.origin") },
  action: { kind: "text", sql: sql.ref("e.action") },
  type: { kind: "text", sql: sql.ref("e.target_type") },
  target: { kind: "text", sql: sql.ref("e.target_name") },
  thing: { kind: "text", sql: sql.ref("e.target_id") },
  outcome: { kind: "enum", sql: sql.ref("e.outcome") },
  reason: { kind: "text", sql: sql.ref("e.reason") },
  workspace: { kind: "text", sql: sql.ref("w.slug") },
  request: { kind: "text", sql: sql.ref("e.request_id") },
  address: { kind: "text", sql: sql.ref("e.address") },
  credential: { kind: "enum", sql: sql.ref("e.credential_kind") },
  changed: {
    kind: "text",
    where: (op, value) => {
      const keys = typeof value === "string" ? [value] : [...value];
      const has = sql<SqlBool>`(coalesce(e.before, '{}') ?| ${sql.val(keys)}::text[] or coalesce(e.after, '{}') ?| ${sql.val(keys)}::text[])`;
      if (op === "notoneof" || op === "notequals") return sql<SqlBool>`not ${has}`;
      if (op === "oneof" || op === "equals") return has;
      throw new AppError("invalid_input", "Changed field: only is and is not are known.");
    },
  },
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
  direction: z.enum(["asc", "desc"]).default("desc"),
  after: z.string().optional(),
  limit: z.number().int().min(1).max(1000).default(100),
  countsAll: z.boolean().default(false),
  counts: z.boolean().default(true),
  /** Whether an empty answer says how many there would be without each condition. */
  explains: z.boolean().default(true),
});

export type EntryList = { rows: EntryRow[]; total: { count: number; isExact: boolean }; next: string | null; countsWithout: number[] | null };

/** Kinds of a workspace whose things have a page by id. */
const PAGES: Record<string, string> = { stack: "stacks", component: "components", flavor: "flavors", secret: "secrets", connector: "connectors" };

/** Where the trail is read: in one workspace by its own grants, in the organization by whatever grants there are. */
const place = ({ actor, workspace }: { actor: Actor; workspace: Workspace | null }) =>
  workspace ? { workspaceId: workspace.id, ownerId: actor.id } : { ownerId: actor.id };

function readable(actor: Actor, workspace: Workspace | null): RawBuilder<SqlBool> {
  const rows = visibleTo(actor, "audit-entry:read", { workspaceId: "e.workspace_id", ownerId: "e.actor_id" });
  const here = workspace ? sql<SqlBool>`e.workspace_id = ${workspace.id}` : sql<SqlBool>`true`;
  return sql<SqlBool>`e.organization_id = ${actor.organizationId} and ${here} and ${rows}`;
}

/** The same for a list. A workspace's entries are found by the workspace alone, which has one organization: its index then holds all that is asked. */
const listed = (actor: Actor, workspace: Workspace | null): RawBuilder<SqlBool> =>
  workspace
    ? sql<SqlBool>`e.workspace_id = ${workspace.id} and ${visibleTo(actor, "audit-entry:read", { workspaceId: "e.workspace_id", ownerId: "e.actor_id" })}`
    : readable(actor, null);

/** Lists entries by number. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listEntries = defineQuery({
  name: "audit-entry.list",
  permission: "session:read",
  input,
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input }): Promise<EntryList> => {
    const logic = input.matchesAny ? "or" : "and";
    const list = `entries ${workspace?.id ?? "all"} ${input.direction}`;
    const after = input.after ? Number(openCursor(input.after, list, actor.id).value) : undefined;
    const own = listed(actor, workspace);
    const matches = conditionsSql(FIELDS, input.conditions, logic);
    const direction = sql.raw(input.direction);
    const past = after === undefined ? sql<SqlBool>`true` : input.direction === "desc" ? sql<SqlBool>`e.seq < ${after}` : sql<SqlBool>`e.seq > ${after}`;
    const { rows: found } = await sql<EntryRow>`select ${ROW} from audit_entry e left join workspace w on w.id = e.workspace_id
      where ${own} and ${matches} and ${past} order by e.seq ${direction} ${limitOf(input.limit + 1)}`.execute(tx);
    const rows = found.slice(0, input.limit);
    const last = rows.at(-1);
    let countsWithout: number[] | null = null;
    if (input.counts && input.explains && rows.length === 0 && input.conditions.length > 0 && after === undefined) {
      countsWithout = [];
      for (const at of input.conditions.keys()) {
        const others = withoutOne(input.conditions, at);
        countsWithout.push((await count(tx, sql<SqlBool>`${own} and ${conditionsSql(FIELDS, others, logic)}`, false)).count);
      }
    }
    return {
      rows,
      total: !input.counts
        ? { count: rows.length, isExact: false }
        : await (input.conditions.length === 0
            ? countTrail(tx, readable(actor, workspace), input.countsAll)
            : count(tx, sql<SqlBool>`${own} and ${matches}`, input.countsAll)),
      next: found.length > input.limit && last ? sealCursor({ value: last.seq, id: String(last.seq) }, list, actor.id) : null,
      countsWithout,
    };
  },
});

const ROW = sql`e.seq, e.at, jsonb_build_object('name', e.actor_name, 'kind', e.actor_kind) as actor, e.on_behalf_of_name as "onBehalfOf", e.origin, e.action,
  e.target_type as "targetType", e.target_name as "targetName", e.target_id as "targetId", e.outcome, e.reason, w.slug as workspace,
  e.request_id as "requestId", e.address, e.credential_kind as "credentialKind", e.credential_label as "credentialLabel", e.count`;

/** In their order, so that the bound is reached in the index of the list and not in the table from its beginning. */
const count = (tx: Tx, where: RawBuilder<SqlBool>, countsAll: boolean) => counted(tx, where, sql`e.seq desc`, countsAll);

/** Without conditions the order doesn't matter, and the index in which equal entries share their key is a tenth of the list's. */
const countTrail = (tx: Tx, all: RawBuilder<SqlBool>, countsAll: boolean) => counted(tx, all, sql`e.workspace_id, e.actor_id`, countsAll);

async function counted(tx: Tx, where: RawBuilder<SqlBool>, order: RawBuilder<unknown>, countsAll: boolean): Promise<{ count: number; isExact: boolean }> {
  const bound = countsAll ? sql`` : sql`order by ${order} ${limitOf(COUNTED_UP_TO + 1)}`;
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from (select 1 from audit_entry e left join workspace w on w.id = e.workspace_id where ${where} ${bound}) few`.execute(tx);
  const found = Number(rows[0]?.count ?? 0);
  return found > COUNTED_UP_TO && !countsAll ? { count: COUNTED_UP_TO, isExact: false } : { count: found, isExact: true };
}

/** One entry with its neighbours in the same trail. Error: not_found, also for what the actor may not read. */
export const getEntry = defineQuery({
  name: "audit-entry.get",
  permission: "session:read",
  input: z.strictObject({ seq: z.number().int().positive() }),
  scope: place,
  run: async ({ tx, actor, workspace, input }): Promise<EntryPage> => {
    const own = readable(actor, workspace);
    type Found = EntryRow & Pick<EntryPage, "actorId" | "credentialId" | "clientRequestId" | "claimed" | "before" | "after"> & { project: string | null };
    const { rows } =
      await sql<Found>`select ${ROW}, e.actor_id as "actorId", e.credential_id as "credentialId", e.client_request_id as "clientRequestId", e.claimed, e.before, e.after,
        (select p.name from project p where p.id = e.project_ref) as project
      from audit_entry e left join workspace w on w.id = e.workspace_id where ${own} and e.seq = ${input.seq}`.execute(tx);
    const entry = rows[0];
    if (!entry) throw new AppError("not_found", "There is no such entry here.", { reason: "not_readable" });
    const { project, ...fields } = entry;
    const neighbour = async (sign: "<" | ">", order: "asc" | "desc") => {
      const { rows: near } = await sql<{ seq: number }>`select e.seq from audit_entry e left join workspace w on w.id = e.workspace_id
        where ${own} and e.seq ${sql.raw(sign)} ${input.seq} order by e.seq ${sql.raw(order)} limit 1`.execute(tx);
      return near[0]?.seq ?? null;
    };
    const { rows: siblings } = await sql<{ seq: number; action: string; outcome: string }>`select e.seq, e.action, e.outcome from audit_entry e
      where ${own} and e.request_id = ${entry.requestId} and e.seq <> ${input.seq} and e.seq between ${input.seq - 200} and ${input.seq + 200} order by e.seq limit 20`.execute(
      tx,
    );
    const hasRun = entry.targetType === "run" && entry.targetId && project && entry.workspace;
    return {
      ...fields,
      siblings,
      previous: await neighbour("<", "desc"),
      next: await neighbour(">", "asc"),
      targetHref: hasRun
        ? `/${entry.workspace}/projects/${encodeURIComponent(project)}/runs/${entry.targetId}`
        : PAGES[entry.targetType] && entry.targetId && entry.workspace
          ? `/${entry.workspace}/${PAGES[entry.targetType]}/${entry.targetId}`
          : null,
    };
  },
});
