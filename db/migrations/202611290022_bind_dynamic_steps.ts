import { type Kysely, sql } from "kysely";

// Secrets that a step of a dynamic pipeline names while it runs hold for its run alone: what other runs of the snapshot make of it is decided anew.

const CHANGES = `
alter table snapshot_secret add column run_id uuid references run on delete cascade;
drop index snapshot_secret_once;
create unique index snapshot_secret_once on snapshot_secret (snapshot_id, secret_id, coalesce(step, ''), coalesce(run_id::text, ''));
create index snapshot_secret_run on snapshot_secret (run_id) where run_id is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
