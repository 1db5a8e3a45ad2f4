import { type Kysely, sql } from "kysely";

// People, devices and what they ask for: device logins, personal tokens, invitations, one-use links, access requests, saved views.
// Columns that name a workspace are called workspace_ref where the row belongs to a person or to the organization: such rows are
// read before a workspace is known, so they are not under row-level security, like grants and sessions.

const TABLES = `
alter table organization add column session_hours integer not null default 168 check (session_hours between 1 and 720);
alter table organization add column token_days integer not null default 365 check (token_days between 1 and 730);

alter table workspace add column state_changed_at timestamptz;
alter table workspace add column state_changed_by uuid;
alter table workspace add column created_by uuid;
alter table workspace add column wire_role text not null default 'contributor';
alter table workspace add column leaver_grace_days integer not null default 0 check (leaver_grace_days between 0 and 90);

-- A person made by a client's command line may have a name alone.
alter table principal drop constraint principal_check;
alter table principal add constraint principal_email_of_user check (kind = 'user' or email is null);

-- The app has no right to delete counters: they go with their project.
alter table entity_count drop constraint entity_count_project_id_fkey;
alter table entity_count add foreign key (project_id) references project on delete cascade;

-- A deleted service account keeps its row, for the name on what it did; its name is free again.
alter table principal add column deleted_at timestamptz;
drop index principal_name;
create unique index principal_name on principal (organization_id, coalesce(home_workspace_id, organization_id), lower(name)) where deleted_at is null;

alter table session add column kind text not null default 'sign_in' check (kind in ('sign_in', 'emergency'));

create index session_emergency on session (expires_at) where kind = 'emergency';

alter table api_key add column issued_to uuid;
alter table api_key add column scopes text[];
alter table api_key add column last_used_at timestamptz;
alter table api_key add column last_used_address text;
alter table api_key add column previous_used_at timestamptz;
alter table api_key add column previous_used_address text;
alter table api_key add column previous_used_agent text;

alter table role_grant add column reason text;
create index role_grant_project on role_grant (project_ref) where project_ref is not null;
create index role_grant_end on role_grant (valid_to) where valid_to is not null;

create table default_project (
  principal_id uuid not null references principal on delete cascade,
  workspace_ref uuid not null references workspace,
  project_ref uuid not null references project on delete cascade,
  primary key (principal_id, workspace_ref)
);

create table device (
  id uuid primary key,
  organization_id uuid not null references organization,
  workspace_ref uuid not null references workspace,
  client_id uuid not null,
  principal_id uuid references principal on delete cascade,
  status text not null check (status in ('pending', 'verified', 'active', 'locked')),
  user_code_hmac bytea,
  device_code_hmac bytea,
  codes_expire_at timestamptz,
  failed_attempts integer not null default 0,
  interval_s integer not null default 5,
  last_poll_at timestamptz,
  refused_at timestamptz,
  is_trusted boolean not null default false,
  generation integer not null default 0,
  expires_at timestamptz,
  address text,
  host_name text,
  os text,
  python_version text,
  client_version text,
  approved_at timestamptz,
  approved_address text,
  last_used_at timestamptz,
  last_used_address text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  locked_by uuid
);
-- Whoever asks for codes in a client's name gets a new row once the one before is locked: the lock stays.
create unique index device_client on device (workspace_ref, client_id) where status <> 'locked';
create index device_principal on device (principal_id, created_at desc, id desc);
create index device_pending on device (codes_expire_at) where status = 'pending';
create index device_address on device (workspace_ref, address) where status = 'pending';

create table personal_token (
  id uuid primary key,
  organization_id uuid not null references organization,
  principal_id uuid not null references principal on delete cascade,
  name text not null,
  secret_hmac bytea not null,
  scopes text[],
  workspace_ref uuid references workspace,
  project_ref uuid references project on delete cascade,
  generation integer not null default 0,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_used_at timestamptz,
  last_used_address text,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create unique index personal_token_name on personal_token (principal_id, lower(name)) where revoked_at is null;
create index personal_token_principal on personal_token (principal_id, created_at desc, id desc);

create table invitation (
  id uuid primary key,
  organization_id uuid not null references organization,
  token_sha256 bytea not null unique,
  email text not null,
  full_name text not null default '',
  role text not null,
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid references workspace,
  project_ref uuid references project on delete cascade,
  grant_until timestamptz,
  note text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  mailed_at timestamptz,
  accepted_at timestamptz,
  accepted_by uuid references principal,
  revoked_at timestamptz,
  check ((scope_kind = 'organization') = (workspace_ref is null)),
  check ((scope_kind = 'project') = (project_ref is not null))
);
create index invitation_open on invitation (organization_id, created_at desc, id desc);
create index invitation_email on invitation (organization_id, lower(email));

create table one_use_link (
  token_sha256 bytea primary key,
  principal_id uuid not null references principal on delete cascade,
  purpose text not null check (purpose in ('emergency', 'password', 'activation')),
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);
create index one_use_link_principal on one_use_link (principal_id, purpose);
create index one_use_link_expiry on one_use_link (expires_at);

create table access_request (
  id uuid primary key,
  organization_id uuid not null references organization,
  principal_id uuid not null references principal on delete cascade,
  role text not null,
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid references workspace,
  project_ref uuid references project on delete cascade,
  permission text,
  thing text,
  reason text not null,
  grant_until timestamptz,
  state text not null default 'open' check (state in ('open', 'granted', 'refused', 'withdrawn', 'expired')),
  decided_by uuid,
  decided_at timestamptz,
  comment text,
  grant_id uuid references role_grant,
  expires_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  check ((scope_kind = 'organization') = (workspace_ref is null)),
  check ((scope_kind = 'project') = (project_ref is not null))
);
create unique index access_request_open on access_request
  (principal_id, role, coalesce(project_ref, workspace_ref, organization_id)) where state = 'open';
create index access_request_place on access_request (organization_id, workspace_ref, created_at desc, id desc);
create index access_request_principal on access_request (principal_id, created_at desc, id desc);

create table saved_view (
  id uuid primary key,
  organization_id uuid not null references organization,
  workspace_ref uuid references workspace,
  project_ref uuid references project on delete cascade,
  list text not null,
  name text not null,
  query text not null,
  is_shared boolean not null default false,
  created_by uuid not null references principal on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create unique index saved_view_name on saved_view
  (list, coalesce(project_ref, workspace_ref, organization_id), (case when is_shared then organization_id else created_by end), lower(name));

-- The palette finds runs by their first letters. Only leakproof comparisons reach an index below row-level security: no lower(), no like.
create index run_prefix on run (workspace_id, name collate "C");
create index run_code on run (workspace_id, code_digest) where code_digest is not null;

create index principal_home on principal (home_workspace_id) where home_workspace_id is not null;
create index principal_list on principal (organization_id, created_at desc, id desc);
create index api_key_principal on api_key (principal_id, created_at desc, id desc);
create index component_list on component (workspace_id, type, created_at desc, id desc);
create index component_flavor on component (flavor_id);
create index stack_list on stack (workspace_id, created_at desc, id desc);
create index run_stack on run (stack_id, created_at desc, id desc) where stack_id is not null;
create index snapshot_stack on snapshot (stack_id) where stack_id is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
