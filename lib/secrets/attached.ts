import "server-only";
import { type RawBuilder, sql } from "kysely";

/** A secret that somebody attached to a thing; a private one is nobody else's business. */
export type AttachedSecret = { id: string; privateTo: string | null };

/** SQL: the secrets that are attached to the row of the table, for a select list. */
export const attachedTo = (table: "stack" | "component"): RawBuilder<AttachedSecret[]> => sql<AttachedSecret[]>`(
  select coalesce(json_agg(json_build_object('id', s.id, 'privateTo', s.private_to) order by b.valid_from, s.id), '[]'::json)
  from secret_binding b join secret s on s.id = b.secret_id
  where b.target_id = ${sql.ref(`${table}.id`)} and b.kind = ${sql.lit(table)} and b.path = 'attached' and b.valid_to is null)`;
