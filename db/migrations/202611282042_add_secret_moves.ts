import { type Kysely, sql } from "kysely";

// Moves of a workspace's values to another store (decision 39). `secret_copy` is the other place of a version: while it is copied the new one,
// after the cut-over the old one, until somebody says that it may end. A row with an error is a version that can't be moved.

const TABLES = `
create table secret_move (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  from_store_id uuid references secret_store,
  to_store_id uuid references secret_store,
  state text not null check (state in ('copying', 'copied', 'cut-over', 'rolling-back', 'rolled-back', 'cancelled', 'ended')),
  reason text,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  cut_over_at timestamptz,
  ended_at timestamptz
);
create index secret_move_workspace on secret_move (workspace_id, created_at desc);
create unique index secret_move_open on secret_move (workspace_id) where state not in ('cancelled', 'ended');
alter table secret_move enable row level security;
create policy in_scope on secret_move using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

create table secret_copy (
  secret_id uuid not null,
  version integer not null,
  workspace_id uuid not null references workspace,
  move_id uuid not null references secret_move,
  store_id uuid references secret_store,
  store_copy text,
  master_key_id text,
  wrapped_key bytea,
  sealed bytea,
  error text,
  primary key (secret_id, version),
  foreign key (secret_id, version) references secret_version on delete cascade,
  check ((error is null) = (sealed is not null)),
  check ((store_id is null) = (store_copy is null))
);
create index secret_copy_move on secret_copy (move_id);
create index secret_copy_workspace on secret_copy (workspace_id);
create index secret_copy_store on secret_copy (store_id) where store_id is not null;
alter table secret_copy enable row level security;
create policy in_scope on secret_copy using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
