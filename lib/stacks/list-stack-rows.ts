import "server-only";
import { type SqlBool, sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import { localMeaning } from "@/lib/components/locality";
import type { Owner } from "@/lib/components/schema";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import type { StackPart, StackRow } from "./schema";

// The stacks of a workspace as its page lists them: each with its parts in order and the runs of seven days that the reader may see.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  description: { kind: "text", sql: sql.ref("x.description"), required: true },
  orchestrator: { kind: "text", sql: sql.ref("x.orchestrator") },
  artifact_store: { kind: "text", sql: sql.ref("x.artifact_store") },
  registry: { kind: "text", sql: sql.ref("x.registry") },
  flavor: {
    kind: "text",
    where: (op, value) => {
      const wanted = typeof value === "string" ? [value] : [...value];
      const match = op.includes("contains") ? sql`f.name ilike ${`%${(wanted[0] ?? "").replace(/[\\%_]/g, "\\$&")}%`}` : sql`f.name in (${sql.join(wanted)})`;
      const has = sql<SqlBool>`exists (select 1 from stack_component sc join component c on c.id = sc.component_id join flavor f on f.id = c.flavor_id where sc.stack_id = x.id and ${match})`;
      return op.startsWith("not") ? sql<SqlBool>`not ${has}` : has;
    },
  },
  runs: { kind: "number", sql: sql.ref("x.runs7d"), required: true },
  owner: { kind: "text", sql: sql.ref("x.owner") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("x.updated_at"), required: true },
};

const readable = (alias: string) => ({ workspaceId: `${alias}.workspace_id`, ownerId: `${alias}.created_by`, thingId: `${alias}.id` });

type FoundPart = Omit<StackPart, "local"> & { configuration: Record<string, unknown> };
type Found = {
  id: string;
  name: string;
  description: string;
  parts: FoundPart[] | null;
  runs7d: number;
  owner: string | null;
  owner_kind: string | null;
  created_at: string;
  updated_at: string;
};

/** The parts of a stack as JSON; of a configuration only what says where it is. */
const PARTS = sql`(select jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name, 'type', c.type, 'flavor', f.name, 'flavorTitle', f.display_name, 'isCustom', f.is_custom,
    'configuration', jsonb_build_object('uri', c.configuration->'uri', 'path', c.configuration->'path', 'tracking_uri', c.configuration->'tracking_uri', 'local', c.configuration->'local')) order by sc.position)
  from stack_component sc join component c on c.id = sc.component_id join flavor f on f.id = c.flavor_id where sc.stack_id = s.id)`;

const first = (type: string) =>
  sql`(select c.name from stack_component sc join component c on c.id = sc.component_id where sc.stack_id = s.id and c.type = ${sql.lit(type)} order by sc.position limit 1)`;

/** Lists stacks. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listStackRows = defineQuery({
  name: "stack.table",
  permission: "stack:read",
  input: keysetInput,
  run: async ({ tx, actor, input, workspace }): Promise<KeysetPage<StackRow>> => {
    const readableRun = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const source = sql`(
      select s.id, s.workspace_id, s.created_by, s.name, s.description, s.created_at, s.updated_at,
        coalesce(nullif(u.full_name, ''), u.name) as owner, u.kind as owner_kind, ${PARTS} as parts,
        ${first("orchestrator")} as orchestrator, ${first("artifact_store")} as artifact_store, ${first("container_registry")} as registry,
        (select count(*)::int from run r where r.stack_id = s.id and r.created_at > now() - interval '7 days' and ${readableRun}) as runs7d
      from stack s left join principal u on u.id = s.created_by where s.workspace_id = ${workspace?.id ?? null}
    ) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: FIELDS,
      input,
      visible: visibleTo(actor, "stack:read", readable("x")),
      list: `stacks ${workspace?.id}`,
      readerId: actor.id,
    });
    return { ...page, rows: page.rows.map(toRow) };
  },
});

const toRow = (row: Found): StackRow => ({
  id: row.id,
  name: row.name,
  description: row.description,
  parts: (row.parts ?? []).map(toPart),
  runs7d: row.runs7d,
  owner: ownerOf(row.owner, row.owner_kind),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export const toPart = ({ configuration, ...part }: FoundPart): StackPart => ({ ...part, local: localMeaning({ ...part, configuration }) });

export const ownerOf = (name: string | null, kind: string | null): Owner => (name ? { name, kind: kind ?? "user" } : null);
