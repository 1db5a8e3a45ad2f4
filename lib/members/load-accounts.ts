import "server-only";
import { sql } from "kysely";
import { anyOf } from "@/lib/kernel/any-of";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

/** A person or a service account, as far as others see it. A deactivated one keeps its name. */
export type Account = {
  id: string;
  name: string;
  full_name: string;
  active: boolean;
  is_service_account: boolean;
  created_at: string;
  updated_at: string;
};

const accountsById = prepared((db, ids: readonly string[]) =>
  db
    .selectFrom("principal")
    .select(["id", "name", "full_name", "active", "created_at", "updated_at"])
    .select(sql<boolean>`kind = 'service_account'`.as("is_service_account"))
    .where("id", "=", anyOf(ids)),
);

/** The accounts of the ids that there are, in one query. */
export async function loadAccounts(tx: Tx, ids: Iterable<string | null | undefined>): Promise<Map<string, Account>> {
  const wanted = [...new Set([...ids].filter((id): id is string => id != null))];
  if (wanted.length === 0) return new Map();
  const rows = await accountsById(tx, wanted);
  return new Map(rows.map((row) => [row.id, row]));
}
