import "server-only";
import { mayRepeat } from "@/lib/components/schema";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// The components of a stack: of this workspace, one orchestrator and one artifact store, several of a kind only where steps can choose.
// Their order is kept; the first of a kind is the one that is used when a step names none.

export type Part = { id: string; name: string; type: string };

/** The components of the ids, in their order. Error: not_found for one that is not in this workspace. */
export async function partsOf(tx: Tx, workspaceId: string, ids: readonly string[]): Promise<Part[]> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  const rows =
    wanted.length === 0
      ? []
      : await tx.selectFrom("component").select(["id", "name", "type"]).where("workspace_id", "=", workspaceId).where("id", "in", wanted).forShare().execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  const parts = wanted.map((id) => {
    const part = byId.get(id);
    if (!part) throw new AppError("not_found", `There is no component ${id} here.`, { fields: { components: "A component was deleted meanwhile." } });
    return part;
  });
  return parts;
}

/** Error: invalid_input for a set that makes no stack. */
export function requireStack(parts: readonly Pick<Part, "type">[]): void {
  const counts = new Map<string, number>();
  for (const { type } of parts) counts.set(type, (counts.get(type) ?? 0) + 1);
  if (!counts.get("orchestrator") || !counts.get("artifact_store"))
    throw new AppError("invalid_input", "Stack must contain at least an orchestrator and artifact store.", {
      fields: { components: "Choose an orchestrator and an artifact store." },
    });
  for (const [type, count] of counts)
    if (count > 1 && !mayRepeat(type))
      throw new AppError("invalid_input", `Stack component type '${type}' does not support multiple components in a single stack.`, {
        fields: { components: `A stack holds one ${type.replaceAll("_", " ")}.` },
      });
}

/** Writes the parts of a stack, in their order, instead of those it had. */
export async function writeParts(tx: Tx, workspaceId: string, stackId: string, parts: readonly Part[]): Promise<void> {
  await tx.deleteFrom("stack_component").where("stack_id", "=", stackId).execute();
  await tx
    .insertInto("stack_component")
    .values(parts.map((part, position) => ({ workspace_id: workspaceId, stack_id: stackId, component_id: part.id, position })))
    .execute();
}

/** The parts for the trail: names by kind. */
export function partNames(parts: readonly Part[]): Record<string, string | string[]> {
  const names: Record<string, string[]> = {};
  for (const { type, name } of parts) names[type] = [...(names[type] ?? []), name];
  return Object.fromEntries(Object.entries(names).map(([type, list]) => [type, list.length === 1 ? (list[0] as string) : list]));
}
