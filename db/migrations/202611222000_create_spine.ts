import { type Kysely, sql } from "kysely";

// The first schema: organization → workspace → project, identity, the audit trail and everything a pipeline run writes.
// Every table with workspace_id is under row-level security on the setting reeve.workspaces (a comma separated list of ids).

const TABLES = `
create table organization (
  id uuid primary key,
  name text not null,
  time_zone text not null default 'UTC',
  allow_networks text[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

create table workspace (
  id uuid primary key,
  organization_id uuid not null references organization,
  slug text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,62}$'),
  display_name text not null,
  description text not null default '',
  state text not null default 'active' check (state in ('active', 'suspended', 'deleted')),
  allow_networks text[] not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);

create table project (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  display_name text not null,
  description text not null default '',
  run_number bigint not null default 0,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (workspace_id, name)
);

create table principal (
  id uuid primary key,
  organization_id uuid not null references organization,
  kind text not null check (kind in ('user', 'service_account')),
  home_workspace_id uuid references workspace,
  name text not null,
  email text,
  full_name text not null default '',
  description text not null default '',
  active boolean not null default true,
  ended_by text check (ended_by in ('person', 'directory', 'setup')),
  ended_at timestamptz,
  epoch integer not null default 0,
  preferences jsonb not null default '{}',
  last_seen_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  check ((kind = 'user') = (email is not null))
);
create unique index principal_email on principal (organization_id, lower(email)) where email is not null;
create unique index principal_name on principal (organization_id, coalesce(home_workspace_id, organization_id), lower(name));

create table local_password (
  principal_id uuid primary key references principal on delete cascade,
  hash text not null,
  changed_at timestamptz not null default clock_timestamp()
);

create table session (
  id uuid primary key,
  principal_id uuid not null references principal on delete cascade,
  token_sha256 bytea not null unique,
  address text,
  user_agent text,
  created_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index session_principal on session (principal_id);
create index session_expiry on session (expires_at);

create table api_key (
  id uuid primary key,
  organization_id uuid not null references organization,
  principal_id uuid not null references principal on delete cascade,
  name text not null,
  description text not null default '',
  secret_hmac bytea not null,
  previous_hmac bytea,
  previous_until timestamptz,
  retain_period_minutes integer not null default 0,
  generation integer not null default 0,
  active boolean not null default true,
  expires_at timestamptz,
  last_login_at timestamptz,
  last_rotated_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (principal_id, name)
);

create table role_grant (
  id uuid primary key,
  organization_id uuid not null references organization,
  principal_id uuid not null references principal on delete cascade,
  role text not null,
  effect text not null default 'allow' check (effect in ('allow', 'deny')),
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid references workspace,
  project_ref uuid references project,
  source text not null check (source in ('setup', 'person', 'group_rule', 'scim', 'request')),
  valid_from timestamptz not null default clock_timestamp(),
  valid_to timestamptz,
  ended_by text check (ended_by in ('person', 'directory', 'setup')),
  opened_request_id text,
  closed_request_id text,
  created_by uuid,
  check ((scope_kind = 'organization') = (workspace_ref is null)),
  check ((scope_kind = 'project') = (project_ref is not null))
);
create index role_grant_principal on role_grant (principal_id) where valid_to is null;
create index role_grant_workspace on role_grant (workspace_ref);

create table throttle (
  key text primary key,
  failures integer not null default 0,
  first_at timestamptz not null default clock_timestamp(),
  blocked_until timestamptz,
  reported_at timestamptz
);

create table setup_secret (
  sha256 bytea primary key,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);

create table setup_applied (
  sha256 bytea primary key,
  applied_at timestamptz not null default clock_timestamp()
);

create table installation (
  singleton boolean primary key default true check (singleton),
  server_id uuid not null,
  created_at timestamptz not null default clock_timestamp()
);

create table audit_head (
  organization_id uuid primary key references organization,
  last_seq bigint not null default 0
);

create table audit_entry (
  organization_id uuid not null references organization,
  seq bigint not null,
  workspace_id uuid,
  project_ref uuid,
  at timestamptz not null,
  actor_id uuid,
  actor_kind text not null,
  actor_name text not null,
  on_behalf_of uuid,
  on_behalf_of_name text,
  credential_kind text not null,
  credential_id text,
  credential_label text,
  origin text not null,
  claimed jsonb,
  request_id text not null,
  client_request_id text,
  address text,
  action text not null,
  target_type text not null,
  target_id text,
  target_name text,
  outcome text not null check (outcome in ('allowed', 'denied', 'failed')),
  reason text,
  count integer not null default 1,
  before jsonb,
  after jsonb,
  primary key (organization_id, seq)
);
create index audit_entry_workspace on audit_entry (workspace_id, seq desc);
create index audit_entry_actor on audit_entry (actor_id, seq desc);
create index audit_entry_target on audit_entry (target_id, seq desc);
create index audit_entry_at on audit_entry (organization_id, at desc, seq desc);
create index audit_entry_action on audit_entry (organization_id, action, seq desc);
create index audit_entry_denied on audit_entry (organization_id, seq desc) where outcome <> 'allowed';

create table outbox (
  id bigint generated always as identity primary key,
  workspace_id uuid,
  topic text not null,
  payload jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  available_at timestamptz not null default clock_timestamp(),
  attempts integer not null default 0,
  leased_until timestamptz,
  lease_token uuid,
  last_error text
);
create index outbox_ready on outbox (available_at, id);

create table idempotency (
  credential_id text not null,
  key text not null,
  method text not null,
  path text not null,
  body_sha256 bytea not null,
  status integer,
  sealed_answer bytea,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  primary key (credential_id, key)
);
create index idempotency_expiry on idempotency (expires_at);

create table document (
  workspace_id uuid not null references workspace,
  sha256 bytea not null,
  body text not null,
  primary key (workspace_id, sha256)
);

create table flavor (
  id uuid primary key,
  workspace_id uuid references workspace,
  name text not null,
  type text not null,
  display_name text not null,
  integration text,
  source text not null,
  config_schema jsonb not null,
  connector_type text,
  connector_resource_type text,
  connector_resource_id_attr text,
  logo_url text,
  docs_url text,
  sdk_docs_url text,
  is_custom boolean not null default false,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create unique index flavor_name on flavor (coalesce(workspace_id, '00000000-0000-0000-0000-000000000000'), type, name);

create table component (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  type text not null,
  flavor_id uuid not null references flavor,
  configuration jsonb not null default '{}',
  environment jsonb not null default '{}',
  labels jsonb,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (workspace_id, type, name)
);

create table stack (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  description text not null default '',
  stack_spec_path text,
  environment jsonb not null default '{}',
  labels jsonb,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (workspace_id, name)
);

create table stack_component (
  workspace_id uuid not null references workspace,
  stack_id uuid not null references stack on delete cascade,
  component_id uuid not null references component,
  position integer not null default 0,
  primary key (stack_id, component_id)
);
create index stack_component_component on stack_component (component_id);

create table pipeline (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  name text not null,
  description text,
  run_index bigint not null default 0,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (project_id, name)
);

create table snapshot (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  pipeline_id uuid not null references pipeline on delete cascade,
  stack_id uuid references stack on delete set null,
  name text,
  description text,
  run_name_template text not null,
  is_dynamic boolean not null default false,
  step_count integer not null default 0,
  client_version text,
  server_version text,
  pipeline_version_hash text,
  code_path text,
  code_sha256 bytea,
  source_code_sha256 bytea,
  pipeline_configuration_sha256 bytea not null,
  client_environment_sha256 bytea not null,
  python_packages_sha256 bytea,
  pipeline_spec_sha256 bytea,
  request_id text,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index snapshot_pipeline on snapshot (pipeline_id, created_at desc);
create index snapshot_project on snapshot (project_id, created_at desc, id desc);
create unique index snapshot_name on snapshot (pipeline_id, name) where name is not null;

create table snapshot_step (
  workspace_id uuid not null references workspace,
  snapshot_id uuid not null references snapshot on delete cascade,
  name text not null,
  position integer not null,
  upstream text[] not null default '{}',
  body_sha256 bytea not null,
  primary key (snapshot_id, name)
);

create table model (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  name text not null,
  license text, description text, audience text, use_cases text, limitations text, trade_offs text, ethics text,
  save_models_to_registry boolean not null default true,
  version_number integer not null default 0,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (project_id, name)
);

create table model_version (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  model_id uuid not null references model on delete cascade,
  number integer not null,
  name text not null,
  description text,
  stage text check (stage in ('staging', 'production', 'archived')),
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (model_id, number),
  unique (model_id, name)
);
create index model_version_project on model_version (project_id, created_at desc, id desc);
create unique index model_version_stage on model_version (model_id, stage) where stage in ('staging', 'production');

create table model_stage_interval (
  workspace_id uuid not null references workspace,
  model_version_id uuid not null references model_version on delete cascade,
  stage text not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  opened_request_id text not null,
  closed_request_id text,
  primary key (model_version_id, stage, valid_from)
);

create table run (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  pipeline_id uuid references pipeline on delete cascade,
  snapshot_id uuid not null references snapshot on delete cascade,
  stack_id uuid references stack on delete set null,
  model_version_id uuid references model_version on delete set null,
  name text not null,
  number bigint not null,
  index bigint not null,
  status text not null,
  status_reason text,
  in_progress boolean not null,
  is_dynamic boolean not null default false,
  orchestrator_run_id text,
  orchestrator_environment_sha256 bytea,
  python_packages_sha256 bytea,
  trigger_info jsonb,
  exception_info jsonb,
  enable_heartbeat boolean not null default false,
  start_time timestamptz not null default clock_timestamp(),
  end_time timestamptz,
  duration_s double precision generated always as (extract(epoch from (end_time - start_time))) stored,
  code_digest text,
  origin text not null,
  credential_kind text not null,
  credential_id text,
  claimed jsonb,
  request_id text not null,
  created_by uuid not null,
  on_behalf_of uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (project_id, name)
);
create unique index run_orchestrator on run (snapshot_id, orchestrator_run_id) where orchestrator_run_id is not null;
create unique index run_number on run (project_id, number);
create index run_created on run (project_id, created_at desc, id desc);
create index run_started on run (project_id, start_time desc, id desc);
create index run_status on run (project_id, status, created_at desc, id desc);
create index run_pipeline on run (pipeline_id, created_at desc, id desc);
create index run_creator on run (project_id, created_by, created_at desc, id desc) include (workspace_id);
create index run_model_version on run (model_version_id) where model_version_id is not null;
create index run_duration on run (project_id, duration_s, id);
create index run_duration_down on run (project_id, duration_s desc nulls last, id desc);
create index run_progress on run (workspace_id) where in_progress;

create table step_run (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  run_id uuid not null references run on delete cascade,
  snapshot_id uuid not null,
  name text not null,
  version integer not null default 1,
  is_retriable boolean not null default false,
  type text,
  status text not null,
  start_time timestamptz,
  end_time timestamptz,
  cache_key text,
  cache_expires_at timestamptz,
  code_hash text,
  docstring text,
  source_code_sha256 bytea,
  body_sha256 bytea not null,
  exception_info jsonb,
  original_step_run_id uuid,
  model_version_id uuid references model_version on delete set null,
  heartbeat_threshold integer,
  latest_heartbeat_at timestamptz,
  request_id text not null,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (run_id, name, version)
);
create index step_run_cache on step_run (project_id, cache_key, created_at desc) where cache_key is not null;
create index step_run_created on step_run (project_id, created_at desc, id desc);

create table step_run_parent (
  workspace_id uuid not null references workspace,
  step_run_id uuid not null references step_run on delete cascade,
  parent_id uuid not null references step_run on delete cascade,
  primary key (step_run_id, parent_id)
);

create table artifact (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  name text not null,
  has_custom_name boolean not null default false,
  version_number integer not null default 0,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (project_id, name)
);

create table artifact_version (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  artifact_id uuid not null references artifact on delete cascade,
  version text not null,
  version_number integer,
  uri text not null,
  type text not null,
  materializer jsonb not null,
  data_type jsonb not null,
  save_type text not null,
  content_hash text,
  item_count bigint,
  artifact_store_id uuid references component on delete set null,
  producer_step_run_id uuid,
  producer_run_id uuid,
  request_id text not null,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (artifact_id, version)
);
create index artifact_version_created on artifact_version (project_id, created_at desc, id desc);
create index artifact_version_artifact on artifact_version (artifact_id, created_at desc, id desc);
create index artifact_version_producer on artifact_version (producer_run_id) where producer_run_id is not null;

create table artifact_visualization (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  artifact_version_id uuid not null references artifact_version on delete cascade,
  type text not null,
  uri text not null,
  created_at timestamptz not null default clock_timestamp()
);
create index artifact_visualization_version on artifact_visualization (artifact_version_id);

create table step_run_input (
  workspace_id uuid not null references workspace,
  step_run_id uuid not null references step_run on delete cascade,
  name text not null,
  artifact_version_id uuid not null references artifact_version on delete cascade,
  type text not null default 'step_output',
  position integer not null default 0,
  primary key (step_run_id, name, artifact_version_id)
);
create index step_run_input_artifact on step_run_input (artifact_version_id);

create table step_run_output (
  workspace_id uuid not null references workspace,
  step_run_id uuid not null references step_run on delete cascade,
  name text not null,
  artifact_version_id uuid not null references artifact_version on delete cascade,
  position integer not null default 0,
  primary key (step_run_id, name, artifact_version_id)
);
create index step_run_output_artifact on step_run_output (artifact_version_id);

create table model_version_artifact (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  model_version_id uuid not null references model_version on delete cascade,
  artifact_version_id uuid not null references artifact_version on delete cascade,
  created_by uuid,
  request_id text,
  created_at timestamptz not null default clock_timestamp(),
  unique (model_version_id, artifact_version_id)
);
create index model_version_artifact_artifact on model_version_artifact (artifact_version_id);

create table model_version_run (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  model_version_id uuid not null references model_version on delete cascade,
  run_id uuid not null references run on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  unique (model_version_id, run_id)
);
create index model_version_run_run on model_version_run (run_id);

create table tag (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  name text not null,
  color text not null,
  exclusive boolean not null default false,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (workspace_id, name)
);

create table tag_resource (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  tag_id uuid not null references tag on delete cascade,
  resource_id uuid not null,
  resource_type text not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (resource_id, tag_id)
);
create index tag_resource_tag on tag_resource (tag_id, resource_type);

create table metadata_entry (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  resource_type text not null,
  resource_id uuid not null,
  key text not null,
  value text not null,
  value_number double precision,
  type text not null,
  publisher_step_id uuid,
  request_id text,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp()
);
create index metadata_entry_resource on metadata_entry (resource_id, key, created_at desc);
create index metadata_entry_key on metadata_entry (project_id, resource_type, key, value_number);

create table log_record (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  source text not null,
  uri text,
  artifact_store_id uuid,
  log_store_id uuid,
  run_id uuid references run on delete cascade,
  step_run_id uuid references step_run on delete cascade,
  request_id text,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create index log_record_run on log_record (run_id) where run_id is not null;
create index log_record_step on log_record (step_run_id) where step_run_id is not null;

create table entity_count (
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  kind text not null,
  slot smallint not null,
  total bigint not null default 0,
  primary key (project_id, kind, slot)
);
`;

