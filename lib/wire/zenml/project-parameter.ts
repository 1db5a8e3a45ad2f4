import "server-only";
import { readInScope } from "@/lib/kernel/transaction";
import { findProject } from "@/lib/projects/find-project";
import type { WireCall } from "./endpoint";

/** The `project` parameter (id or name) as an id; null when it was not sent: then the whole workspace, as far as it is readable. */
export async function projectIdOf(call: WireCall): Promise<string | null> {
  const given = call.query.get("project");
  if (!given) return null;
  return readInScope([call.context.workspace.id], async (tx) => (await findProject(tx, call.context.workspace.id, given)).id);
}
