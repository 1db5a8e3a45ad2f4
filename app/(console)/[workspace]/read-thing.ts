import { listEntries } from "@/lib/audit/list-entries";
import { can } from "@/lib/authz/can";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";

/**
 * What the page of one thing shows: the thing, and its entries in the trail where the reader may see any.
 */
export async function readThing<T>(context: CallContext, workspace: Workspace, id: string, read: () => Promise<T>) {
  const { actor } = context;
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  return attempt(context, () => Promise.all([read(), mayReadAudit ? entriesOf(context, id) : null]));
}

/** The entries of one thing in the trail, as the last tab of its page shows them. */
export const entriesOf = (context: CallContext, id: string) =>
  ask(listEntries, context, { conditions: [{ field: "thing", op: "equals", value: id }], limit: 200, explains: false });
