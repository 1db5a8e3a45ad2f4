import { type Kysely, sql } from "kysely";

// A run that fell silent, and the open questions of a project: both are looked for by lists and counted beside their tabs.

const TABLES = `
alter table run add column lost_at timestamptz;
create index run_lost on run (project_id) where lost_at is not null;
create index wait_condition_pending on wait_condition (project_id, run_id) where status = 'pending';
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
