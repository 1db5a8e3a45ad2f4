import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";
import { type Account, loadAccounts } from "@/lib/members/load-accounts";
import { CONNECTOR_TYPES, type ConnectorType } from "@/lib/providers/connectors/catalogue";
import { type ConnectorRow, findConnector, readConnectors, visibleConnectors } from "./find-connector";

// Connectors as lists and clients see them. No query of this file opens a secret.

export type ConnectorView = ConnectorRow & { owner?: Account };

export const CONNECTOR_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("c.id"), required: true },
  name: { kind: "text", sql: sql.ref("c.name"), required: true },
  created: { kind: "time", sql: sql.ref("c.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("c.updated_at"), required: true },
  user: referenceField(sql.ref("c.created_by"), "principal"),
  connector_type: { kind: "text", sql: sql.ref("c.type"), required: true },
  auth_method: { kind: "text", sql: sql.ref("c.method"), required: true },
  resource_id: { kind: "text", sql: sql.ref("c.resource_id") },
};

const resourceTypes = z.array(z.string()).optional();

/** A page of connectors. `labels`: all of them; null for any value of a label. */
export const listConnectors = defineQuery({
  name: "connector.list",
  permission: "connector:read",
  input: listInput.extend({ resourceTypes, labels: z.record(z.string(), z.string().nullable()).optional() }),
  run: async ({ tx, actor, input: { resourceTypes = [], labels = {}, ...list } }): Promise<{ total: number; items: ConnectorView[] }> => {
    const conditions = [
      visibleConnectors(actor),
      ...resourceTypes.map((type) => sql<boolean>`c.resource_types @> array[${type}]::text[]`),
      ...Object.entries(labels).map(([name, value]) => (value === null ? sql<boolean>`c.labels ? ${name}` : sql<boolean>`c.labels ->> ${name} = ${value}`)),
    ];
    const visible = sql<boolean>`${sql.join(conditions, sql` and `)}`;
    const { total, ids } = await pageOfIds(tx, { from: sql`connector c`, id: "c.id", fields: CONNECTOR_FIELDS, ...list, visible });
    return { total, items: await withOwners(tx, inOrder(ids, await readConnectors(tx, ids))) };
  },
});

/** The types of connectors that there are. */
export const listConnectorTypes = defineQuery({
  name: "connector.types",
  permission: "connector:read",
  input: z.strictObject({}),
  run: async (): Promise<readonly ConnectorType[]> => CONNECTOR_TYPES,
});

/** One connector. Error: not_found. */
export const getConnector = defineQuery({
  name: "connector.get",
  permission: "connector:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => findConnector(tx, input.id),
  run: async ({ tx, target }): Promise<ConnectorView> => (await withOwners(tx, [target.connector]))[0] as ConnectorView,
});

/** Connectors by id, for what refers to them. */
export const viewsOf = async (tx: Tx, ids: readonly string[]): Promise<Map<string, ConnectorView>> =>
  new Map((await withOwners(tx, await readConnectors(tx, ids))).map((view) => [view.id, view]));

async function withOwners(tx: Tx, connectors: readonly ConnectorRow[]): Promise<ConnectorView[]> {
  const owners = await loadAccounts(
    tx,
    connectors.map((connector) => connector.created_by),
  );
  return connectors.map((connector) => ({ ...connector, owner: connector.created_by ? owners.get(connector.created_by) : undefined }));
}