// Appends to the trail in one statement: the head row is locked from here to the commit, so the sequence has no gaps and
// no two writers hold the same number. Only this function may write; the app role has no INSERT on either table.
const FUNCTIONS = `
create function workspaces_in_scope() returns uuid[] language sql stable parallel safe as
$$ select coalesce(string_to_array(nullif(current_setting('reeve.workspaces', true), ''), ',')::uuid[], '{}'::uuid[]) $$;

create function append_audit(p_organization uuid, p_entries jsonb) returns bigint
language plpgsql security definer set search_path = reeve, pg_temp as $$
declare first_seq bigint; n integer := jsonb_array_length(p_entries);
begin
  update audit_head set last_seq = last_seq + n where organization_id = p_organization returning last_seq - n into first_seq;
  if first_seq is null then raise exception 'organization % has no audit trail', p_organization; end if;
  insert into audit_entry (organization_id, seq, workspace_id, project_ref, at, actor_id, actor_kind, actor_name, on_behalf_of, on_behalf_of_name,
    credential_kind, credential_id, credential_label, origin, claimed, request_id, client_request_id, address, action, target_type,
    target_id, target_name, outcome, reason, count, before, after)
  select p_organization, first_seq + e.ord, (j->>'workspace_id')::uuid, (j->>'project_id')::uuid, clock_timestamp(),
    (j->>'actor_id')::uuid, j->>'actor_kind', j->>'actor_name', (j->>'on_behalf_of')::uuid, j->>'on_behalf_of_name',
    j->>'credential_kind', j->>'credential_id', j->>'credential_label', j->>'origin', nullif(j->'claimed', 'null'::jsonb),
    j->>'request_id', j->>'client_request_id', j->>'address', j->>'action', j->>'target_type', j->>'target_id', j->>'target_name',
    j->>'outcome', j->>'reason', coalesce((j->>'count')::integer, 1), nullif(j->'before', 'null'::jsonb), nullif(j->'after', 'null'::jsonb)
  from jsonb_array_elements(p_entries) with ordinality as e(j, ord);
  return first_seq + n;
end $$;

create function start_audit_trail() returns trigger language plpgsql security definer set search_path = reeve, pg_temp as
$$ begin insert into audit_head (organization_id) values (new.id); return new; end $$;
create trigger organization_audit after insert on organization for each row execute function start_audit_trail();

create function keep_audit() returns trigger language plpgsql as
$$ begin raise exception 'the audit trail is append-only'; end $$;
create trigger audit_entry_append_only before update or delete or truncate on audit_entry for each statement execute function keep_audit();

create function workload_run(p_run uuid, p_grace interval) returns table (workspace_id uuid, project_id uuid, alive boolean)
language sql stable security definer set search_path = reeve, pg_temp as
$$ select r.workspace_id, r.project_id, r.in_progress or r.end_time is null or r.end_time > clock_timestamp() - p_grace from run r where r.id = p_run $$;

create function forget_gone() returns trigger language plpgsql as $$
begin
  delete from tag_resource using gone where tag_resource.resource_id = gone.id;
  delete from metadata_entry using gone where metadata_entry.resource_id = gone.id;
  return null;
end $$;

create function count_rows() returns trigger language plpgsql security definer set search_path = reeve, pg_temp as $$
begin
  if tg_op = 'INSERT' then
    insert into entity_count as c (workspace_id, project_id, kind, slot, total)
      select workspace_id, project_id, tg_argv[0], pg_backend_pid() % 8, count(*) from changed group by 1, 2
      on conflict (project_id, kind, slot) do update set total = c.total + excluded.total;
  else
    insert into entity_count as c (workspace_id, project_id, kind, slot, total)
      select workspace_id, project_id, tg_argv[0], pg_backend_pid() % 8, -count(*) from changed group by 1, 2
      on conflict (project_id, kind, slot) do update set total = c.total + excluded.total;
  end if;
  return null;
end $$;
`;

