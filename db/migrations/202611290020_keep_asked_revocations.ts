import { type Kysely, sql } from "kysely";

// That a credential is to be ended is on record before the other side is asked: since when, by whom, in which request. It is taken away when the
// end, or that it was refused, is written.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`
    alter table connector_issue
      add column revoking_at timestamptz,
      add column revoking_by uuid,
      add column revoking_request_id text`.execute(db);
}
