import { type Kysely, sql } from "kysely";

// Outside stores of secrets (decision 39). A version that lies in one names the store and its object there; what is sealed in the row are then
// the prints by which logs recognize its values. A check is an object that may not be as the database says: it is settled, then removed.

const TABLES = `
create table secret_store (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  type text not null,
  configuration jsonb not null,
  credential_names text[] not null default '{}',
  credentials_sealed bytea,
  verified_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  removed_at timestamptz
);
create index secret_store_workspace on secret_store (workspace_id);
alter table secret_store enable row level security;
create policy in_scope on secret_store using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

alter table workspace add column secret_store_id uuid references secret_store;

alter table secret_version add column store_id uuid references secret_store;
alter table secret_version add column store_copy text;
alter table secret_version add check ((store_id is null) = (store_copy is null));
create index secret_version_store on secret_version (store_id) where store_id is not null;

create table secret_store_check (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  store_id uuid not null references secret_store,
  secret_id uuid not null,
  version integer not null,
  copy text not null,
  due_at timestamptz not null,
  claimed_at timestamptz,
  last_error text,
  unique (store_id, secret_id, version, copy)
);
create index secret_store_check_workspace on secret_store_check (workspace_id);
alter table secret_store_check enable row level security;
create policy in_scope on secret_store_check using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
