import "server-only";
import { sql } from "kysely";
import { KEPT_KEYS } from "@/lib/kernel/kept-key";
import type { MasterKey } from "@/lib/kernel/master-keys";
import { headerOf, sealUnder, unseal } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import { STORE_CREDENTIALS } from "@/lib/secret-stores/open-store";
import { IN_ORGANIZATION, type Place, wrapAnew } from "@/lib/secrets/envelope";
import { CLIENT_SECRET } from "@/lib/sso/connection";

// Everything besides versions of workspaces' secrets that rests sealed under a master key: few rows each, sealed or wrapped anew whole. A column that `seal` fills
// and that is not named here would keep its old key from retiring, and then be unreadable: a test holds the two together.

type SealedColumn = { table: string; column: string; id: string; purpose: (id: string) => string; boundTo: (id: string) => string };

export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "sso_connection", column: "secret_sealed", id: "id", purpose: () => CLIENT_SECRET, boundTo: (id) => id },
  { table: "secret_store", column: "credentials_sealed", id: "id", purpose: () => STORE_CREDENTIALS, boundTo: (id) => id },
  { table: "kept_key", column: "sealed", id: "purpose", purpose: () => KEPT_KEYS, boundTo: (id) => id },
];

const isUnder = ({ column }: SealedColumn, key: MasterKey) => sql<boolean>`substring(${sql.ref(column)} from 1 for 9) = ${headerOf(key.id)}`;

/** Seals what is not under the key anew; gives how many could not be opened. Error: sealed. */
export async function sealAnew(tx: Tx, key: MasterKey, failed: (what: string, error: unknown) => void): Promise<number> {
  let moved = 0;
  for (const where of SEALED_COLUMNS) {
    const { rows } = await sql<{ id: string; sealed: Buffer }>`
      select ${sql.ref(where.id)}::text as id, ${sql.ref(where.column)} as sealed from ${sql.table(where.table)}
      where ${sql.ref(where.column)} is not null and not ${isUnder(where, key)} for update`.execute(tx);
    for (const { id, sealed } of rows)
      try {
        const anew = sealUnder(key, where.purpose(id), where.boundTo(id), unseal(where.purpose(id), where.boundTo(id), sealed));
        await sql`update ${sql.table(where.table)} set ${sql.ref(where.column)} = ${anew} where ${sql.ref(where.id)}::text = ${id}`.execute(tx);
        moved += 1;
      } catch (error) {
        failed(`${where.table} ${id}`, error);
      }
  }
  return moved;
}

/** Data keys as versions have them, of few rows: what a move between stores has copied or left, and the versions of the organization's own secrets. */
const WRAPPED = [
  {
    what: "the other copy of version",
    table: "secret_copy",
    rows: sql`select c.secret_id as "secretId", c.version, c.workspace_id::text as "workspaceId", w.organization_id as "organizationId", c.master_key_id, c.wrapped_key
      from secret_copy c join workspace w on w.id = c.workspace_id`,
  },
  {
    what: "the organization’s version",
    table: "organization_secret_version",
    rows: sql`select c.secret_id as "secretId", c.version, ${sql.lit(IN_ORGANIZATION)} as "workspaceId", o.organization_id as "organizationId", c.master_key_id, c.wrapped_key
      from organization_secret_version c join organization_secret o on o.id = c.secret_id`,
  },
] as const;

/** The same for these. */
export async function wrapAllAnew(tx: Tx, key: MasterKey, failed: (what: string, error: unknown) => void): Promise<number> {
  let moved = 0;
  for (const { what, table, rows: found } of WRAPPED) {
    const { rows } = await sql<Place & { organizationId: string; master_key_id: string; wrapped_key: Buffer }>`
      ${found} where c.master_key_id <> ${key.id} for update of c`.execute(tx);
    for (const { organizationId, master_key_id, wrapped_key, ...place } of rows)
      try {
        const anew = wrapAnew(key, organizationId, place, { master_key_id, wrapped_key });
        await tx.updateTable(table).set(anew).where("secret_id", "=", place.secretId).where("version", "=", place.version).execute();
        moved += 1;
      } catch (error) {
        failed(`${what} ${place.version} of secret ${place.secretId}`, error);
      }
  }
  return moved;
}

/** How many of them are not under the key. */
export async function countOthers(tx: Tx, key: MasterKey): Promise<number> {
  const counts = WRAPPED.map(({ table }) => sql`(select count(*) from ${sql.table(table)} where master_key_id <> ${key.id})`);
  const columns = SEALED_COLUMNS.map(
    (where) => sql`(select count(*) from ${sql.table(where.table)} where ${sql.ref(where.column)} is not null and not ${isUnder(where, key)})`,
  );
  const { rows } = await sql<{ left: string }>`select (${sql.join([...counts, ...columns], sql` + `)})::text as left`.execute(tx);
  return Number(rows[0]?.left ?? 0);
}
