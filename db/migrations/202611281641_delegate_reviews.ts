import { type Kysely, sql } from "kysely";

// A row of an access review can be given to another reviewer to decide. The name is kept as the row's others are, in values.

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table reeve.access_review_item add column delegated_to uuid, add column delegated_to_name text, add column delegated_by_name text`.execute(
    db,
  );
  await sql`alter table reeve.access_review_item add constraint access_review_item_delegated check ((delegated_to is null) = (delegated_to_name is null))`.execute(
    db,
  );
}
