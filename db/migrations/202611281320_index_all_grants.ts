import { type Kysely, sql } from "kysely";

// A principal's grants are found by index whether they have an end or not. The old index held those without one only, so whoever asked for
// "no end, or one to come" (every request does) was served by reading all grants while the planner knew little of the table.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`drop index reeve.role_grant_principal`.execute(db);
  await sql`create index role_grant_principal on reeve.role_grant (principal_id)`.execute(db);
}
