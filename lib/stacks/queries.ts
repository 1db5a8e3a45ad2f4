import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { asReadable, withReadableVariables } from "@/lib/components/readable-secrets";
import { COMPONENT_TYPES } from "@/lib/components/schema";
import { visibleTo } from "@/lib/authz/visible";
import { type ConnectorView, viewsOf } from "@/lib/connectors/queries";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { hydratedListInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { attachedTo, type AttachedSecret } from "@/lib/secrets/attached";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";
import { type Account, loadAccounts } from "@/lib/members/load-accounts";

// Stacks, their components and the flavors these are made of. Stacks and components belong to a workspace; a flavor without one came
// with Reeve and is everybody's. JSON columns are read as text, so that numbers keep their spelling.

export type FlavorView = {
  id: string;
  name: string;
  type: string;
  display_name: string;
  integration: string | null;
  source: string;
  is_custom: boolean;
  connector_type: string | null;
  connector_resource_type: string | null;
  connector_resource_id_attr: string | null;
  docs_url: string | null;
  sdk_docs_url: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  owner?: Account;
  /** JSON text; only when asked for. */
  configSchema?: string;
};

export type ComponentView = {
  id: string;
  workspace_id: string;
  name: string;
  type: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  configuration: string;
  environment: string;
  labels: string | null;
  secrets: AttachedSecret[];
  owner?: Account;
  flavor: FlavorView;
  connector: ConnectorView | null;
  connector_resource_id: string | null;
};

export type StackView = {
  id: string;
  workspace_id: string;
  name: string;
  description: string;
  stack_spec_path: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  environment: string;
  labels: string | null;
  secrets: AttachedSecret[];
  owner?: Account;
  /** By position; only when asked for. */
  components?: ComponentView[];
};

const common = (alias: string): Fields => ({
  id: { kind: "uuid", sql: sql.ref(`${alias}.id`), required: true },
  name: { kind: "text", sql: sql.ref(`${alias}.name`), required: true },
  created: { kind: "time", sql: sql.ref(`${alias}.created_at`), required: true },
  updated: { kind: "time", sql: sql.ref(`${alias}.updated_at`), required: true },
  user: referenceField(sql.ref(`${alias}.created_by`), "principal"),
});

const inSelect = (column: string, select: RawBuilder<unknown>): RawBuilder<SqlBool> => sql<SqlBool>`${sql.ref(column)} in (${select})`;

export const STACK_FIELDS: Fields = {
  ...common("s"),
  description: { kind: "text", sql: sql.ref("s.description"), required: true },
  component: {
    kind: "text",
    where: (op, value) =>
      inSelect("s.id", sql`select sc.stack_id from stack_component sc where ${referenceField(sql.ref("sc.component_id"), "component").where?.(op, value)}`),
  },
};
STACK_FIELDS.component_id = STACK_FIELDS.component as Fields[string];

export const COMPONENT_FIELDS: Fields = {
  ...common("c"),
  type: { kind: "enum", sql: sql.ref("c.type"), required: true },
  flavor: { kind: "text", sql: sql`(select f.name from flavor f where f.id = c.flavor_id)` },
  connector_id: referenceField(sql.ref("c.connector_id"), "connector"),
  stack_id: {
    kind: "text",
    where: (op, value) =>
      inSelect("c.id", sql`select sc.component_id from stack_component sc where ${referenceField(sql.ref("sc.stack_id"), "stack").where?.(op, value)}`),
  },
};

export const FLAVOR_FIELDS: Fields = {
  ...common("f"),
  type: { kind: "enum", sql: sql.ref("f.type"), required: true },
  display_name: { kind: "text", sql: sql.ref("f.display_name"), required: true },
  integration: { kind: "text", sql: sql.ref("f.integration") },
};

type Paged<T> = { total: number; items: T[] };
const byId = z.strictObject({ id: z.uuid(), hydrate: z.boolean() });

/** A page of stacks. */
export const listStacks = defineQuery({
  name: "stack.list",
  permission: "stack:read",
  input: hydratedListInput,
  run: async ({ tx, actor, input: { hydrate, ...list } }): Promise<Paged<StackView>> => {
    const { total, ids } = await pageOfIds(tx, {
      from: sql`stack s`,
      id: "s.id",
      fields: STACK_FIELDS,
      ...list,
      visible: visibleTo(actor, "stack:read", columns("s")),
    });
    return { total, items: withReadableVariables(actor, "stack", inOrder(ids, await readStacks(tx, ids, { hydrate }))) };
  },
});

/** One stack. Error: not_found. */
export const getStack = defineQuery({
  name: "stack.get",
  permission: "stack:read",
  input: byId,
  scope: ({ tx, input }) => targetOf(tx, "stack", input.id),
  run: async ({ tx, actor, input }): Promise<StackView> => withReadableVariables(actor, "stack", await readStacks(tx, [input.id], input))[0] as StackView,
});

/** A page of components; each comes with its flavor, and with its secrets for those who may read them. */
export const listComponents = defineQuery({
  name: "component.list",
  permission: "component:read",
  input: hydratedListInput,
  run: async ({ tx, actor, input: { hydrate: _, ...list } }): Promise<Paged<ComponentView>> => {
    const { total, ids } = await pageOfIds(tx, {
      from: sql`component c`,
      id: "c.id",
      fields: COMPONENT_FIELDS,
      ...list,
      visible: visibleTo(actor, "component:read", columns("c")),
    });
    return { total, items: await asReadable(tx, actor, inOrder(ids, await readComponents(tx, ids))) };
  },
});

/** One component with its flavor, and with its secrets for those who may read them. Error: not_found. */
export const getComponent = defineQuery({
  name: "component.get",
  permission: "component:read",
  input: byId,
  scope: ({ tx, input }) => targetOf(tx, "component", input.id),
  run: async ({ tx, actor, input }): Promise<ComponentView> => (await asReadable(tx, actor, await readComponents(tx, [input.id])))[0] as ComponentView,
});

/** The kinds of components, in the words of the wire. */
export const listComponentTypes = defineQuery({
  name: "component.types",
  permission: "component:read",
  input: z.strictObject({}),
  run: async () => [...COMPONENT_TYPES],
});

/** A page of flavors. */
export const listFlavors = defineQuery({
  name: "flavor.list",
  permission: "flavor:read",
  input: hydratedListInput,
  run: async ({ tx, actor, input: { hydrate, ...list } }): Promise<Paged<FlavorView>> => {
    const { total, ids } = await pageOfIds(tx, { from: sql`flavor f`, id: "f.id", fields: FLAVOR_FIELDS, ...list, visible: flavorsFor(actor) });
    return { total, items: inOrder(ids, await readFlavors(tx, ids, { hydrate })) };
  },
});

/** One flavor. Error: not_found. */
export const getFlavor = defineQuery({
  name: "flavor.get",
  permission: "flavor:read",
  input: byId,
  run: async ({ tx, actor, input }): Promise<FlavorView> => {
    const { rows } = await sql<{ id: string }>`select f.id from flavor f where f.id = ${input.id} and ${flavorsFor(actor)}`.execute(tx);
    const [flavor] = await readFlavors(
      tx,
      rows.map((row) => row.id),
      input,
    );
    if (!flavor) throw new AppError("not_found", `There is no flavor ${input.id} here.`);
    return flavor;
  },
});

const columns = (alias: string) => ({ workspaceId: `${alias}.workspace_id`, ownerId: `${alias}.created_by`, thingId: `${alias}.id` });
const flavorsFor = (actor: Actor): RawBuilder<SqlBool> => sql<SqlBool>`(f.workspace_id is null or ${visibleTo(actor, "flavor:read", columns("f"))})`;

async function targetOf(tx: Tx, table: "stack" | "component", id: string) {
  const row = await tx.selectFrom(table).select(["workspace_id", "created_by", "name"]).where("id", "=", id).executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no ${table} ${id} here.`);
  return { workspaceId: row.workspace_id, ownerId: row.created_by, thing: { type: table, id, name: row.name } };
}

/** Stacks by id, in no order, with their components when hydrated: at most four queries for any number of them. */
export async function readStacks(tx: Tx, ids: readonly string[], { hydrate }: { hydrate: boolean }): Promise<StackView[]> {
  if (ids.length === 0) return [];
  const finding = tx
    .selectFrom("stack")
    .select(["id", "workspace_id", "name", "description", "stack_spec_path", "created_by", "created_at", "updated_at"])
    .select([sql<string>`environment::text`.as("environment"), sql<string | null>`labels::text`.as("labels"), attachedTo("stack").as("secrets")])
    .where("id", "in", [...ids])
    .execute();
  const linking = hydrate
    ? tx
        .selectFrom("stack_component")
        .select(["stack_id", "component_id"])
        .where("stack_id", "in", [...ids])
        .orderBy("position")
        .execute()
    : [];
  const [rows, links] = await Promise.all([finding, linking]);
  const [owners, parts] = await Promise.all([
    loadAccounts(
      tx,
      rows.map((row) => row.created_by),
    ),
    readComponents(tx, [...new Set(links.map((link) => link.component_id))]),
  ]);
  const stacks = rows.map((row) => ({ ...row, owner: row.created_by ? owners.get(row.created_by) : undefined }));
  if (!hydrate) return stacks;
  const components = new Map(parts.map((component) => [component.id, component]));
  return stacks.map((stack) => ({
    ...stack,
    components: links.filter((link) => link.stack_id === stack.id).flatMap((link) => components.get(link.component_id) ?? []),
  }));
}

/** Components by id with flavor, connector and owner, in no order: a few queries for any number of them. */
export async function readComponents(tx: Tx, ids: readonly string[]): Promise<ComponentView[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom("component")
    .select(["id", "workspace_id", "name", "type", "flavor_id", "created_by", "created_at", "updated_at", "connector_id", "connector_resource_id"])
    .select([
      sql<string>`configuration::text`.as("configuration"),
      sql<string>`environment::text`.as("environment"),
      sql<string | null>`labels::text`.as("labels"),
      attachedTo("component").as("secrets"),
    ])
    .where("id", "in", [...ids])
    .execute();
  const [found, owners, connectors] = await Promise.all([
    readFlavors(tx, [...new Set(rows.map((row) => row.flavor_id))], { hydrate: false }),
    loadAccounts(
      tx,
      rows.map((row) => row.created_by),
    ),
    viewsOf(
      tx,
      rows.flatMap((row) => row.connector_id ?? []),
    ),
  ]);
  const flavors = new Map(found.map((flavor) => [flavor.id, flavor]));
  return rows.map(({ flavor_id: flavorId, connector_id: connectorId, ...row }) => ({
    ...row,
    flavor: flavors.get(flavorId) as FlavorView,
    connector: (connectorId && connectors.get(connectorId)) || null,
    owner: row.created_by ? owners.get(row.created_by) : undefined,
  }));
}

/** Flavors by id, in no order; the configuration schema only when hydrated. */
export async function readFlavors(tx: Tx, ids: readonly string[], { hydrate }: { hydrate: boolean }): Promise<FlavorView[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom("flavor")
    .select([
      "id",
      "name",
      "type",
      "display_name",
      "integration",
      "source",
      "is_custom",
      "connector_type",
      "connector_resource_type",
      "connector_resource_id_attr",
      "docs_url",
      "sdk_docs_url",
      "created_by",
      "created_at",
      "updated_at",
    ])
    .$if(hydrate, (query) => query.select(sql<string>`config_schema::text`.as("configSchema")))
    .where("id", "in", [...ids])
    .execute();
  const owners = await loadAccounts(
    tx,
    rows.map((row) => row.created_by),
  );
  return rows.map((row) => ({ ...row, owner: row.created_by ? owners.get(row.created_by) : undefined }));
}
