import { type Kysely, sql } from "kysely";

// Rules of the set-up file whose group the directory has not sent yet. Each becomes a rule in the transaction in which the group comes.

const TABLES = `
create table waiting_group_rule (
  id uuid primary key,
  organization_id uuid not null references organization,
  directory_id uuid not null references directory on delete cascade,
  group_name text not null,
  role text,
  team_id uuid references team,
  scope_kind text not null check (scope_kind in ('organization', 'workspace', 'project')),
  workspace_ref uuid references workspace,
  project_ref uuid references project on delete cascade,
  created_at timestamptz not null default clock_timestamp(),
  withdrawn_at timestamptz,
  withdrawn_by uuid,
  check ((role is null) <> (team_id is null)),
  check ((scope_kind = 'organization') = (workspace_ref is null)),
  check ((scope_kind = 'project') = (project_ref is not null))
);
create index waiting_group_rule_of on waiting_group_rule (directory_id, lower(group_name));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
