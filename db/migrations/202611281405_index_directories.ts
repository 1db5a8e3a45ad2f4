import { type Kysely, sql } from "kysely";

// A directory asks for one person or group by name before each that it sends, and a person that comes is looked for among those who were
// here before. Both find their row by the name itself: a first sync comes before PostgreSQL knows how many rows a directory has.

const INDEXES = `
create index directory_user_by_name on directory_user (lower(user_name));
drop index directory_user_external;
create index directory_user_by_external on directory_user (external_id) where external_id is not null;
create index directory_group_by_name on directory_group (lower(display_name)) where deleted_at is null;
create index directory_group_by_external on directory_group (external_id) where external_id is not null;
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(INDEXES).execute(db);
}
