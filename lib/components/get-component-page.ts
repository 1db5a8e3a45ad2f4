import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { REDACTED } from "@/lib/audit/redact";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { configFields, type JsonSchema, secretReference, words } from "@/lib/flavors/config-schema";
import { readableSchema } from "@/lib/flavors/schema-text";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { latestRuns, pairs } from "@/lib/stacks/get-stack-page";
import { type FlavorView, readComponents, readFlavors } from "@/lib/stacks/queries";
import { isHidden, withoutSecrets } from "./check-configuration";
import { isProvided } from "./find-component";
import { localMeaning } from "./locality";
import { maySeeSecrets } from "./readable-secrets";
import type { ComponentDraft, ComponentPage, ConfigValue } from "./schema";
import { variableNames } from "./variables";

// One component for its pages. Values of secret fields never leave this file: a page learns that one is set, or which secret it names.

const byId = z.strictObject({ id: z.uuid() });

/** One component with its configuration, the stacks that hold it and their latest runs. Error: not_found. */
export const getComponentPage = defineQuery({
  name: "component.page",
  permission: "component:read",
  input: byId,
  scope: ({ tx, input }) => targetOf(tx, input.id),
  run: async ({ tx, actor, input: { id }, target }): Promise<ComponentPage> => {
    const { component, schema } = await read(tx, id);
    const configuration = JSON.parse(component.configuration) as Record<string, unknown>;
    const { rows: usedBy } = await sql<{ id: string; name: string }>`
      select s.id, s.name from stack_component sc join stack s on s.id = sc.stack_id where sc.component_id = ${id} and ${visibleTo(actor, "stack:read", { workspaceId: "s.workspace_id", ownerId: "s.created_by", thingId: "s.id" })}
      order by s.name limit 500`.execute(tx);
    const runs = await latestRuns(tx, actor, sql<SqlBool>`r.stack_id in (select sc.stack_id from stack_component sc where sc.component_id = ${id})`);
    return {
      id: component.id,
      name: component.name,
      type: component.type,
      flavor: component.flavor.name,
      flavorTitle: component.flavor.display_name,
      flavorId: component.flavor.id,
      integration: component.flavor.integration,
      isCustom: component.flavor.is_custom,
      isDefault: isProvided(component.name, component.type),
      local: localMeaning({ type: component.type, flavor: component.flavor.name, configuration }),
      stacks: usedBy.length,
      connector: component.connector && { id: component.connector.id, name: component.connector.name, resourceId: component.connector_resource_id },
      owner: component.owner
        ? { name: component.owner.full_name || component.owner.name, kind: component.owner.is_service_account ? "service_account" : "user" }
        : null,
      ownerId: component.created_by,
      createdAt: component.created_at,
      updatedAt: component.updated_at,
      labels: pairs(component.labels),
      variables: variableNames(component.environment),
      environment: can(actor, "component:update", target).allowed ? pairs(component.environment) : null,
      configuration: shown({ schema, isCustom: component.flavor.is_custom }, configuration),
      unset: configFields(schema).filter((field) => !isSet(configuration[field.name])),
      usedBy,
      runs,
    };
  },
});

/** What the form that edits a component starts from. Error: not_found; forbidden for who may not change it. */
export const getComponentDraft = defineQuery({
  name: "component.draft",
  permission: "component:update",
  input: byId,
  scope: ({ tx, input }) => targetOf(tx, input.id),
  run: async ({ tx, actor, input: { id } }): Promise<ComponentDraft> => {
    const { component, schema } = await read(tx, id);
    const values: Record<string, string> = {};
    const kept: string[] = [];
    const flavor = { schema, isCustom: component.flavor.is_custom };
    const configuration = JSON.parse(component.configuration) as Record<string, unknown>;
    // What stands between the masks comes back as it is shown, and then keeps what is stored (update-component.ts).
    const seen = maySeeSecrets(actor, component) ? configuration : withoutSecrets(flavor, configuration);
    for (const [name, value] of Object.entries(configuration)) {
      if (!isSet(value)) continue;
      if (isHidden(flavor, name, value)) kept.push(name);
      else values[name] = JSON.stringify(seen[name]);
    }
    return {
      id: component.id,
      name: component.name,
      type: component.type,
      flavor: component.flavor.name,
      fields: configFields(schema),
      values,
      kept,
      labels: pairs(component.labels),
      connection: component.connector && { id: component.connector.id, name: component.connector.name, resourceId: component.connector_resource_id },
      needs: needsOf(component.flavor),
      basedOn: component.updated_at,
    };
  },
});

const needsOf = ({ connector_type: connectorType, connector_resource_type: resourceType, connector_resource_id_attr: field }: FlavorView) =>
  resourceType ? { connectorType, resourceType, field } : null;

const isSet = (value: unknown) => value !== undefined && value !== null && value !== "";

async function targetOf(tx: Tx, id: string) {
  const row = await tx.selectFrom("component").select(["workspace_id", "created_by", "name"]).where("id", "=", id).executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no component ${id} here.`);
  return { workspaceId: row.workspace_id, ownerId: row.created_by, thing: { type: "component", id, name: row.name } };
}

async function read(tx: Tx, id: string) {
  const [component] = await readComponents(tx, [id]);
  const [flavor] = component ? await readFlavors(tx, [component.flavor.id], { hydrate: true }) : [];
  if (!component || !flavor) throw new AppError("not_found", `There is no component ${id} here.`);
  return { component, schema: readableSchema(JSON.parse(flavor.configSchema ?? "{}")) };
}

/** The values that are set, in the flavor's order; what the flavor no longer knows comes last. */
function shown(flavor: { schema: JsonSchema; isCustom: boolean }, configuration: Record<string, unknown>): ConfigValue[] {
  const known = configFields(flavor.schema);
  const seen = withoutSecrets(flavor, configuration);
  const order = [...known.map((field) => field.name), ...Object.keys(configuration).filter((name) => !known.some((field) => field.name === name))];
  return order.flatMap((name): ConfigValue[] => {
    const value = configuration[name];
    if (!isSet(value)) return [];
    const field = known.find((one) => one.name === name);
    const label = field?.label ?? words(name);
    const reference = secretReference(value);
    if (reference) return [{ name, label, kind: "reference", ...reference }];
    const open = seen[name];
    if (open === REDACTED) return [{ name, label, kind: "secret" }];
    if (typeof open === "object") return [{ name, label, kind: "json", text: JSON.stringify(open, null, 2) }];
    return [{ name, label, kind: "text", text: String(open) }];
  });
}
