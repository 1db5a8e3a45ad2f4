import "server-only";
import { sql } from "kysely";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import { visibleConnectors } from "./find-connector";
import type { ConnectorTableRow } from "./schema";
import { endsByItself, methodTitle } from "./words";

// The connectors of a workspace as its page lists them.

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  type: { kind: "enum", sql: sql.ref("x.type"), required: true },
  method: { kind: "enum", sql: sql.ref("x.method"), required: true },
  resource: { kind: "text", sql: sql.ref("x.resource") },
  issued: { kind: "number", sql: sql.ref("x.issued"), required: true },
  verified: { kind: "time", sql: sql.ref("x.verified_at") },
  expires: { kind: "time", sql: sql.ref("x.expires_at") },
  owner: { kind: "text", sql: sql.ref("x.owner") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
};

type Found = {
  id: string;
  name: string;
  type: string;
  method: string;
  resource_types: string[];
  resource_id: string | null;
  issued: number;
  verified_at: string | null;
  last_error: string | null;
  expires_at: string | null;
  owner: string | null;
  owner_kind: string | null;
  created_at: string;
};

/** Lists connectors. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listConnectorRows = defineQuery({
  name: "connector.table",
  permission: "connector:read",
  input: keysetInput,
  run: async ({ tx, actor, input, workspace }): Promise<KeysetPage<ConnectorTableRow>> => {
    const source = sql`(
      select c.id, c.workspace_id, c.created_by, c.name, c.type, c.method, c.resource_types, c.resource_id, c.verified_at, c.last_error, c.expires_at, c.created_at,
        coalesce(c.resource_id, array_to_string(c.resource_types, ', ')) as resource,
        (select count(*)::int from connector_issue i where i.connector_id = c.id and i.outcome = 'issued' and i.issued_at > clock_timestamp() - interval '24 hours') as issued,
        coalesce(nullif(u.full_name, ''), u.name) as owner, u.kind as owner_kind
      from connector c left join principal u on u.id = c.created_by where c.workspace_id = ${workspace?.id ?? null}
    ) x`;
    const visible = visibleConnectors(actor, "x");
    const page = await keysetPage<Found>(tx, { source, fields: FIELDS, input, visible, list: `connectors ${workspace?.id}`, readerId: actor.id });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        type: row.type,
        method: row.method,
        methodTitle: methodTitle(row.type, row.method),
        isShort: endsByItself(row.type, row.method),
        resourceTypes: row.resource_types,
        resourceId: row.resource_id,
        issued: row.issued,
        verifiedAt: row.verified_at,
        lastError: row.last_error,
        expiresAt: row.expires_at,
        owner: row.owner ? { name: row.owner, kind: row.owner_kind ?? "user" } : null,
        createdAt: row.created_at,
      })),
    };
  },
});
