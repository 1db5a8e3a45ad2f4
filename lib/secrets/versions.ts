import "server-only";
import { type RawBuilder, sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { keptKey } from "@/lib/kernel/kept-key";
import type { Tx } from "@/lib/kernel/transaction";
import { readCopy, storeOfWorkspace, writeCopy } from "@/lib/secret-stores/copies";
import { commitmentOf, type Envelope, IN_ORGANIZATION, openPrints, openValues, type Place, sealPrints, sealValues } from "./envelope";
import { type Print, type Prints, printOf } from "./prints";
import { formsOf } from "./redact-secrets";
import type { SecretValues } from "./schema";

// The versions of a secret: each is written once, here or in the workspace's outside store. This file is the one way to values, wherever they
// lie; the store is called between two transactions. What reads one names the use in the same transaction (lib/secrets/record-use.ts).
// Secrets of the organization have their versions in a table of their own, and always in Reeve's own store; in a workspace stands what names them.

type Written = { organizationId: string; values: SecretValues; createdBy: string; requestId: string; restoredFrom?: number; isBrief?: boolean };

/** The key of the prints by which logs recognize values that lie elsewhere. */
const printKey = (tx: Tx) => keptKey(tx, "secret-prints");

async function printsOf(tx: Tx, values: SecretValues): Promise<Prints> {
  const key = await printKey(tx);
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, formsOf(value).map((form) => printOf(key, form))]));
}

/**
 * Puts values into a store (null: Reeve's own), and gives what a row holds of them: with an outside one prints alone. Errors: sealed; unavailable
 * while the store can't be used.
 */
export async function placeValues(tx: Tx, organizationId: string, place: Place, values: SecretValues, storeId: string | null) {
  if (!storeId) return { ...(await sealValues(tx, organizationId, place, values)), store_id: null, store_copy: null };
  const sealed = await sealPrints(tx, organizationId, place, await printsOf(tx, values));
  const { copy } = await writeCopy(tx, storeId, place, values);
  return { ...sealed, store_id: storeId, store_copy: copy };
}

/** Writes one version. Errors: sealed without a master key; unavailable while the workspace's store can't be used. */
export async function writeVersion(tx: Tx, place: Place, written: Written): Promise<void> {
  // What lives for minutes stays here.
  const { organizationId, values, createdBy, requestId, restoredFrom, isBrief } = written;
  await tx
    .insertInto("secret_version")
    .values({
      secret_id: place.secretId,
      version: place.version,
      workspace_id: place.workspaceId,
      key_names: Object.keys(values),
      ...(await placeValues(tx, organizationId, place, values, isBrief ? null : await storeOfWorkspace(tx, place.workspaceId))),
      commitment: await commitmentOf(tx, place.workspaceId, values),
      restored_from: restoredFrom ?? null,
      created_by: createdBy,
      request_id: requestId,
    })
    .execute();
}

/** Writes one version of a secret of the organization. Error: sealed. */
export async function writeOrganizationVersion(tx: Tx, secretId: string, version: number, written: Omit<Written, "isBrief">): Promise<void> {
  const { organizationId, values, createdBy, requestId, restoredFrom } = written;
  const place = organizationPlace(secretId, version);
  await tx
    .insertInto("organization_secret_version")
    .values({
      secret_id: secretId,
      version,
      key_names: Object.keys(values),
      ...(await sealValues(tx, organizationId, place, values)),
      commitment: await commitmentOf(tx, place.workspaceId, values),
      restored_from: restoredFrom ?? null,
      created_by: createdBy,
      request_id: requestId,
    })
    .execute();
}

/**
 * Opens one version. Errors: not_found; conflict when it was destroyed, or in its store destroyed, deleted or changed; sealed; unavailable
 * while its store can't be used; internal when the row was moved.
 */
export async function readVersion(tx: Tx, organizationId: string, place: Place): Promise<SecretValues> {
  const row = place.workspaceId === IN_ORGANIZATION ? await rowOfOrganization(tx, place) : await rowOf(tx, place);
  if (!row) throw new AppError("not_found", `There is no version ${place.version} of this secret.`);
  const { master_key_id, wrapped_key, sealed, store_id: storeId, store_copy: copy } = row;
  if (!master_key_id || !wrapped_key || !sealed)
    throw new AppError("conflict", `Version ${place.version} of this secret was destroyed: its values are gone for good.`, { reason: "version_destroyed" });
  if (!storeId || !copy) return openValues(organizationId, place, { master_key_id, wrapped_key, sealed });
  const values = await readCopy(tx, { storeId, copy }, place);
  if (!row.commitment.equals(await commitmentOf(tx, place.workspaceId, values)))
    throw new AppError("conflict", `Version ${place.version} of this secret was changed in the store itself: what lies there is not what was written.`, {
      fix: "Take over what lies there as a new version, on the page of the secret’s versions, or rotate the secret with the values that are to hold.",
      reason: "store_changed",
    });
  return values;
}

