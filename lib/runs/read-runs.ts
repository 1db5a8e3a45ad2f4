import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import { documentOf, readDocuments } from "@/lib/documents/documents";
import { prepared } from "@/lib/kernel/prepared";
import { defineQuery } from "@/lib/kernel/query";
import { conditionsSql, type ListSpec, orderSql } from "@/lib/kernel/list";
import { anyOf } from "@/lib/kernel/any-of";
import { countOf } from "@/lib/kernel/kept-total";
import type { Tx } from "@/lib/kernel/transaction";
import { RUN_FIELDS, STEP_FIELDS } from "./run-fields";
import { unknownStep } from "./update-step";
import { unknownRun } from "./run-scope";

// Reading runs and steps by offset with an exact total, as the wire's clients expect. The pages have their own keyset lists.

const RUN_COLUMNS = [
  "run.id",
  "run.project_id",
  "run.pipeline_id",
  "run.snapshot_id",
  "run.stack_id",
  "run.model_version_id",
  "run.name",
  "run.number",
  "run.index",
  "run.status",
  "run.status_reason",
  "run.in_progress",
  "run.is_dynamic",
  "run.orchestrator_run_id",
  "run.orchestrator_environment_sha256",
  "run.python_packages_sha256",
  "run.trigger_info",
  "run.exception_info",
  "run.enable_heartbeat",
  "run.start_time",
  "run.end_time",
  "run.created_by",
  "run.created_at",
  "run.updated_at",
] as const;

const STEP_COLUMNS = [
  "step_run.id",
  "step_run.project_id",
  "step_run.run_id",
  "step_run.snapshot_id",
  "step_run.name",
  "step_run.version",
  "step_run.is_retriable",
  "step_run.type",
  "step_run.status",
  "step_run.start_time",
  "step_run.end_time",
  "step_run.cache_key",
  "step_run.cache_expires_at",
  "step_run.code_hash",
  "step_run.docstring",
  "step_run.source_code_sha256",
  "step_run.body_sha256",
  "step_run.exception_info",
  "step_run.original_step_run_id",
  "step_run.model_version_id",
  "step_run.heartbeat_threshold",
  "step_run.latest_heartbeat_at",
  "step_run.created_by",
  "step_run.created_at",
  "step_run.updated_at",
] as const;

const listInput = z.strictObject({ spec: z.custom<ListSpec>(), projectId: z.uuid().nullable() });

/** Runs of a workspace that the actor may read, with the exact total. */
export const listRunsByOffset = defineQuery({
  name: "run.listed",
  permission: "run:read",
  input: listInput,
  run: async ({ tx, actor, input, workspace }) => {
    const visible = visibleTo(actor, "run:read", { workspaceId: "run.workspace_id", projectId: "run.project_id", ownerId: "run.created_by" });
    let query = tx
      .selectFrom("run")
      .where("run.workspace_id", "=", workspace?.id ?? "")
      .where(visible);
    if (input.projectId) query = query.where("run.project_id", "=", input.projectId);
    const filtered = query.where(conditionsSql(RUN_FIELDS, input.spec.conditions, input.spec.logic));
    // The maintained total counts everybody's runs: it is for those who may read every run of the project.
    const sees = can(actor, "run:read", { workspaceId: workspace?.id, projectId: input.projectId });
    const isPlain = input.projectId !== null && input.spec.conditions.length === 0 && !actor.workload && sees.allowed && sees.reach === "any";
    const [total, rows] = await Promise.all([
      isPlain
        ? countOf(tx, input.projectId as string, "run")
        : filtered
            .select(sql<number>`count(*)`.as("n"))
            .executeTakeFirstOrThrow()
            .then(({ n }) => Number(n)),
      filtered
        .select(RUN_COLUMNS)
        .orderBy(orderSql(RUN_FIELDS, input.spec, "run.id") as never)
        .limit(sql.lit(input.spec.limit))
        .offset(sql.lit(input.spec.offset ?? 0))
        .execute(),
    ]);
    return { total, rows };
  },
});

