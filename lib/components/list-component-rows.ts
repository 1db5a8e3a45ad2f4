import "server-only";
import { sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import { localMeaning } from "./locality";
import type { ComponentRow } from "./schema";

// The components of a workspace as its page lists them.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  type: { kind: "enum", sql: sql.ref("x.type"), required: true },
  flavor: { kind: "text", sql: sql.ref("x.flavor"), required: true },
  integration: { kind: "text", sql: sql.ref("x.integration") },
  stacks: { kind: "number", sql: sql.ref("x.stacks"), required: true },
  owner: { kind: "text", sql: sql.ref("x.owner") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("x.updated_at"), required: true },
};

type Found = {
  id: string;
  name: string;
  type: string;
  flavor: string;
  flavor_title: string;
  integration: string | null;
  is_custom: boolean;
  place: Record<string, unknown>;
  stacks: number;
  owner: string | null;
  owner_kind: string | null;
  created_at: string;
  updated_at: string;
};

/** Lists components. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listComponentRows = defineQuery({
  name: "component.table",
  permission: "component:read",
  input: keysetInput,
  run: async ({ tx, actor, input, workspace }): Promise<KeysetPage<ComponentRow>> => {
    const readableStack = visibleTo(actor, "stack:read", { workspaceId: "s.workspace_id", ownerId: "s.created_by", thingId: "s.id" });
    const source = sql`(
      select c.id, c.workspace_id, c.created_by, c.name, c.type, c.created_at, c.updated_at,
        f.name as flavor, f.display_name as flavor_title, f.integration, f.is_custom,
        jsonb_build_object('uri', c.configuration->'uri', 'path', c.configuration->'path', 'tracking_uri', c.configuration->'tracking_uri', 'local', c.configuration->'local') as place,
        (select count(*)::int from stack_component sc join stack s on s.id = sc.stack_id where sc.component_id = c.id and ${readableStack}) as stacks,
        coalesce(nullif(u.full_name, ''), u.name) as owner, u.kind as owner_kind
      from component c join flavor f on f.id = c.flavor_id left join principal u on u.id = c.created_by where c.workspace_id = ${workspace?.id ?? null}
    ) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: FIELDS,
      input,
      visible: visibleTo(actor, "component:read", { workspaceId: "x.workspace_id", ownerId: "x.created_by", thingId: "x.id" }),
      list: `components ${workspace?.id}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        type: row.type,
        flavor: row.flavor,
        flavorTitle: row.flavor_title,
        integration: row.integration,
        isCustom: row.is_custom,
        local: localMeaning({ type: row.type, flavor: row.flavor, configuration: row.place }),
        stacks: row.stacks,
        owner: row.owner ? { name: row.owner, kind: row.owner_kind ?? "user" } : null,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      })),
    };
  },
});
