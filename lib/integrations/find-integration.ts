import "server-only";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { widenScope } from "@/lib/workspaces/widen-scope";

// A secret of the organization as the target of a command or query: kept once, outside every workspace.

export type IntegrationRow = {
  id: string;
  name: string;
  kind: string;
  description: string;
  everywhere: boolean;
  version: number;
  key_names: string[];
  expires_at: string | null;
  rotated_at: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
};
export type KnownWorkspace = { id: string; slug: string };

const COLUMNS = [
  "id",
  "name",
  "kind",
  "description",
  "everywhere",
  "version",
  "key_names",
  "expires_at",
  "rotated_at",
  "created_by",
  "created_at",
  "updated_at",
  "deleted_at",
] as const;

type Sought = { isDeleted?: boolean; lock?: boolean };

/** Error: not_found. */
export async function findIntegration(tx: Tx, actor: Actor, id: string, { isDeleted = false, lock = false }: Sought = {}) {
  const found = tx
    .selectFrom("organization_secret")
    .select(COLUMNS)
    .where("id", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .where("deleted_at", isDeleted ? "is not" : "is", null);
  const integration: IntegrationRow | undefined = await (lock ? found.forUpdate() : found).executeTakeFirst();
  if (!integration) throw new AppError("not_found", "There is no such secret of the organization.");
  return { integration, thing: { type: "integration", id: integration.id, name: integration.name } };
}

/** The same, locked until the commit, with every workspace in scope: for what changes it. Error: not_found. */
export async function lockIntegration(tx: Tx, actor: Actor, id: string, sought: Sought = {}) {
  const workspaces = await openWorkspaces(tx, actor.organizationId);
  return { ...(await findIntegration(tx, actor, id, { ...sought, lock: true })), workspaces };
}

/** All workspaces, in scope for the rest of the transaction; none is made until its end. */
export async function openWorkspaces(tx: Tx, organizationId: string): Promise<KnownWorkspace[]> {
  await tx.selectFrom("organization").select("id").where("id", "=", organizationId).forNoKeyUpdate().execute();
  const workspaces = await tx
    .selectFrom("workspace")
    .select(["id", "slug"])
    .where("organization_id", "=", organizationId)
    .where("state", "<>", "deleted")
    .orderBy("slug")
    .execute();
  await widenScope(
    tx,
    workspaces.map((workspace) => workspace.id),
  );
  return workspaces;
}

/** Those that were chosen. Error: invalid_input for one that is not there. */
export function chosenWorkspaces(workspaces: readonly KnownWorkspace[], { everywhere, chosen }: { everywhere: boolean; chosen: readonly string[] }) {
  if (everywhere) return [...workspaces];
  const found = workspaces.filter((workspace) => chosen.includes(workspace.id));
  if (found.length < new Set(chosen).size)
    throw new AppError("invalid_input", "One of the workspaces is gone.", { fields: { workspaces: "One of them is gone. Open the page again." } });
  return found;
}

/** Error: conflict. A name is used once in the organization; a workspace may have a secret of the same name, which comes first there. */
export async function requireFreeName(tx: Tx, organizationId: string, name: string): Promise<void> {
  const taken = await tx
    .selectFrom("organization_secret")
    .select("id")
    .where("organization_id", "=", organizationId)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (taken)
    throw new AppError("conflict", `The organization has a secret ${name} already.`, { fields: { name: "Another secret of the organization has this name." } });
}
