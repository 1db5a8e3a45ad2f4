import { type Kysely, sql } from "kysely";

// Bounded counts of 10,000 read a page of their index for every 50 to 100 entries. Where no column differs from entry to entry, equal keys
// are kept once with a list of their rows: a tenth of the pages. What row-level security and the rights ask for is part of the key, as
// an included column would keep entries apart.

const INDEXES = `
create index run_creator_count on run (project_id, created_by, workspace_id);
create index run_stack_count on run (stack_id, workspace_id, project_id, created_by) where stack_id is not null;
drop index snapshot_stack;
create index snapshot_stack on snapshot (stack_id, workspace_id, project_id, created_by) where stack_id is not null;
create index audit_entry_count on audit_entry (organization_id, workspace_id, actor_id);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(INDEXES).execute(db);
}
