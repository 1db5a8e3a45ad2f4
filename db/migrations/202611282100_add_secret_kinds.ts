import { type Kysely, sql } from "kysely";

// What came of the last test of a secret as it is saved. A test is a use.

const CHANGES = `
alter table secret
  add column tested_at timestamptz,
  add column tested_version integer,
  add column test_outcome text check (test_outcome in ('worked', 'refused', 'unreachable')),
  add column test_words text,
  add constraint secret_test check ((tested_at is null) = (test_outcome is null) and (tested_at is null) = (test_words is null));
alter table secret_use drop constraint secret_use_purpose_check;
alter table secret_use add constraint secret_use_purpose_check check (purpose in ('client', 'reveal', 'run', 'test'));
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(CHANGES).execute(db);
}
