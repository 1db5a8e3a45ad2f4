import "server-only";
import { jsonText } from "@/lib/kernel/json-text";
import { sql } from "kysely";
import { z } from "zod";
import { NO_RUN } from "@/lib/authz/workload-run";
import { documentOf, readDocuments, storeDocuments } from "@/lib/documents/documents";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { linkRunToModelVersion, resolveModelVersion } from "@/lib/models/resolve-model-version";
import { findProject } from "@/lib/projects/find-project";
import { tieUses } from "@/lib/secrets/record-use";
import { attachTags, type TagWish } from "@/lib/tags/attach-tags";
import { isFinished, STATUSES } from "./status";

// Starts a run, adopts its placeholder, or finds it again: one call of the client, decided under a lock on the snapshot, so that
// two processes that start the same run at once get one (WIRE §7, rows 16 and 22).

const PLACEHOLDER = ["initializing", "provisioning"];

export const startRun = defineCommand({
  name: "run.started",
  permission: "run:create",
  input: z.strictObject({
    project: z.string(),
    snapshotId: z.uuid(),
    name: z.string().min(1).max(500),
    status: z.enum(STATUSES),
    statusReason: z.string().max(4_000).nullable(),
    orchestratorRunId: z.string().max(255).nullable(),
    startTime: z.string().nullable(),
    endTime: z.string().nullable(),
    /** JSON texts, verbatim. */
    orchestratorEnvironment: z.string().nullable(),
    pythonPackages: z.string().nullable(),
    triggerInfo: z.record(z.string(), z.unknown()).nullable(),
    exceptionInfo: z.record(z.string(), z.unknown()).nullable(),
    logId: z.uuid().nullable(),
    tags: z.array(z.custom<TagWish>()).nullable(),
  }),
  scope: async ({ tx, actor, input, workspace }) => {
    // One wait for all three; the run is looked for behind the lock.
    const finding = tx
      .selectFrom("snapshot as s")
      .innerJoin("pipeline as p", "p.id", "s.pipeline_id")
      .leftJoin("stack as k", "k.id", "s.stack_id")
      .select([
        "s.id",
        "s.pipeline_id",
        "s.stack_id",
        "s.is_dynamic",
        "s.project_id",
        "s.pipeline_version_hash",
        "s.pipeline_configuration_sha256",
        "p.name as pipeline",
        "k.name as stack",
      ])
      .where("s.id", "=", input.snapshotId)
      .where("s.workspace_id", "=", workspace.id)
      .forNoKeyUpdate("s")
      .executeTakeFirst();
    const looking = tx
      .selectFrom("run")
      .select(["id", "name", "status", "orchestrator_run_id", "created_by"])
      .where("snapshot_id", "=", input.snapshotId)
      .where((eb) =>
        input.orchestratorRunId === null
          ? eb("id", "is", null)
          : eb.or([
              eb("orchestrator_run_id", "=", input.orchestratorRunId),
              // A placeholder is its maker's: nobody else starts it.
              eb.and([eb("orchestrator_run_id", "is", null), eb("status", "in", PLACEHOLDER), eb("created_by", "=", actor.id)]),
            ]),
      )
      .orderBy(sql`orchestrator_run_id is null`)
      .orderBy("created_at")
      .limit(1)
      .forNoKeyUpdate()
      .executeTakeFirst();
    const [snapshot, existing, project] = await Promise.all([finding, looking, findProject(tx, workspace.id, input.project)]);
    if (snapshot?.project_id !== project.id) throw new AppError("not_found", `No snapshot with the id ${input.snapshotId} was found.`);
    return {
      workspaceId: workspace.id,
      projectId: project.id,
      runId: existing?.id ?? (actor.workload ? NO_RUN : undefined), // a run's credential starts no other run
      thing: { type: "snapshot", id: snapshot.id, name: snapshot.pipeline },
      snapshot,
      existing,
    };
  },
  run: async ({ tx, actor, input, target, workspace, request, now }) => {
    const { snapshot, existing, projectId } = target;
    if (existing && existing.orchestrator_run_id !== null) return { result: { id: existing.id, wasCreated: false }, audit: UNCHANGED };
    const [[environment, packages], documents] = await Promise.all([
      storeDocuments(tx, workspace.id, [input.orchestratorEnvironment, input.pythonPackages]),
      readDocuments(tx, workspace.id, existing ? [] : [snapshot.pipeline_configuration_sha256]),
    ]);
    if (existing) {
      await tx
        .updateTable("run")
        .set({
          orchestrator_run_id: input.orchestratorRunId,
          status: input.status,
          in_progress: !isFinished(input.status),
          end_time: isFinished(input.status) ? (input.endTime ?? now) : null,
          orchestrator_environment_sha256: environment ?? null,
          python_packages_sha256: packages ?? null,
          updated_at: now,
        })
        .where("id", "=", existing.id)
        .execute();
      return {
        result: { id: existing.id, wasCreated: true },
        audit: {
          action: "run.adopted",
          target: { type: "run", id: existing.id, name: existing.name, projectId },
          before: { status: existing.status, orchestratorRunId: null },
          after: { status: input.status, orchestratorRunId: input.orchestratorRunId },
        },
        live: [{ projectId, runId: existing.id }],
      };
    }
    const configuration = JSON.parse(documentOf(documents, snapshot.pipeline_configuration_sha256) ?? "{}") as {
      model?: { name: string } | null;
      enable_heartbeat?: boolean | null;
    };
    const id = newId();
    const startTime = input.startTime ?? now;
    const name = substitute(input.name, startTime);
    const model = configuration.model
      ? await resolveModelVersion(tx, {
          workspaceId: workspace.id,
          projectId,
          actorId: actor.id,
          requestId: request.requestId,
          model: configuration.model,
          substitutions: substitutionsOf(startTime),
        })
      : null;
    const [{ index }, { number }] = await Promise.all([
      tx
        .updateTable("pipeline")
        .set({ run_index: sql`run_index + 1` })
        .where("id", "=", snapshot.pipeline_id)
        .returning("run_index as index")
        .executeTakeFirstOrThrow(),
      tx
        .updateTable("project")
        .set({ run_number: sql`run_number + 1` })
        .where("id", "=", projectId)
        .returning("run_number as number")
        .executeTakeFirstOrThrow(),
    ]);
    const inserting = tx
      .insertInto("run")
      .values({
        id,
        workspace_id: workspace.id,
        project_id: projectId,
        pipeline_id: snapshot.pipeline_id,
        snapshot_id: snapshot.id,
        stack_id: snapshot.stack_id,
        model_version_id: model?.modelVersionId ?? null,
        name,
        number,
        index,
        status: input.status,
        status_reason: input.statusReason,
        in_progress: !isFinished(input.status),
        is_dynamic: snapshot.is_dynamic,
        orchestrator_run_id: input.orchestratorRunId,
        orchestrator_environment_sha256: environment ?? null,
        python_packages_sha256: packages ?? null,
        trigger_info: input.triggerInfo === null ? null : jsonText(input.triggerInfo),
        exception_info: input.exceptionInfo === null ? null : jsonText(input.exceptionInfo),
        enable_heartbeat: configuration.enable_heartbeat ?? true,
        start_time: startTime,
        end_time: input.endTime,
        code_digest: snapshot.pipeline_version_hash,
        origin: request.origin,
        credential_kind: actor.credential.kind,
        credential_id: actor.credential.id,
        claimed: request.claimed ? jsonText(request.claimed) : null,
        request_id: request.requestId,
        created_by: actor.id,
      })
      .execute();
    await Promise.all([
      inserting,
      tieUses(tx, actor, request, id),
      model && linkRunToModelVersion(tx, { workspaceId: workspace.id, modelVersionId: model.modelVersionId, runId: id }),
      input.logId &&
        tx
          .updateTable("log_record")
          .set({ run_id: id, updated_at: now })
          .where("id", "=", input.logId)
          .where("project_id", "=", projectId)
          .where("created_by", "=", actor.id)
          .where("run_id", "is", null)
          .where("step_run_id", "is", null)
          .execute(),
      attachTags(tx, { workspaceId: workspace.id, actorId: actor.id, resourceType: "pipeline_run", resourceId: id, tags: input.tags }),
    ]);
    return {
      result: { id, wasCreated: true },
      audit: [
        ...(model?.created ?? []),
        {
          target: { type: "run", id, name, projectId },
          after: {
            name,
            number,
            pipeline: snapshot.pipeline,
            snapshot: snapshot.id,
            stack: snapshot.stack,
            status: input.status,
            code: snapshot.pipeline_version_hash,
            modelVersion: model?.modelVersionId ?? null,
          },
        },
      ],
      live: [{ projectId, runId: id }],
    };
  },
});

/** `{date}` and `{time}` of a run's start, as the client writes them: 2026_11_22 and 18_10_05_673819. */
export function substitutionsOf(startTime: string): { date: string; time: string } {
  const [day = "", clock = ""] = startTime.replace(/Z$/, "").split(/[T ]/);
  const [hms = "", fraction = ""] = clock.split(".");
  return { date: day.replaceAll("-", "_"), time: `${hms.replaceAll(":", "_")}_${fraction.padEnd(6, "0")}` };
}

function substitute(name: string, startTime: string): string {
  const { date, time } = substitutionsOf(startTime);
  return name.replaceAll("{date}", date).replaceAll("{time}", time);
}
