import { type Kysely, sql } from "kysely";

// Connectors: what they are and reach stands here, their main keys in a secret of the kind `connector`. Every credential that was issued, and
// every one that was refused, is a row of connector_issue, never with a value; those rows outlive their connector.

const TABLES = `
create table connector (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  type text not null,
  method text not null,
  description text not null default '',
  resource_types text[] not null,
  resource_id text,
  configuration jsonb not null default '{}',
  secret_id uuid references secret,
  secret_keys text[] not null default '{}',
  expires_at timestamptz,
  expires_skew_seconds integer check (expires_skew_seconds >= 0),
  expiration_seconds integer check (expiration_seconds > 0),
  labels jsonb not null default '{}',
  verified_at timestamptz,
  last_error text,
  last_error_at timestamptz,
  last_issued_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (workspace_id, name)
);
create index connector_created on connector (workspace_id, created_at desc, id desc);
create index connector_secret on connector (secret_id);
alter table connector enable row level security;
create policy in_scope on connector using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

create table connector_issue (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  connector_id uuid not null,
  connector_name text not null,
  secret_version integer,
  principal_id uuid not null,
  credential_kind text not null,
  credential_id text,
  run_id uuid,
  purpose text not null check (purpose in ('client', 'test', 'server')),
  outcome text not null check (outcome in ('issued', 'refused', 'failed')),
  reason text,
  resource_type text,
  resource_id text,
  method text,
  reach text check (reach in ('resource', 'as-main-key')),
  acts_as text,
  is_capped boolean not null default false,
  issued_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  peer_request_id text,
  request_id text not null,
  check (outcome = 'issued' or reason is not null)
);
create index connector_issue_connector on connector_issue (connector_id, issued_at desc, id desc);
create index connector_issue_workspace on connector_issue (workspace_id, issued_at desc, id desc);
create index connector_issue_run on connector_issue (run_id) where run_id is not null;
create index connector_issue_credential on connector_issue (principal_id, credential_id, issued_at) where outcome = 'issued';
alter table connector_issue enable row level security;
create policy in_scope on connector_issue using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));

alter table component add column connector_id uuid references connector;
alter table component add column connector_resource_id text;
create index component_connector on component (connector_id) where connector_id is not null;

-- Whether connectors without short-lived credentials may hand out their main keys.
alter table workspace add column long_lived_keys_leave boolean not null default false;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
