import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineDataWrite } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { findProject } from "@/lib/projects/find-project";

// Records of log files. The files themselves lie in the client's artifact store; the record says where, and which run or step they
// belong to. Ids are made by the client and kept; once a record belongs to something, it stays with it.

export type LogRecord = {
  id: string;
  project_id: string;
  source: string;
  uri: string | null;
  artifact_store_id: string | null;
  log_store_id: string | null;
  run_id: string | null;
  step_run_id: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
};

const fields = {
  id: z.uuid(),
  project: z.string(),
  source: z.string().max(255),
  uri: z.string().max(4_000).nullable(),
  artifactStoreId: z.uuid().nullable(),
  logStoreId: z.uuid().nullable(),
};

/** Registers a log file that belongs to nothing yet. Errors: not_found for the project, conflict for a known id. */
export const registerLog = defineDataWrite({
  name: "run.log-registered",
  permission: "run:create",
  input: z.strictObject(fields),
  scope: async ({ tx, actor, input, workspace }) => ({
    workspaceId: workspace.id,
    projectId: (await findProject(tx, workspace.id, input.project)).id,
    ownerId: actor.id,
  }),
  run: async ({ tx, actor, input, target, workspace, request }) => {
    await insert(tx, input, {
      workspaceId: workspace.id,
      projectId: target.projectId,
      actorId: actor.id,
      requestId: request.requestId,
      runId: null,
      stepRunId: null,
    });
    return { result: input.id };
  },
});

/** Registers a log file of a run or step. Errors: not_found, also for a run or step of another project; conflict for a known id. */
export const registerRunLog = defineDataWrite({
  name: "run.log-added",
  permission: "run:update",
  input: z.strictObject({ ...fields, runId: z.uuid().nullable(), stepRunId: z.uuid().nullable() }),
  scope: async ({ tx, input, workspace }) => {
    const project = await findProject(tx, workspace.id, input.project);
    return { workspaceId: workspace.id, ...(await ownerOf(tx, project.id, input)) };
  },
  run: async ({ tx, actor, input, target, workspace, request }) => {
    await insert(tx, input, {
      workspaceId: workspace.id,
      projectId: target.projectId,
      actorId: actor.id,
      requestId: request.requestId,
      runId: input.runId,
      stepRunId: input.stepRunId,
    });
    return { result: input.id, live: [{ projectId: target.projectId, runId: target.runId }] };
  },
});

/** Says which run or step a log file belongs to. Errors: not_found; in_use when it belongs to something else already. */
export const attachLog = defineDataWrite({
  name: "run.log-attached",
  permission: "run:update",
  input: z.strictObject({ id: z.uuid(), runId: z.uuid().nullable(), stepRunId: z.uuid().nullable() }),
  scope: async ({ tx, actor, input }) => {
    const log = await tx.selectFrom("log_record").selectAll().where("id", "=", input.id).forUpdate().executeTakeFirst();
    if (!log) throw unknownLog(input.id);
    if (input.runId === null && input.stepRunId === null) return { ...(await targetOfLog(tx, log)), log };
    const owner = await ownerOf(tx, log.project_id, input);
    return { workspaceId: log.workspace_id, ...owner, ownerId: notMine(actor, [owner.ownerId, log.created_by]), log };
  },
  run: async ({ tx, input, target, now }) => {
    const { log } = target;
    const belongs = log.run_id !== null || log.step_run_id !== null;
    const isSame = log.run_id === (input.runId?.toLowerCase() ?? null) && log.step_run_id === (input.stepRunId?.toLowerCase() ?? null);
    if (belongs && !isSame) throw new AppError("in_use", "These logs belong to another run or step already.");
    if (!isSame)
      await tx.updateTable("log_record").set({ run_id: input.runId, step_run_id: input.stepRunId, updated_at: now }).where("id", "=", log.id).execute();
    return { result: log.id, live: target.runId ? [{ projectId: log.project_id, runId: target.runId }] : [] };
  },
});

/** One record. Error: not_found. */
export const getLog = defineQuery({
  name: "run.log-read",
  permission: "run:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: async ({ tx, input }) => {
    const log = await readLog(tx, input.id);
    return { ...(await targetOfLog(tx, log)), log };
  },
  run: async ({ target }): Promise<LogRecord> => target.log,
});

/** The records of a run, or of a step, oldest first. Error: not_found. */
export const listLogsOf = defineQuery({
  name: "run.logs-listed",
  permission: "run:read",
  input: z.strictObject({ runId: z.uuid().nullable(), stepId: z.uuid().nullable() }),
  scope: async ({ tx, input, workspace }) => {
    const step = input.stepId
      ? await tx
          .selectFrom("step_run")
          .select(["run_id", "project_id"])
          .where("id", "=", input.stepId)
          .where("workspace_id", "=", workspace?.id ?? "")
          .executeTakeFirst()
      : undefined;
    const runId = step?.run_id ?? input.runId;
    const run = runId
      ? await tx
          .selectFrom("run")
          .select("project_id")
          .where("id", "=", runId)
          .where("workspace_id", "=", workspace?.id ?? "")
          .executeTakeFirst()
      : undefined;
    if (!run) throw new AppError("not_found", `There is no ${input.stepId ? `step ${input.stepId}` : `run ${input.runId}`} here.`);
    return { workspaceId: workspace?.id, ...(await ownerOf(tx, run.project_id, { runId: runId ?? null, stepRunId: null })) };
  },
  run: async ({ tx, input }): Promise<LogRecord[]> =>
    tx
      .selectFrom("log_record")
      .selectAll()
      .where(input.stepId ? "step_run_id" : "run_id", "=", (input.stepId ?? input.runId) as string)
      .orderBy("created_at")
      .orderBy("id")
      .execute(),
});

