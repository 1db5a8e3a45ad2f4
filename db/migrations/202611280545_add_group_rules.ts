import { type Kysely, sql } from "kysely";

// Rules that turn a directory's group into a role. A rule names the group by id, so that a new name changes nothing and a group that is
// gone gives nothing. What a rule gives are grants like all others, each with the rule that it came from.

const TABLES = `
create table group_rule (
  id uuid primary key,
  organization_id uuid not null references organization,
  group_id uuid not null references directory_group,
  role text not null,
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid references workspace,
  project_ref uuid references project,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  check ((scope_kind = 'organization') = (workspace_ref is null)),
  check ((scope_kind = 'project') = (project_ref is not null))
);
create unique index group_rule_once on group_rule (group_id, role, coalesce(project_ref, workspace_ref, organization_id)) where ended_at is null;
create index group_rule_organization on group_rule (organization_id, created_at, id) where ended_at is null;

alter table role_grant add column group_rule_id uuid references group_rule;
create index role_grant_group_rule on role_grant (group_rule_id) where group_rule_id is not null;
create unique index role_grant_by_rule on role_grant (group_rule_id, principal_id) where group_rule_id is not null and valid_to is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
