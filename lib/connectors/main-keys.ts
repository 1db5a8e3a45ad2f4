import "server-only";
import { sql } from "kysely";
import { sameAgain } from "@/lib/kernel/ask-outside";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { writeVersion } from "@/lib/secrets/versions";
import type { SecretValues } from "@/lib/secrets/schema";

export const mainKeysName = (connectorId: string): string => `connector ${connectorId}`;

type At = { organizationId: string; workspaceId: string; name: string; createdBy: string; requestId: string; now: string; isBrief?: boolean };

/** A secret of a connector: hidden from lists of secrets, with a life that its connector decides. `isBrief`: it rests in Reeve's own store. Null for no values. */
export async function createMainKeys(tx: Tx, at: At, values: SecretValues): Promise<string | null> {
  const keys = Object.keys(values);
  if (keys.length === 0) return null;
  const id = sameAgain(tx, at.name, newId);
  const own = { created_by: at.createdBy, created_at: at.now, updated_at: at.now, rotated_at: at.now };
  await tx
    .insertInto("secret")
    .values({ id, workspace_id: at.workspaceId, name: at.name, kind: "connector", key_names: keys, ...own })
    .execute();
  await writeVersion(tx, { workspaceId: at.workspaceId, secretId: id, version: 1 }, { ...at, values });
  return id;
}

/** The number of a new version: those of keys that were dropped are not given twice. */
export async function nextVersionOf(tx: Tx, secretId: string): Promise<number> {
  const { rows } = await sql<{ next: number }>`select coalesce(max(version), 0) + 1 as next from secret_version where secret_id = ${secretId}`.execute(tx);
  return rows[0]?.next ?? 1;
}
