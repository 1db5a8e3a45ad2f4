import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";
import { type Envelope, entity, times } from "./respond";

// Accounts on the wire. A nested owner is a person or a service account alike; an account that was deactivated keeps its name.

export type WireUser = {
  id: string;
  name: string;
  full_name: string;
  active: boolean;
  is_service_account: boolean;
  is_admin: boolean;
  created_at: string;
  updated_at: string;
};

/** The accounts of the ids that there are, in one query. */
export async function loadUsers(tx: Tx, ids: Iterable<string | null | undefined>): Promise<Map<string, WireUser>> {
  const wanted = [...new Set([...ids].filter((id): id is string => id != null))];
  if (wanted.length === 0) return new Map();
  const rows = await tx
    .selectFrom("principal")
    .select(["id", "name", "full_name", "active", "created_at", "updated_at"])
    .select([sql<boolean>`kind = 'service_account'`.as("is_service_account"), sql<boolean>`false`.as("is_admin")])
    .where("id", "in", wanted)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** `body` of an account. */
export const userBody = (user: WireUser, defaultProjectId: string | null = null) => ({
  ...times(user),
  active: user.active,
  activation_token: null,
  full_name: user.full_name,
  email_opted_in: false,
  is_service_account: user.is_service_account,
  is_admin: user.is_admin,
  default_project_id: defaultProjectId,
  avatar_url: null,
});

/** An owner inside another thing, without metadata; null for the things that came with the workspace. */
export const nestedUser = (user: WireUser | undefined): Envelope | null => (user ? entity({ id: user.id, name: user.name, body: userBody(user) }) : null);
