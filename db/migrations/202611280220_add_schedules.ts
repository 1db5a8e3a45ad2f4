import { type Kysely, sql } from "kysely";

// Schedules that a client hands to an orchestrator: Reeve keeps what was planned, so that a run can be held against its slot.

const TABLES = `
create table schedule (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  pipeline_id uuid references pipeline on delete cascade,
  orchestrator_id uuid references component on delete set null,
  name text not null,
  active boolean not null default true,
  cron_expression text,
  start_time timestamptz,
  end_time timestamptz,
  interval_s double precision check (interval_s > 0),
  catchup boolean not null default false,
  run_once_start_time timestamptz,
  is_archived boolean not null default false,
  request_id text not null,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp()
);
create unique index schedule_name on schedule (project_id, name) where not is_archived;
create index schedule_list on schedule (project_id, created_at desc, id desc);
create index schedule_pipeline on schedule (pipeline_id) where pipeline_id is not null;
alter table schedule enable row level security;
create policy in_scope on schedule using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
alter table snapshot add column schedule_id uuid references schedule on delete set null;
create index snapshot_schedule on snapshot (schedule_id) where schedule_id is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
