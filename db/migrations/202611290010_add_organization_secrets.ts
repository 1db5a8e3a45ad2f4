import { type Kysely, sql } from "kysely";

// Secrets of the whole organization (decision 45). The value is kept once, here. In each workspace that may use it stands a placement: a row of
// `secret` that names it, has no owner and no versions of its own. A placement that is taken away is closed, and opened again when it is given back.

const CHANGES = `
create table organization_secret (
  id uuid primary key,
  organization_id uuid not null references organization,
  name text not null,
  kind text not null default 'generic',
  description text not null default '',
  everywhere boolean not null default false,
  version integer not null default 1,
  key_names text[] not null,
  expires_at timestamptz,
  rotated_at timestamptz not null default clock_timestamp(),
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  deleted_at timestamptz,
  deleted_by uuid
);
create unique index organization_secret_name on organization_secret (organization_id, name) where deleted_at is null;

create table organization_secret_version (
  secret_id uuid not null references organization_secret on delete cascade,
  version integer not null,
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
create index organization_secret_version_master_key on organization_secret_version (master_key_id) where sealed is not null;

alter table secret add column organization_secret_id uuid references organization_secret,
  add constraint secret_placement check (organization_secret_id is null or (private_to is null and project_id is null and created_by is null));
drop index secret_public_name;
create unique index secret_public_name on secret (workspace_id, name)
  where private_to is null and project_id is null and organization_secret_id is null and deleted_at is null;
create unique index secret_placement_once on secret (organization_secret_id, workspace_id) where organization_secret_id is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
