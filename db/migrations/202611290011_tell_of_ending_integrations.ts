import { type Kysely, sql } from "kysely";

// When it was last told that the value of a secret of the organization ends soon: once for each end.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`alter table organization_secret add column expiry_told_at timestamptz`.execute(db);
}
