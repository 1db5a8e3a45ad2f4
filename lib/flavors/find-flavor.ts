import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { JsonSchema } from "./config-schema";
import { readableSchema } from "./schema-text";

// A flavor by kind and name: the workspace's own, or one that came with Reeve. The two never share a name (change-flavor.ts).

export type FlavorForUse = { id: string; name: string; isCustom: boolean; schema: JsonSchema };

/**
 * The flavor that a component is to be made of; one of the workspace's own stays as it is until the transaction ends. Error: not_found,
 * also for one that is deleted, renamed or of another kind by the time it is locked.
 */
export async function findFlavor(tx: Tx, workspaceId: string, type: string, name: string): Promise<FlavorForUse> {
  const named = tx.selectFrom("flavor").select(["id", "name", "is_custom", "config_schema"]).where("type", "=", type).where("name", "=", name);
  const flavor =
    (await named.where("workspace_id", "=", workspaceId).forShare().executeTakeFirst()) ?? (await named.where("workspace_id", "is", null).executeTakeFirst());
  if (!flavor)
    throw new AppError("not_found", `No '${type}' flavor named ${name} exists in this workspace.`, {
      fix: `\`zenml ${type.replaceAll("_", "-")} flavor list\` names those that there are.`,
      fields: { flavor: "There is no such flavor." },
    });
  return { id: flavor.id, name: flavor.name, isCustom: flavor.is_custom, schema: readableSchema(flavor.config_schema) };
}

/** The flavor of a component. Error: not_found. */
export async function flavorOf(tx: Tx, flavorId: string): Promise<FlavorForUse> {
  const flavor = (await flavorsOf(tx, [flavorId])).get(flavorId);
  if (!flavor) throw new AppError("not_found", "The flavor of this component is gone.");
  return flavor;
}

/** The flavors of components, by id. */
export async function flavorsOf(tx: Tx, ids: readonly string[]): Promise<Map<string, FlavorForUse>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("flavor")
    .select(["id", "name", "is_custom", "config_schema"])
    .where("id", "in", [...new Set(ids)])
    .execute();
  return new Map(rows.map((row) => [row.id, { id: row.id, name: row.name, isCustom: row.is_custom, schema: readableSchema(row.config_schema) }]));
}
