import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { commitmentOf, type Envelope, openValues, type Place, sealValues } from "./envelope";
import type { SecretValues } from "./schema";

// The versions of a secret: each is written once. What reads one names the use in the same transaction (lib/secrets/record-use.ts).

type Written = { organizationId: string; values: SecretValues; createdBy: string; requestId: string; restoredFrom?: number };

/** Writes one version. Error: sealed without a master key. */
export async function writeVersion(tx: Tx, place: Place, { organizationId, values, createdBy, requestId, restoredFrom }: Written): Promise<void> {
  await tx
    .insertInto("secret_version")
    .values({
      secret_id: place.secretId,
      version: place.version,
      workspace_id: place.workspaceId,
      key_names: Object.keys(values),
      ...(await sealValues(tx, organizationId, place, values)),
      commitment: await commitmentOf(tx, place.workspaceId, values),
      restored_from: restoredFrom ?? null,
      created_by: createdBy,
      request_id: requestId,
    })
    .execute();
}

/** Opens one version. Errors: not_found; conflict when it was destroyed; sealed; internal when the row was moved. */
export async function readVersion(tx: Tx, organizationId: string, place: Place): Promise<SecretValues> {
  const row = await tx
    .selectFrom("secret_version")
    .select(["master_key_id", "wrapped_key", "sealed"])
    .where("secret_id", "=", place.secretId)
    .where("version", "=", place.version)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no version ${place.version} of this secret.`);
  const { master_key_id, wrapped_key, sealed } = row;
  if (!master_key_id || !wrapped_key || !sealed)
    throw new AppError("conflict", `Version ${place.version} of this secret was destroyed: its values are gone for good.`, { reason: "version_destroyed" });
  return openValues(organizationId, place, { master_key_id, wrapped_key, sealed });
}

/** All versions of a workspace that still open, for what must recognize their values. Error: sealed. */
export async function everyVersion(tx: Tx, workspaceId: string): Promise<{ name: string; values: SecretValues }[]> {
  const rows = await tx
    .selectFrom("secret_version as v")
    .innerJoin("secret as s", "s.id", "v.secret_id")
    .innerJoin("workspace as w", "w.id", "v.workspace_id")
    .select(["s.name", "v.secret_id", "v.version", "v.master_key_id", "v.wrapped_key", "v.sealed", "w.organization_id"])
    .where("v.workspace_id", "=", workspaceId)
    .where("v.destroyed_at", "is", null)
    .execute();
  return rows.map(({ name, secret_id: secretId, version, organization_id, ...envelope }) => ({
    name,
    values: openValues(organization_id, { workspaceId, secretId, version }, envelope as Envelope),
  }));
}

export const placeOf = (secret: { id: string; workspace_id: string; version: number }, version = secret.version): Place => ({
  workspaceId: secret.workspace_id,
  secretId: secret.id,
  version,
});
