import { type Kysely, sql } from "kysely";

// Secrets that a pipeline's code names. The binding is the pipeline's or the step's; which snapshots it holds for is written beside it, so that a run of other
// code of the same pipeline gets nothing, and one that goes on loses nothing when newer code no longer names the secret.

const CHANGES = `
alter table secret_binding drop constraint secret_binding_path_check;
alter table secret_binding add constraint secret_binding_path_check check (path in ('attached', 'reference', 'code'));
create table snapshot_secret (
  snapshot_id uuid not null references snapshot on delete cascade,
  workspace_id uuid not null references workspace,
  secret_id uuid not null references secret on delete cascade,
  step text
);
create unique index snapshot_secret_once on snapshot_secret (snapshot_id, secret_id, coalesce(step, ''));
create index snapshot_secret_secret on snapshot_secret (secret_id);
create index snapshot_secret_workspace on snapshot_secret (workspace_id);
alter table snapshot_secret enable row level security;
create policy in_scope on snapshot_secret using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