/** Steps of a workspace that the actor may read, with the exact total. */
export const listStepsByOffset = defineQuery({
  name: "step.listed",
  permission: "run:read",
  input: listInput,
  run: async ({ tx, actor, input, workspace }) => {
    const visible = visibleTo(actor, "run:read", { workspaceId: "step_run.workspace_id", projectId: "step_run.project_id", ownerId: "step_run.created_by" });
    let query = tx
      .selectFrom("step_run")
      .where("step_run.workspace_id", "=", workspace?.id ?? "")
      .where(visible);
    if (input.projectId) query = query.where("step_run.project_id", "=", input.projectId);
    const filtered = query.where(conditionsSql(STEP_FIELDS, input.spec.conditions, input.spec.logic));
    const { limit, offset = 0 } = input.spec;
    const rows = await filtered
      .select(STEP_COLUMNS)
      .orderBy(orderSql(STEP_FIELDS, input.spec, "step_run.id") as never)
      .limit(sql.lit(limit))
      .offset(sql.lit(offset))
      .execute();
    // Mostly the steps of one run: they all stand on the first page.
    if (offset === 0 && rows.length < limit) return { total: rows.length, rows };
    const { n } = await filtered.select(sql<number>`count(*)`.as("n")).executeTakeFirstOrThrow();
    return { total: Number(n), rows };
  },
});

const runById = prepared((db, id: string, workspaceId: string) =>
  db.selectFrom("run").select(RUN_COLUMNS).where("run.id", "=", id).where("run.workspace_id", "=", workspaceId),
);

/** One run. Error: not_found. */
export const getRun = defineQuery({
  name: "run.read",
  permission: "run:read",
  input: z.strictObject({ runId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const [run] = await runById(tx, input.runId, workspace?.id ?? "");
    if (!run) throw unknownRun(input.runId);
    return { workspaceId: workspace?.id, projectId: run.project_id, ownerId: run.created_by, runId: input.runId, run };
  },
  run: async ({ target }) => target.run,
});

const stepById = prepared((db, id: string, workspaceId: string) =>
  db
    .selectFrom("step_run")
    .innerJoin("run", "run.id", "step_run.run_id")
    .select(STEP_COLUMNS)
    .select("run.created_by as run_created_by")
    .where("step_run.id", "=", id)
    .where("step_run.workspace_id", "=", workspaceId),
);

/** One step. Error: not_found. */
export const getStep = defineQuery({
  name: "step.read",
  permission: "run:read",
  input: z.strictObject({ stepId: z.uuid() }),
  scope: async ({ tx, input, workspace }) => {
    const [found] = await stepById(tx, input.stepId, workspace?.id ?? "");
    if (!found) throw unknownStep(input.stepId);
    const { run_created_by: ownerId, ...step } = found;
    return { workspaceId: workspace?.id, projectId: step.project_id, ownerId, runId: step.run_id, step };
  },
  run: async ({ target }) => target.step,
});

export type RunRow = Awaited<ReturnType<typeof getRun.run>>;
export type StepRow = Awaited<ReturnType<typeof getStep.run>>;

const inputsOf = prepared((db, stepIds: readonly string[]) =>
  db
    .selectFrom("step_run_input")
    .select(["step_run_id", "name", "artifact_version_id", "type", "position"])
    .where("step_run_id", "=", anyOf(stepIds))
    .orderBy("name")
    .orderBy("position"),
);
const outputsOf = prepared((db, stepIds: readonly string[]) =>
  db
    .selectFrom("step_run_output")
    .select(["step_run_id", "name", "artifact_version_id", "position"])
    .where("step_run_id", "=", anyOf(stepIds))
    .orderBy("name")
    .orderBy("position"),
);
const parentsOf = prepared((db, stepIds: readonly string[]) =>
  db.selectFrom("step_run_parent").select(["step_run_id", "parent_id"]).where("step_run_id", "=", anyOf(stepIds)),
);

/** Steps' inputs and outputs, for all the given steps in two queries sent together. */
export async function readStepArtifacts(tx: Tx, stepIds: readonly string[]) {
  if (stepIds.length === 0) return { inputs: [], outputs: [] };
  const [inputs, outputs] = await Promise.all([inputsOf(tx, stepIds), outputsOf(tx, stepIds)]);
  return { inputs, outputs };
}

/** The same with the steps' parents. */
export async function readStepLinks(tx: Tx, stepIds: readonly string[]) {
  if (stepIds.length === 0) return { inputs: [], outputs: [], parents: [] };
  const [{ inputs, outputs }, parents] = await Promise.all([readStepArtifacts(tx, stepIds), parentsOf(tx, stepIds)]);
  return { inputs, outputs, parents };
}

/** The texts of steps (body and source) and, for the given snapshots, of what a run shows. */
export async function readTexts(tx: Tx, workspaceId: string, hashes: Iterable<Buffer | null>) {
  const documents = await readDocuments(tx, workspaceId, hashes);
  return (hash: Buffer | null | undefined) => documentOf(documents, hash);
}
