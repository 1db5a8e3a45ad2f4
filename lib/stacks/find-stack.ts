import "server-only";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { Part } from "./stack-parts";

// One stack, locked for a change, as the target of a command. `default` came with the workspace: every client falls back to it.

export const DEFAULT_STACK = "default";

export type LockedStack = {
  id: string;
  workspace_id: string;
  name: string;
  description: string;
  stack_spec_path: string | null;
  environmentText: string;
  labelsText: string | null;
  created_by: string | null;
  updated_at: string;
};

/** Error: not_found. */
export async function lockStack(tx: Tx, id: string) {
  const { rows } = await sql<LockedStack>`
    select id, workspace_id, name, description, stack_spec_path, environment::text as "environmentText", labels::text as "labelsText", created_by, updated_at
    from stack where id = ${id} for update`.execute(tx);
  const [stack] = rows;
  if (!stack) throw new AppError("not_found", `There is no stack ${id} here.`);
  return { workspaceId: stack.workspace_id, ownerId: stack.created_by, thing: { type: "stack", id: stack.id, name: stack.name }, stack };
}

/** Error: forbidden for the stack that came with the workspace. */
export function requireChangeable(stack: Pick<LockedStack, "name">, verb: "modified" | "deleted"): void {
  if (stack.name === DEFAULT_STACK)
    throw new AppError("forbidden", `The default stack cannot be ${verb}.`, { fix: "Copy it and change the copy.", reason: "default_stack" });
}

/** Error: conflict. */
export async function requireFreeStackName(tx: Tx, workspaceId: string, name: string): Promise<void> {
  const taken = await tx.selectFrom("stack").select("id").where("workspace_id", "=", workspaceId).where("name", "=", name).executeTakeFirst();
  if (taken)
    throw new AppError("conflict", `Unable to register stack with name '${name}': Found an existing stack with the same name.`, {
      fields: { name: "Another stack has this name." },
    });
}

/** The parts of a stack, in their order. */
export const currentParts = (tx: Tx, stackId: string): Promise<Part[]> =>
  tx
    .selectFrom("stack_component as sc")
    .innerJoin("component as c", "c.id", "sc.component_id")
    .select(["c.id", "c.name", "c.type"])
    .where("sc.stack_id", "=", stackId)
    .orderBy("sc.position")
    .execute();
