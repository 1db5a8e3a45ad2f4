import { type Kysely, sql } from "kysely";

// Directories that provision people and groups (SCIM 2.0): what each one last said, beside the accounts it speaks for. Rows of people and
// groups are never deleted: what was removed keeps out who signs in later (a tombstone).

const TABLES = `
create table directory (
  id uuid primary key,
  organization_id uuid not null references organization,
  slug text not null,
  name text not null,
  provider text not null check (provider in ('okta', 'entra', 'other')),
  active boolean not null default true,
  silent_after_hours integer not null default 48 check (silent_after_hours between 1 and 8760),
  last_event_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (organization_id, slug)
);

create table directory_token (
  id uuid primary key,
  directory_id uuid not null references directory on delete cascade,
  secret_sha256 bytea not null unique,
  ending text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  last_used_address text,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp()
);
create index directory_token_directory on directory_token (directory_id);

create table directory_user (
  id uuid primary key,
  directory_id uuid not null references directory,
  principal_id uuid not null references principal,
  user_name text not null,
  external_id text,
  active boolean not null,
  attributes jsonb not null default '{}',
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz
);
create unique index directory_user_name on directory_user (directory_id, lower(user_name)) where deleted_at is null;
create index directory_user_external on directory_user (directory_id, external_id) where deleted_at is null;
create index directory_user_list on directory_user (directory_id, created_at, id) where deleted_at is null;
create index directory_user_principal on directory_user (principal_id);

create table directory_group (
  id uuid primary key,
  directory_id uuid not null references directory,
  display_name text not null,
  external_id text,
  version integer not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz
);
create unique index directory_group_name on directory_group (directory_id, lower(display_name)) where deleted_at is null;
create index directory_group_list on directory_group (directory_id, created_at, id) where deleted_at is null;

create table directory_member (
  group_id uuid not null references directory_group,
  user_id uuid not null references directory_user,
  created_at timestamptz not null default clock_timestamp(),
  primary key (group_id, user_id)
);
create index directory_member_user on directory_member (user_id);

create table directory_request (
  id uuid primary key,
  directory_id uuid not null references directory,
  at timestamptz not null default clock_timestamp(),
  method text not null,
  subject text not null,
  status integer not null,
  duration_ms double precision not null,
  detail text,
  body jsonb,
  address text,
  request_id text not null
);
create index directory_request_list on directory_request (directory_id, at desc, id desc);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