const rowOf = (tx: Tx, place: Place) =>
  tx
    .selectFrom("secret_version")
    .select(["master_key_id", "wrapped_key", "sealed", "store_id", "store_copy", "commitment"])
    .where("secret_id", "=", place.secretId)
    .where("version", "=", place.version)
    .executeTakeFirst();

async function rowOfOrganization(tx: Tx, place: Place) {
  const row = await tx
    .selectFrom("organization_secret_version")
    .select(["master_key_id", "wrapped_key", "sealed", "commitment"])
    .where("secret_id", "=", place.secretId)
    .where("version", "=", place.version)
    .executeTakeFirst();
  return row && { ...row, store_id: null, store_copy: null };
}

/** What is known of one key of one version: its value, or the prints of one that lies elsewhere. */
export type KnownValue = { name: string; value: string } | { name: string; prints: readonly Print[] };

/** All keys of all versions of a workspace that still open, for what must recognize their values. No store is asked. Error: sealed. */
export async function everyVersion(tx: Tx, workspaceId: string): Promise<KnownValue[]> {
  const rows = await tx
    .selectFrom("secret_version as v")
    .innerJoin("secret as s", "s.id", "v.secret_id")
    .innerJoin("workspace as w", "w.id", "v.workspace_id")
    .select(["s.name", "v.secret_id", "v.version", "v.master_key_id", "v.wrapped_key", "v.sealed", "v.store_id", "w.organization_id"])
    .where("v.workspace_id", "=", workspaceId)
    .where("v.destroyed_at", "is", null)
    .execute();
  const own = rows.flatMap(({ name, secret_id: secretId, version, organization_id, store_id, ...envelope }): KnownValue[] => {
    const place = { workspaceId, secretId, version };
    return store_id
      ? Object.entries(openPrints(organization_id, place, envelope as Envelope)).map(([key, prints]) => ({ name: `${name}.${key}`, prints }))
      : named(name, openValues(organization_id, place, envelope as Envelope));
  });
  return [...own, ...(await organizationVersions(tx, workspaceId))];
}

const named = (name: string, values: SecretValues): KnownValue[] => Object.entries(values).map(([key, value]) => ({ name: `${name}.${key}`, value }));

/** The same of the organization's secrets that the workspace may use, or once could: a log is often older than that. */
async function organizationVersions(tx: Tx, workspaceId: string): Promise<KnownValue[]> {
  const rows = await tx
    .selectFrom("organization_secret_version as v")
    .innerJoin("organization_secret as o", "o.id", "v.secret_id")
    .innerJoin("secret as s", "s.organization_secret_id", "o.id")
    .select(["o.name", "o.organization_id", "v.secret_id", "v.version", "v.master_key_id", "v.wrapped_key", "v.sealed"])
    .where("s.workspace_id", "=", workspaceId)
    .where("v.destroyed_at", "is", null)
    .execute();
  return rows.flatMap(({ name, organization_id, secret_id, version, ...envelope }) =>
    named(name, openValues(organization_id, organizationPlace(secret_id, version), envelope as Envelope)),
  );
}

/** The key that the prints of `everyVersion` were made with. Error: sealed. */
export const keyOfPrints = printKey;

/** Where the values of a version of the organization's secret are bound to. */
export const organizationPlace = (secretId: string, version: number): Place => ({ workspaceId: IN_ORGANIZATION, secretId, version });

/** Where the values of a secret lie: those of a placement at the organization's. */
export const placeOf = (
  secret: { id: string; workspace_id: string; version: number; organization_secret_id: string | null },
  version = secret.version,
): Place =>
  secret.organization_secret_id
    ? organizationPlace(secret.organization_secret_id, version)
    : { workspaceId: secret.workspace_id, secretId: secret.id, version };

/** SQL: the versions of a secret without their values, as the table or row source `v`. */
export const versionsOf = ({ id, organization_secret_id }: { id: string; organization_secret_id: string | null }): RawBuilder<unknown> =>
  organization_secret_id
    ? sql`(select * from organization_secret_version where secret_id = ${organization_secret_id}) v`
    : sql`(select * from secret_version where secret_id = ${id}) v`;
