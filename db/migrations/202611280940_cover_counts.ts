import { type Kysely, sql } from "kysely";

// Counts and the figures of a pipeline's latest runs are read from indexes alone: these hold the workspace too, which row-level security asks
// of every row, and what says who may read it. Before, each counted row was a page of its table.

const SEEN_BY = "workspace_id, project_id, created_by";
const FIGURES = "number, status, duration_s, start_time, in_progress, model_version_id, lost_at";

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    "drop index reeve.run_pipeline",
    `create index run_pipeline on reeve.run (pipeline_id, created_at desc, id desc) include (${SEEN_BY}, ${FIGURES})`,
    "drop index reeve.run_stack",
    `create index run_stack on reeve.run (stack_id, created_at desc, id desc) include (${SEEN_BY}) where stack_id is not null`,
    "drop index reeve.snapshot_pipeline",
    `create index snapshot_pipeline on reeve.snapshot (pipeline_id, created_at desc) include (${SEEN_BY})`,
    "drop index reeve.snapshot_stack",
    "create index snapshot_stack on reeve.snapshot (stack_id) include (workspace_id) where stack_id is not null",
    `create index model_version_model on reeve.model_version (model_id) include (${SEEN_BY})`,
    "drop index reeve.artifact_version_artifact",
    "create index artifact_version_artifact on reeve.artifact_version (artifact_id, created_at desc, id desc) include (workspace_id)",
    "drop index reeve.step_run_input_artifact",
    "create index step_run_input_artifact on reeve.step_run_input (artifact_version_id) include (step_run_id, workspace_id)",
    "drop index reeve.model_version_artifact_artifact",
    "create index model_version_artifact_artifact on reeve.model_version_artifact (artifact_version_id) include (model_version_id, workspace_id)",
  ])
    await sql.raw(statement).execute(db);
}
