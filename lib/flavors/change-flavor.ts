import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { thingName } from "@/lib/components/object-text";
import { COMPONENT_TYPES } from "@/lib/components/schema";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { jsonText } from "@/lib/kernel/json-text";
import { requireTypedName } from "@/lib/kernel/typed-name";
import type { Tx } from "@/lib/kernel/transaction";
import { schemaText } from "./schema-text";

// Custom flavors of a workspace: what a component's class is and what it lets one configure. Flavors that came with Reeve belong to
// the release: nobody changes them, and their names stay theirs.

const about = {
  display_name: z.string().max(255).nullish(),
  integration: z.string().max(255).nullish(),
  connector_type: z.string().max(255).nullish(),
  connector_resource_type: z.string().max(255).nullish(),
  connector_resource_id_attr: z.string().max(255).nullish(),
  logo_url: z.string().max(2_000).nullish(),
  docs_url: z.string().max(2_000).nullish(),
  sdk_docs_url: z.string().max(2_000).nullish(),
};

/** Where a class is, as clients import it: `module.Class`, with a version after `@` at most. */
const classPath = z
  .string()
  .max(255)
  .regex(/^[\p{L}_][\p{L}\p{N}_-]*(\.[\p{L}_][\p{L}\p{N}_-]*)+(@[\w.+-]+)?$/u, "Enter a class with its module, such as my_code.flavors.MyFlavor.");

/** Registers a custom flavor. Error: conflict for a name that this kind has already. */
export const createFlavor = defineCommand({
  name: "flavor.created",
  permission: "flavor:create",
  input: z.strictObject({ ...about, name: thingName, type: z.enum(COMPONENT_TYPES), source: classPath, configSchema: schemaText }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace.id, ownerId: actor.id }),
  run: async ({ tx, actor, input: { configSchema, ...input }, workspace }) => {
    await requireFree(tx, workspace.id, input.type, input.name, `Unable to register '${input.type}' flavor with name '${input.name}' and type '${input.type}'`);
    const id = newId();
    await tx
      .insertInto("flavor")
      .values({
        ...input,
        display_name: input.display_name ?? titleOf(input.name),
        id,
        workspace_id: workspace.id,
        config_schema: sql<string>`${configSchema}::jsonb`,
        is_custom: true,
        created_by: actor.id,
      })
      .execute();
    return {
      result: id,
      audit: {
        target: { type: "flavor", id, name: input.name },
        after: { name: input.name, type: input.type, source: input.source, fields: fieldNames(configSchema) },
      },
    };
  },
});

/** Changes a custom flavor. Errors: not_found, forbidden for one that came with Reeve, in_use for the kind of a used one, conflict. */
export const updateFlavor = defineCommand({
  name: "flavor.updated",
  permission: "flavor:update",
  input: z.strictObject({
    ...about,
    id: z.uuid(),
    name: thingName.nullish(),
    type: z.enum(COMPONENT_TYPES).nullish(),
    source: classPath.nullish(),
    configSchema: schemaText.nullish(),
  }),
  scope: ({ tx, input, workspace }) => lockFlavor(tx, input.id, workspace.id),
  run: async ({ tx, input: { id, configSchema, ...input }, target: { flavor }, workspace, now }) => {
    requireCustom(flavor, "changed");
    const name = input.name ?? flavor.name;
    const type = input.type ?? flavor.type;
    if (type !== flavor.type) await requireUnused(tx, flavor);
    if (name !== flavor.name || type !== flavor.type)
      await requireFree(tx, workspace.id, type, name, `Unable to update '${flavor.type}' flavor with name '${flavor.name}'`);
    const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== null));
    const before = Object.fromEntries(Object.keys(given).map((key) => [key, flavor[key as keyof typeof flavor] ?? null]));
    const isSameSchema = configSchema == null || jsonText(JSON.parse(configSchema)) === jsonText(flavor.config_schema);
    if (jsonText(before) === jsonText(given) && isSameSchema) return { result: id, audit: UNCHANGED };
    await tx
      .updateTable("flavor")
      .set({ ...given, updated_at: now, ...(configSchema == null ? {} : { config_schema: sql<string>`${configSchema}::jsonb` }) })
      .where("id", "=", flavor.id)
      .execute();
    return {
      result: id,
      audit: {
        target: { type: "flavor", id, name },
        before: { ...before, ...(isSameSchema ? {} : { fields: fieldNames(JSON.stringify(flavor.config_schema)) }) },
        after: { ...given, ...(isSameSchema ? {} : { fields: fieldNames(configSchema ?? "{}") }) },
      },
    };
  },
});

