import { type Kysely, sql } from "kysely";

// What directories took away, person by person, and what of it waits for a System Admin because it was too much at once.

const TABLES = `
alter table directory
  add column hold_percent integer not null default 20 check (hold_percent between 1 and 100),
  add column silent_alarmed_at timestamptz;

create table directory_hold (
  id uuid primary key,
  directory_id uuid not null references directory,
  at timestamptz not null default clock_timestamp(),
  people integer not null,
  ended_before integer not null,
  most integer not null,
  decision text check (decision in ('applied', 'discarded', 'withdrawn')),
  decided_at timestamptz,
  decided_by uuid references principal,
  check ((decision is null) = (decided_at is null))
);
create unique index directory_hold_open on directory_hold (directory_id) where decision is null;
create index directory_hold_list on directory_hold (directory_id, at desc, id desc);

create table directory_removal (
  id uuid primary key,
  directory_id uuid not null references directory,
  at timestamptz not null default clock_timestamp(),
  user_id uuid not null references directory_user,
  group_id uuid references directory_group,
  kind text not null check (kind in ('deactivated', 'deleted', 'left', 'group-deleted')),
  hold_id uuid references directory_hold,
  withdrawn_at timestamptz,
  check ((group_id is null) = (kind in ('deactivated', 'deleted')))
);
create index directory_removal_recent on directory_removal (directory_id, at) where hold_id is null;
create index directory_removal_user on directory_removal (user_id) where hold_id is not null and withdrawn_at is null;
create unique index directory_removal_once on directory_removal (hold_id, user_id, coalesce(group_id, user_id)) where hold_id is not null and withdrawn_at is null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
