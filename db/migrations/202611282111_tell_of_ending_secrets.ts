import { type Kysely, sql } from "kysely";

// When it was last told that a secret's value ends soon: once for each end. And when the new main keys of a connector end.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`alter table secret add column expiry_told_at timestamptz`.execute(db);
  await sql`alter table connector add column next_expires_at timestamptz`.execute(db);
  await sql`create index secret_expires on secret (expires_at) where expires_at is not null`.execute(db);
}
