import { type Kysely, sql } from "kysely";

// Acts on many things at once: the job with whose power it runs, and a row per thing with what came of it. The things are fixed when the job
// is asked for, by id and name, so that its result says what they were after they are gone.

const TABLES = `
create table bulk_job (
  id uuid primary key,
  workspace_id uuid not null references workspace,
  project_id uuid not null references project on delete cascade,
  list text not null,
  act text not null check (act in ('tag', 'untag', 'stop', 'delete')),
  settings jsonb not null default '{}',
  filters jsonb,
  state text not null default 'queued' check (state in ('queued', 'running', 'completed', 'cancelled', 'halted')),
  reason text,
  total integer not null,
  done integer not null default 0,
  unchanged integer not null default 0,
  refused integer not null default 0,
  failed integer not null default 0,
  credential_kind text not null,
  credential_id text not null,
  credential_label text not null,
  limits jsonb,
  epoch integer not null,
  origin text not null,
  address text,
  request_id text not null,
  created_by uuid not null,
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  ended_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  check ((state in ('queued', 'running')) = (ended_at is null))
);
create index bulk_job_list on bulk_job (workspace_id, created_at desc, id desc);
create index bulk_job_open on bulk_job (created_by) where ended_at is null;

create table bulk_item (
  id uuid primary key default gen_random_uuid(),
  workspace_id uuid not null references workspace,
  job_id uuid not null references bulk_job on delete cascade,
  position integer not null,
  thing_id uuid not null,
  name text not null,
  outcome text not null default 'waiting' check (outcome in ('waiting', 'done', 'unchanged', 'refused', 'failed')),
  reason text,
  done_at timestamptz,
  unique (job_id, position),
  unique (job_id, thing_id)
);
create index bulk_item_outcome on bulk_item (job_id, outcome, position);

alter table bulk_job enable row level security;
create policy in_scope on bulk_job using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
alter table bulk_item enable row level security;
create policy in_scope on bulk_item using (workspace_id = any ((select reeve.workspaces_in_scope())::uuid[]));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
