import { type Kysely, sql } from "kysely";

// A test login's answer stays with its attempt, decoded and without secrets, and its record can be kept as evidence, longer than attempts are.
// What is kept is text, so that its digest stays true.

const TABLES = `
alter table sso_attempt add column answer text, add column version integer;

create table sso_evidence (
  id uuid primary key,
  organization_id uuid not null references organization,
  connection_id uuid not null references sso_connection,
  attempt_id uuid not null unique,
  version integer not null,
  outcome text not null check (outcome in ('tested', 'refused')),
  tested_by uuid,
  tested_at timestamptz not null,
  kept_by uuid not null,
  kept_at timestamptz not null default clock_timestamp(),
  sha256 text not null,
  record text not null
);
create index sso_evidence_list on sso_evidence (connection_id, tested_at desc);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(TABLES).execute(db);
}
