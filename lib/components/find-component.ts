import "server-only";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// One component, locked for a change, as the target of a command. Those named `default` came with the workspace and belong to nobody.

const PROVISIONED = new Set(["orchestrator", "deployer", "artifact_store"]);

export type LockedComponent = {
  id: string;
  workspace_id: string;
  name: string;
  type: string;
  flavor_id: string;
  configuration: Record<string, unknown>;
  configurationText: string;
  environmentText: string;
  labelsText: string | null;
  created_by: string | null;
  updated_at: string;
  connector_id: string | null;
  connector_resource_id: string | null;
};

/** Error: not_found. */
export async function lockComponent(tx: Tx, id: string) {
  const { rows } = await sql<LockedComponent>`
    select id, workspace_id, name, type, flavor_id, configuration, configuration::text as "configurationText", environment::text as "environmentText",
      labels::text as "labelsText", created_by, updated_at, connector_id, connector_resource_id
    from component where id = ${id} for update`.execute(tx);
  const [component] = rows;
  if (!component) throw new AppError("not_found", `There is no component ${id} here.`);
  return {
    workspaceId: component.workspace_id,
    ownerId: component.created_by,
    thing: { type: "component", id: component.id, name: component.name },
    component,
  };
}

/** Error: forbidden for a component that came with the workspace. */
export function requireChangeable({ name, type }: Pick<LockedComponent, "name" | "type">, verb: "modified" | "deleted"): void {
  if (isProvided(name, type))
    throw new AppError("forbidden", `The default ${type} cannot be ${verb}.`, { fix: "Copy it and change the copy.", reason: "default_component" });
}

export const isProvided = (name: string, type: string): boolean => name === "default" && PROVISIONED.has(type);

/** Error: conflict, in the recorded words. */
export async function requireFreeName(tx: Tx, workspaceId: string, type: string, name: string): Promise<void> {
  const taken = await tx
    .selectFrom("component")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("type", "=", type)
    .where("name", "=", name)
    .executeTakeFirst();
  if (taken)
    throw new AppError("conflict", `Unable to register '${type}' component with name '${name}': Found an existing component with the same name and type.`, {
      fields: { name: "Another component of this kind has this name." },
    });
}

/** Error: conflict when somebody changed the thing after the form was opened. */
export function requireUnchanged(thing: { updated_at: string }, basedOn: string | undefined): void {
  if (basedOn !== undefined && basedOn !== thing.updated_at)
    throw new AppError("conflict", "Somebody changed this after you opened it, so nothing was saved.", {
      fix: "Open it again: the page then shows what is there now.",
    });
}
