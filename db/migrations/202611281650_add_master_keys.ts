import { type Kysely, sql } from "kysely";

// Which master key seals what is new, and the moves from one to the next; and keys that outlive a master key, sealed under it.

const TABLES = `
create table master_key (
  id text primary key check (id ~ '^[0-9a-f]{16}$'),
  state text not null check (state in ('active', 'retiring', 'retired')),
  began_at timestamptz not null default clock_timestamp(),
  began_by uuid references principal,
  began_by_name text,
  request_id text,
  total integer,
  moved integer not null default 0,
  failed integer not null default 0,
  moved_at timestamptz,
  retired_at timestamptz
);
create unique index master_key_active on master_key ((true)) where state = 'active';
insert into master_key (id, state)
  select master_key_id, 'active' from secret_version where master_key_id is not null group by 1 order by count(*) desc limit 1;

create table kept_key (
  purpose text primary key,
  sealed bytea not null,
  created_at timestamptz not null default clock_timestamp()
);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