/** Whose tags and metadata refer to them by id alone: they go with the thing, whatever deleted it. */
const DESCRIBED = ["run", "step_run", "artifact", "artifact_version", "model", "model_version", "pipeline", "snapshot"];
const COUNTED = ["run", "step_run", "artifact", "artifact_version", "model", "model_version", "pipeline", "snapshot"];

// The policy wraps the function in a scalar sub-select, so that it is evaluated once per statement and not per row.
const SECURITY = `
do $$ declare t record; begin
  for t in select c.table_name, (select is_nullable from information_schema.columns n where n.table_schema = 'reeve' and n.table_name = c.table_name and n.column_name = 'workspace_id') as nullable
           from information_schema.columns c join information_schema.tables b using (table_schema, table_name)
           where c.table_schema = 'reeve' and c.column_name = 'workspace_id' and b.table_type = 'BASE TABLE'
  loop
    execute format('alter table reeve.%I enable row level security', t.table_name);
    execute format('create policy in_scope on reeve.%I using (%s workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]))',
      t.table_name, case when t.nullable = 'YES' then 'workspace_id is null or' else '' end);
  end loop;
end $$;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create schema if not exists reeve`.execute(db);
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
  await sql.raw(FUNCTIONS).execute(db);
  for (const table of COUNTED)
    await sql
      .raw(`
    create trigger ${table}_added after insert on ${table} referencing new table as changed for each statement execute function count_rows('${table}');
    create trigger ${table}_removed after delete on ${table} referencing old table as changed for each statement execute function count_rows('${table}');`)
      .execute(db);
  for (const table of DESCRIBED)
    await sql
      .raw(`create trigger ${table}_gone after delete on ${table} referencing old table as gone for each statement execute function forget_gone()`)
      .execute(db);
  await sql.raw(SECURITY).execute(db);
}
