import { type Kysely, sql } from "kysely";

// Runs are found from what they name: a snapshot's runs (also when it is deleted), a model version's first and last ones, and the links
// of a version in their order.

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    "create index run_snapshot on reeve.run (snapshot_id, created_at desc, id desc)",
    "create index run_model on reeve.run (model_version_id, created_at, id) where model_version_id is not null",
    "drop index reeve.run_model_version",
    "create index model_version_run_order on reeve.model_version_run (model_version_id, created_at, run_id)",
    "create index model_listed on reeve.model (project_id, created_at desc, id desc)",
    "create index pipeline_listed on reeve.pipeline (project_id, created_at desc, id desc)",
  ])
    await sql.raw(statement).execute(db);
}
