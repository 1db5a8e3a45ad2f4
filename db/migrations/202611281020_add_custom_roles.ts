import { type Kysely, sql } from "kysely";

// Roles of an organization's own: each is a clone of a role of the permission table with rights of its own. Its rights are revisions, intervals
// that are opened and ended, so that what somebody could do at a moment stays true. A name is never used again: grants carry it.

const TABLES = `
create table custom_role (
  organization_id uuid not null references organization,
  name text not null,
  base text not null,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (organization_id, name)
);

create table custom_role_revision (
  organization_id uuid not null,
  role text not null,
  number integer not null,
  summary text not null,
  rights jsonb not null,
  valid_from timestamptz not null default clock_timestamp(),
  valid_to timestamptz,
  created_by uuid,
  request_id text not null,
  primary key (organization_id, role, number),
  foreign key (organization_id, role) references custom_role
);
create unique index custom_role_revision_current on custom_role_revision (organization_id, role) where valid_to is null;
create index role_grant_role on role_grant (organization_id, role) where valid_to is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
