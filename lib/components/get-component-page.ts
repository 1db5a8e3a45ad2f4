import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { redact } from "@/lib/audit/redact";
import { configFields, isSecretField, type JsonSchema, secretReference, words } from "@/lib/flavors/config-schema";
import { readableSchema } from "@/lib/flavors/schema-text";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { latestRuns, pairs } from "@/lib/stacks/get-stack-page";
import { readComponents, readFlavors } from "@/lib/stacks/queries";
import { withoutPassword } from "./check-configuration";
import { isProvided } from "./find-component";
import { localMeaning } from "./locality";
import type { ComponentDraft, ComponentPage, ConfigValue } from "./schema";

// One component for its pages. Values of secret fields never leave this file: a page learns that one is set, or which secret it names.

const byId = z.strictObject({ id: z.uuid() });

/** One component with its configuration, the stacks that hold it and their latest runs. Error: not_found. */
export const getComponentPage = defineQuery({
  name: "component.page",
  permission: "component:read",
  input: byId,
  scope: ({ tx, input }) => targetOf(tx, input.id),
  run: async ({ tx, actor, input: { id } }): Promise<ComponentPage> => {
    const { component, schema } = await read(tx, id);
    const configuration = JSON.parse(component.configuration) as Record<string, unknown>;
    const { rows: usedBy } = await sql<{ id: string; name: string }>`
      select s.id, s.name from stack_component sc join stack s on s.id = sc.stack_id where sc.component_id = ${id} order by s.name limit 500`.execute(tx);
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
      owner: component.owner
        ? { name: component.owner.full_name || component.owner.name, kind: component.owner.is_service_account ? "service_account" : "user" }
        : null,
      ownerId: component.created_by,
      createdAt: component.created_at,
      updatedAt: component.updated_at,
      labels: pairs(component.labels),
      environment: pairs(component.environment),
      configuration: shown(schema, configuration),
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
  run: async ({ tx, input: { id } }): Promise<ComponentDraft> => {
    const { component, schema } = await read(tx, id);
    const values: Record<string, string> = {};
    const kept: string[] = [];
    for (const [name, value] of Object.entries(JSON.parse(component.configuration) as Record<string, unknown>)) {
      if (!isSet(value)) continue;
      if (isSecretField(schema.properties?.[name]) && !secretReference(value)) kept.push(name);
      else values[name] = JSON.stringify(value);
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
      basedOn: component.updated_at,
    };
  },
});

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
export function shown(schema: JsonSchema, configuration: Record<string, unknown>): ConfigValue[] {
  const known = configFields(schema);
  const order = [...known.map((field) => field.name), ...Object.keys(configuration).filter((name) => !known.some((field) => field.name === name))];
  return order.flatMap((name): ConfigValue[] => {
    const value = configuration[name];
    if (!isSet(value)) return [];
    const field = known.find((one) => one.name === name);
    const label = field?.label ?? words(name);
    const reference = secretReference(value);
    if (reference) return [{ name, label, kind: "reference", ...reference }];
    if (field?.isSecret) return [{ name, label, kind: "secret" }];
    if (typeof value === "string")
      return [{ name, label, kind: "text", text: field ? withoutPassword(value) : String(Object.values(redact({ [name]: value }) as object)[0]) }];
    if (typeof value === "object") return [{ name, label, kind: "json", text: JSON.stringify(redact(value), null, 2) }];
    return [{ name, label, kind: "text", text: String(value) }];
  });
}
