import { type Kysely, sql } from "kysely";

// Teams: people who hold the same roles. Members and grants of a team are intervals, opened and ended and never edited. What a team's grant
// gives a member is a grant like all others, with the team's grant that it came from. A group rule fills a team or gives a role.

const TABLES = `
create table team (
  id uuid primary key,
  organization_id uuid not null references organization,
  name text not null,
  description text not null default '',
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz
);
create unique index team_name on team (organization_id, lower(name)) where ended_at is null;

create table team_member (
  id uuid primary key,
  team_id uuid not null references team,
  principal_id uuid not null references principal on delete cascade,
  group_rule_id uuid references group_rule,
  source text not null check (source in ('setup', 'person', 'group_rule')),
  since timestamptz not null default clock_timestamp(),
  until timestamptz,
  ended_by text check (ended_by in ('person', 'directory', 'setup')),
  created_by uuid,
  opened_request_id text,
  closed_request_id text,
  check ((source = 'group_rule') = (group_rule_id is not null))
);
create unique index team_member_by_hand on team_member (team_id, principal_id) where group_rule_id is null and until is null;
create unique index team_member_by_rule on team_member (group_rule_id, principal_id) where group_rule_id is not null and until is null;
create index team_member_team on team_member (team_id, principal_id) where until is null;
create index team_member_principal on team_member (principal_id) where until is null;

create table team_grant (
  id uuid primary key,
  organization_id uuid not null references organization,
  team_id uuid not null references team,
  role text not null,
  effect text not null default 'allow' check (effect in ('allow', 'deny')),
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid references workspace,
  project_ref uuid references project,
  source text not null check (source in ('setup', 'person')),
  reason text,
  valid_from timestamptz not null default clock_timestamp(),
  valid_to timestamptz,
  ended_by text check (ended_by in ('person', 'directory', 'setup')),
  created_by uuid,
  opened_request_id text,
  closed_request_id text,
  check ((scope_kind = 'organization') = (workspace_ref is null)),
  check ((scope_kind = 'project') = (project_ref is not null))
);
create index team_grant_team on team_grant (team_id);
create index team_grant_workspace on team_grant (workspace_ref) where workspace_ref is not null;
create index team_grant_project on team_grant (project_ref) where project_ref is not null;

alter table role_grant add column team_grant_id uuid references team_grant;
create index role_grant_team_grant on role_grant (team_grant_id, principal_id) where team_grant_id is not null;
alter table role_grant drop constraint role_grant_source_check;
alter table role_grant add constraint role_grant_source_check check (source in ('setup', 'person', 'group_rule', 'scim', 'request', 'team'));

alter table group_rule add column team_id uuid references team;
alter table group_rule alter column role drop not null;
alter table group_rule add constraint group_rule_gives_one check ((role is null) <> (team_id is null));
create unique index group_rule_team_once on group_rule (group_id, team_id) where ended_at is null and team_id is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