/** Deletes a custom flavor that no component uses. Errors: not_found, forbidden for one that came with Reeve, in_use. */
export const deleteFlavor = defineCommand({
  name: "flavor.deleted",
  permission: "flavor:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, input, workspace }) => lockFlavor(tx, input.id, workspace.id),
  run: async ({ tx, input, target: { flavor } }) => {
    requireCustom(flavor, "deleted");
    requireTypedName(input.typedName, flavor.name);
    await requireUnused(tx, flavor);
    await tx.deleteFrom("flavor").where("id", "=", flavor.id).execute();
    return {
      result: null,
      audit: { target: { type: "flavor", id: flavor.id, name: flavor.name }, before: { name: flavor.name, type: flavor.type, source: flavor.source } },
    };
  },
});

/**
 * What clients call to bring built-in flavors up to date. Reeve's come with the release and are brought in at its start, so there is
 * nothing left to do.
 */
export const syncFlavors = defineCommand({
  name: "flavor.synced",
  permission: "workspace:update",
  input: z.strictObject({}),
  scope: ({ workspace }) => ({ workspaceId: workspace.id }),
  run: async () => ({ result: null, audit: UNCHANGED }),
});

type LockedFlavor = Awaited<ReturnType<typeof lockFlavor>>["flavor"];

async function lockFlavor(tx: Tx, id: string, workspaceId: string) {
  // Locked first, so that what is read is what is changed. Those that came with Reeve are no row of the workspace: they are refused later.
  const byId = tx.selectFrom("flavor").selectAll().where("id", "=", id);
  const flavor =
    (await byId.where("workspace_id", "=", workspaceId).forUpdate().executeTakeFirst()) ?? (await byId.where("workspace_id", "is", null).executeTakeFirst());
  if (!flavor) throw new AppError("not_found", `There is no flavor ${id} here.`);
  return { workspaceId, ownerId: flavor.created_by, thing: { type: "flavor", id: flavor.id, name: flavor.name }, flavor };
}

function requireCustom(flavor: LockedFlavor, verb: string): void {
  if (flavor.workspace_id === null || !flavor.is_custom)
    throw new AppError("forbidden", `The flavor ${flavor.name} came with Reeve and can’t be ${verb}.`, {
      fix: "Register a custom flavor of another name.",
      reason: "built_in_flavor",
    });
}

async function requireUnused(tx: Tx, flavor: LockedFlavor): Promise<void> {
  const users = await tx.selectFrom("component").select("name").where("flavor_id", "=", flavor.id).orderBy("name").limit(20).execute();
  if (users.length > 0)
    throw new AppError(
      "in_use",
      `Stack Component \`${flavor.name}\` of type \`${flavor.type} cannot be deleted as it is used by ${users.length} components. Before deleting this flavor, make sure to delete all associated components.`,
      { fix: `It is the flavor of ${users.map((user) => user.name).join(", ")}.`, reason: "in_use" },
    );
}

async function requireFree(tx: Tx, workspaceId: string, type: string, name: string, what: string): Promise<void> {
  const taken = await tx
    .selectFrom("flavor")
    .select("id")
    .where("type", "=", type)
    .where("name", "=", name)
    .where((eb) => eb.or([eb("workspace_id", "is", null), eb("workspace_id", "=", workspaceId)]))
    .executeTakeFirst();
  if (taken) throw new AppError("conflict", `${what}: Found an existing flavor with the same name and type.`, { fields: { name: "This name is taken." } });
}

const titleOf = (name: string): string => name.replaceAll("_", " ").replace(/\b\w/g, (letter) => letter.toUpperCase());

const fieldNames = (schema: string): string[] => Object.keys((JSON.parse(schema) as { properties?: Record<string, unknown> }).properties ?? {});
