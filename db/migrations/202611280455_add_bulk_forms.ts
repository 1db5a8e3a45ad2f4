import { type Kysely, sql } from "kysely";

// A form that is sent twice (a second click, an answer that got lost) begins one job.

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of ["alter table reeve.bulk_job add column form_id uuid", "create unique index bulk_job_form on reeve.bulk_job (created_by, form_id)"])
    await sql.raw(statement).execute(db);
}