/** A log of a run's page: `step` names the step that it belongs to, null for the run's own. */
export type RunLog = { id: string; source: string; step: string | null; isGrowing: boolean };

/** Every log of a run and of its steps: the run's own first, then by step as they began. */
export const listRunLogs = defineQuery({
  name: "run.step-logs-listed",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid(), stepRunId: z.uuid().optional() }),
  scope: async ({ tx, input, workspace }) => ({
    workspaceId: workspace?.id,
    ...(await ownerOf(tx, input.projectId, { runId: input.runId, stepRunId: null })),
  }),
  run: async ({ tx, input }): Promise<RunLog[]> =>
    tx
      .selectFrom("log_record as l")
      .leftJoin("step_run as s", "s.id", "l.step_run_id")
      .select(["l.id", "l.source", "s.name as step"])
      .select((eb) =>
        eb
          .exists(eb.selectFrom("run as r").select("r.id").where("r.id", "=", input.runId).where("r.in_progress", "=", true))
          .$castTo<boolean>()
          .as("isGrowing"),
      )
      .$if(input.stepRunId !== undefined, (query) => query.where("l.step_run_id", "=", input.stepRunId as string))
      .where((eb) => eb.or([eb("l.run_id", "=", input.runId), eb("s.run_id", "=", input.runId)]))
      .where("l.project_id", "=", input.projectId)
      .where("l.uri", "is not", null)
      .orderBy("s.created_at", (order) => order.asc().nullsFirst())
      .orderBy("l.created_at")
      .orderBy("l.id")
      .execute(),
});

async function readLog(tx: Tx, id: string) {
  const log = await tx.selectFrom("log_record").selectAll().where("id", "=", id).executeTakeFirst();
  if (!log) throw unknownLog(id);
  return log;
}

const unknownLog = (id: string) => new AppError("not_found", `There are no logs ${id} here.`);

type Facts = { workspaceId: string; projectId: string; actorId: string; requestId: string; runId: string | null; stepRunId: string | null };

async function insert(
  tx: Tx,
  log: { id: string; source: string; uri: string | null; artifactStoreId: string | null; logStoreId: string | null },
  facts: Facts,
): Promise<void> {
  const made = await tx
    .insertInto("log_record")
    .values({
      id: log.id,
      workspace_id: facts.workspaceId,
      project_id: facts.projectId,
      source: log.source,
      uri: log.uri,
      artifact_store_id: log.artifactStoreId,
      log_store_id: log.logStoreId,
      run_id: facts.runId,
      step_run_id: facts.stepRunId,
      request_id: facts.requestId,
      created_by: facts.actorId,
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!made) throw new AppError("conflict", "Logs with this id are registered already.");
}

/** The run that the logs belong to, directly or through a step. Error: not_found outside the project. */
async function ownerOf(tx: Tx, projectId: string, { runId, stepRunId }: { runId: string | null; stepRunId: string | null }) {
  const ofStep = tx
    .selectFrom("step_run")
    .select("run_id")
    .where("id", "=", stepRunId ?? "")
    .where("project_id", "=", projectId);
  const [step, run] = await Promise.all([
    stepRunId ? ofStep.executeTakeFirst() : undefined,
    runId || stepRunId
      ? tx
          .selectFrom("run")
          .select(["id", "created_by"])
          .where("id", "=", (eb) => (runId ? eb.val(runId) : ofStep))
          .where("project_id", "=", projectId)
          .executeTakeFirst()
      : undefined,
  ]);
  if (stepRunId && !step) throw new AppError("not_found", `There is no step ${stepRunId} in this project.`);
  if (!run) throw new AppError("not_found", `There is no run ${runId ?? step?.run_id ?? ""} in this project.`);
  return { projectId, runId: run.id, ownerId: run.created_by };
}

async function targetOfLog(tx: Tx, log: LogRecord & { workspace_id: string }) {
  const owner = log.run_id || log.step_run_id ? await ownerOf(tx, log.project_id, { runId: log.run_id, stepRunId: log.step_run_id }) : undefined;
  return { workspaceId: log.workspace_id, projectId: log.project_id, runId: owner?.runId ?? null, ownerId: owner?.ownerId ?? log.created_by };
}

/** Of several owners one who is not the actor, so that "own" means all of them. */
const notMine = (actor: Actor, owners: (string | null)[]): string | null => owners.find((owner) => owner !== actor.id) ?? actor.id;
