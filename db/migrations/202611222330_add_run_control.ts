import { type Kysely, sql } from "kysely";

// What a dynamic run asks a person, and the answer. A run has at most one open question; an answer is given once.

const TABLES = `
create table wait_condition (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project,
  run_id uuid not null references run on delete cascade,
  name text not null,
  type text not null check (type in ('external_input')),
  question text,
  data_schema text,
  metadata text not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'resolved')),
  resolution text check (resolution in ('continue', 'abort')),
  result text,
  poller_id text,
  poller_lease_until timestamptz,
  last_polled_at timestamptz,
  resolved_at timestamptz,
  resolved_by uuid,
  request_id text not null,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (run_id, name),
  check ((status = 'resolved') = (resolution is not null))
);
create unique index wait_condition_open on wait_condition (run_id) where status = 'pending';
create index wait_condition_list on wait_condition (project_id, created_at desc, id desc);
alter table wait_condition enable row level security;
create policy in_scope on wait_condition using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
