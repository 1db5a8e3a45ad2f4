import { type Kysely, sql } from "kysely";

// The ledger counts uses by what let them happen. With the workspace in the index, which row-level security asks for, it reads no rows.

const INDEXES = `
drop index secret_use_secret;
create index secret_use_secret on secret_use (secret_id, at desc, id desc) include (workspace_id, binding_id, principal_id, run_id);
`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql.raw(INDEXES).execute(db);
}
