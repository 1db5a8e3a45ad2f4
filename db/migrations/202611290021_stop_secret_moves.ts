import { type Kysely, sql } from "kysely";

// Whom a move between stores acts for: who began it, or who let it go on since. It stops when they may not do it any more.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`alter table secret_move add column acts_for uuid, add column stopped_at timestamptz`.execute(db);
  await sql`update secret_move set acts_for = created_by`.execute(db);
}
