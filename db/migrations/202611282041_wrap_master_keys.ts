import { type Kysely, sql } from "kysely";

// A master key that an outside service seals rests here as that gave it: nobody opens it without the service (decision 40).

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`set local search_path = reeve`.execute(db);
  await sql`alter table master_key add column wrapped text`.execute(db);
}
