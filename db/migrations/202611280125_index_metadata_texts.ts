import { type Kysely, sql } from "kysely";

// Texts of metadata can be looked up by their value, as numbers can. Long ones are left out: they would not fit an index row.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index metadata_entry_text on reeve.metadata_entry (project_id, resource_type, key, value) where value_number is null and length(value) <= 200`.execute(
    db,
  );
}
