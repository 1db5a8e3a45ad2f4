import { type Kysely, sql } from "kysely";

// Secrets. Values stand only in versions, sealed under a key of the version's own, which the master key wraps; a version is written once and
// never changed, but for its destruction. Every reading of a value is a row of secret_use.

const TABLES = `
create table secret (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  kind text not null default 'generic',
  description text not null default '',
  private_to uuid references principal,
  version integer not null default 1,
  key_names text[] not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  rotated_at timestamptz not null default clock_timestamp(),
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  deleted_by uuid
);
create unique index secret_public_name on secret (workspace_id, name) where private_to is null and deleted_at is null;
create unique index secret_private_name on secret (workspace_id, private_to, name) where private_to is not null and deleted_at is null;
create index secret_created on secret (workspace_id, created_at desc, id desc);
create index secret_private_to on secret (private_to) where private_to is not null;
alter table secret enable row level security;
create policy in_scope on secret using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

create table secret_version (
  secret_id uuid not null references secret on delete cascade,
  version integer not null,
  workspace_id uuid not null references workspace,
  key_names text[] not null,
  master_key_id text,
  wrapped_key bytea,
  sealed bytea,
  commitment bytea not null,
  restored_from integer,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  request_id text not null,
  destroyed_at timestamptz,
  primary key (secret_id, version),
  check ((destroyed_at is null) = (sealed is not null)),
  check ((sealed is null) = (wrapped_key is null)),
  check ((sealed is null) = (master_key_id is null))
);
create index secret_version_workspace on secret_version (workspace_id);
create index secret_version_master_key on secret_version (master_key_id) where sealed is not null;
alter table secret_version enable row level security;
create policy in_scope on secret_version using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

create table secret_use (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  secret_id uuid not null references secret on delete cascade,
  version integer not null,
  purpose text not null check (purpose in ('client', 'reveal')),
  reason text,
  principal_id uuid not null references principal,
  credential_kind text not null,
  credential_id text,
  request_id text not null,
  at timestamptz not null default clock_timestamp()
);
create index secret_use_secret on secret_use (secret_id, at desc, id desc);
create index secret_use_workspace on secret_use (workspace_id, at desc, id desc);
create index secret_use_principal on secret_use (principal_id);
alter table secret_use enable row level security;
create policy in_scope on secret_use using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
