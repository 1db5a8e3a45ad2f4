import { type Kysely, sql } from "kysely";

// A connector can be shared like other things: its shares end when it is deleted.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`create trigger connector_shares after delete on connector referencing old table as deleted for each statement execute function end_shares_of_deleted()`.execute(
    db,
  );
}
