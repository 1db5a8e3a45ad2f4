import "server-only";
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { can } from "@/lib/authz/can";
import { findSecretForUse, thingTarget } from "./find-secret";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { type BindingTarget, type Change, closeBindings, openBinding } from "./bindings";

// The secrets that a client names when it registers or changes a stack or component (`--secret`, `--remove-secret`): by name or id.

export const secretWishes = { secrets: z.array(z.string()).nullish(), removedSecrets: z.array(z.string()).nullish() };

type Wishes = { secrets?: readonly string[] | null; removedSecrets?: readonly string[] | null };

/** Binds and unbinds what was named; gives the entries. Errors: not_found, forbidden for a secret that the actor may not bind. */
export async function linkSecrets(
  tx: Tx,
  actor: Actor,
  target: BindingTarget & { workspaceId: string },
  wishes: Wishes,
  change: Change,
): Promise<AuditDraft[]> {
  const entries: AuditDraft[] = [];
  for (const named of new Set(wishes.removedSecrets ?? [])) {
    const secret = await findSecretForUse(tx, actor, target.workspaceId, named);
    if (!secret) continue; // it is gone, and so is its binding
    const open = await tx
      .selectFrom("secret_binding")
      .select("id")
      .where("secret_id", "=", secret.id)
      .where("target_id", "=", target.id)
      .where("path", "=", "attached")
      .where("valid_to", "is", null)
      .execute();
    entries.push(...(await closeBindings(tx, { ids: open.map((row) => row.id) }, change)));
  }
  for (const named of new Set(wishes.secrets ?? [])) {
    const secret = await findSecretForUse(tx, actor, target.workspaceId, named);
    // Who may not know of it hears the same as of one that is not there (AZ-2).
    if (!secret || !can(actor, "secret:read", thingTarget(secret)).allowed)
      throw new AppError("not_found", `No secret with the ${isUuid(named) ? "ID" : "name"} ${named} was found.`);
    if (!can(actor, "secret:bind", thingTarget(secret)).allowed)
      throw new AppError("forbidden", `Binding the secret ${secret.name} is not in your role: it is somebody else’s.`, {
        fix: "Ask its owner or a Workspace Admin to bind it.",
        reason: "no_grant",
      });
    const entry = await openBinding(tx, { secret, target, path: "attached" }, change);
    if (entry) entries.push(entry);
  }
  return entries;
}
