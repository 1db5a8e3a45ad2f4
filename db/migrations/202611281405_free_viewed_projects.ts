import { type Kysely, sql } from "kysely";

// A project that is deleted takes no session along that looks at it as a role: the session stays, and shows nothing of it any more.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`alter table session drop constraint session_view_project_ref_fkey`.execute(db);
  await sql`drop index session_view_project`.execute(db);
}
