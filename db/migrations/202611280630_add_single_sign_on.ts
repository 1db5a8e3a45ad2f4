import { type Kysely, sql } from "kysely";

// Where the sign-on library keeps what it holds: connections (sealed by its own key), and for minutes the sessions and codes of logins
// that are under way. Its rows are opaque to us; they are found by key or by one of the names that the library gave them.

const TABLES = `
create table sso_store (
  namespace text not null,
  key text not null,
  value text not null,
  iv text,
  tag text,
  created_at timestamptz not null default clock_timestamp(),
  modified_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  primary key (namespace, key)
);
create index sso_store_newest on sso_store (namespace, created_at desc, key);
create index sso_store_expired on sso_store (expires_at) where expires_at is not null;

create table sso_index (
  namespace text not null,
  name text not null,
  value text not null,
  store_key text not null,
  primary key (namespace, name, value, store_key),
  foreign key (namespace, store_key) references sso_store (namespace, key) on delete cascade
);
create index sso_index_of_key on sso_index (namespace, store_key);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
