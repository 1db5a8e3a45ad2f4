import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { configFields } from "./config-schema";
import type { FlavorPage, FlavorRow } from "./schema";
import { readableSchema } from "./schema-text";

// The flavors that a workspace's components can be of: those that came with Reeve and the workspace's own.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  title: { kind: "text", sql: sql.ref("x.display_name"), required: true },
  type: { kind: "enum", sql: sql.ref("x.type"), required: true },
  integration: { kind: "text", sql: sql.ref("x.integration") },
  origin: { kind: "enum", sql: sql.ref("x.origin"), required: true },
  components: { kind: "number", sql: sql.ref("x.components"), required: true },
  updated: { kind: "time", sql: sql.ref("x.updated_at"), required: true },
};

type Found = {
  id: string;
  name: string;
  display_name: string;
  type: string;
  integration: string | null;
  is_custom: boolean;
  fields: number;
  components: number;
  owner: string | null;
  owner_kind: string | null;
  updated_at: string;
};

const source = (workspaceId: string | null) => sql`(
  select f.id, f.workspace_id, f.created_by, f.name, f.display_name, f.type, f.integration, f.is_custom, f.updated_at,
    case when f.is_custom then 'custom' else 'built-in' end as origin,
    (select count(*)::int from jsonb_object_keys(case when jsonb_typeof(f.config_schema->'properties') = 'object' then f.config_schema->'properties' else '{}' end)) as fields,
    (select count(*)::int from component c where c.flavor_id = f.id and c.workspace_id = ${workspaceId}) as components,
    coalesce(nullif(u.full_name, ''), u.name) as owner, u.kind as owner_kind
  from flavor f left join principal u on u.id = f.created_by where f.workspace_id is null or f.workspace_id = ${workspaceId}
) x`;

const visible = (actor: Actor) =>
  sql<SqlBool>`(x.workspace_id is null or ${visibleTo(actor, "flavor:read", { workspaceId: "x.workspace_id", ownerId: "x.created_by" })})`;

const toRow = (row: Found): FlavorRow => ({
  id: row.id,
  name: row.name,
  title: row.display_name,
  type: row.type,
  integration: row.integration,
  isCustom: row.is_custom,
  fields: row.fields,
  components: row.components,
  owner: row.owner ? { name: row.owner, kind: row.owner_kind ?? "user" } : null,
  updatedAt: row.updated_at,
});

/** Lists flavors. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listFlavorRows = defineQuery({
  name: "flavor.table",
  permission: "flavor:read",
  input: keysetInput,
  run: async ({ tx, actor, input, workspace }): Promise<KeysetPage<FlavorRow>> => {
    const id = workspace?.id ?? null;
    const page = await keysetPage<Found>(tx, { source: source(id), fields: FIELDS, input, visible: visible(actor), list: `flavors ${id}`, readerId: actor.id });
    return { ...page, rows: page.rows.map(toRow) };
  },
});

/** One flavor with its fields and the components of it. Error: not_found. */
export const getFlavorPage = defineQuery({
  name: "flavor.page",
  permission: "flavor:read",
  input: z.strictObject({ id: z.uuid() }),
  run: async ({ tx, actor, input: { id }, workspace }): Promise<FlavorPage> => {
    const { rows } = await sql<Found>`select x.* from ${source(workspace?.id ?? null)} where x.id = ${id} and ${visible(actor)}`.execute(tx);
    const [found] = rows;
    const about = found && (await readAbout(tx, id));
    if (!about) throw new AppError("not_found", `There is no flavor ${id} here.`);
    const components = sql<SqlBool>`${visibleTo(actor, "component:read", { workspaceId: "c.workspace_id", ownerId: "c.created_by", thingId: "c.id" })}`;
    const used = await sql<{ id: string; name: string }>`
      select c.id, c.name from component c where c.flavor_id = ${id} and c.workspace_id = ${workspace?.id ?? null} and ${components} order by c.name limit 500`.execute(
      tx,
    );
    return {
      ...toRow(found),
      ownerId: about.created_by,
      source: about.source,
      docsUrl: about.docs_url,
      connectorType: about.connector_type,
      connectorResourceType: about.connector_resource_type,
      connectorResourceField: about.connector_resource_id_attr,
      schema: configFields(readableSchema(about.config_schema)),
      usedBy: used.rows,
    };
  },
});

const readAbout = (tx: Tx, id: string) =>
  tx
    .selectFrom("flavor")
    .select(["created_by", "source", "docs_url", "connector_type", "connector_resource_type", "connector_resource_id_attr", "config_schema"])
    .where("id", "=", id)
    .executeTakeFirst();
