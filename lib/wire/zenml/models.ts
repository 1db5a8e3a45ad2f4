import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Condition } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import { readInScope, type Tx } from "@/lib/kernel/transaction";
import { readMetadata } from "@/lib/metadata/read-metadata";
import {
  createModel,
  createModelVersion,
  deleteModel,
  deleteModelVersion,
  setModelVersionStage,
  updateModel,
  updateModelVersion,
} from "@/lib/models/change-models";
import { linkArtifact, linkRun } from "@/lib/models/link-model-version";
import {
  getModel,
  getModelVersion,
  listModels,
  listModelVersionArtifacts,
  listModelVersionRuns,
  listModelVersions,
  MODEL_FIELDS,
  MODEL_VERSION_ARTIFACT_FIELDS,
  MODEL_VERSION_FIELDS,
  MODEL_VERSION_RUN_FIELDS,
  type ModelRow,
  type ModelVersionLink,
  type ModelVersionView,
  type ModelView,
} from "@/lib/models/queries";
import { MODEL_STAGES } from "@/lib/models/resolve-model-version";
import { bodyOf, tagWishes } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { nestedArtifactVersions, nestedTags, nestedUsers } from "./nested";
import { denied, type Envelope, entity, naive, pageOf, raw, times } from "./respond";
import { answerList } from "./scoped-list";

// Models, their versions and links on the wire.

const words = z.string().nullish();
const about = { license: words, description: words, audience: words, use_cases: words, limitations: words, trade_offs: words, ethics: words };
const newModel = z.object({ project: z.string(), name: z.string(), ...about, save_models_to_registry: z.boolean().nullish(), tags: tagWishes.nullish() });
const changedModel = z.object({
  name: words,
  ...about,
  save_models_to_registry: z.boolean().nullish(),
  add_tags: tagWishes.nullish(),
  remove_tags: z.array(z.string()).nullish(),
});
const newVersion = z.object({ project: z.string(), model: z.uuid(), name: words, description: words, stage: words, tags: tagWishes.nullish() });
const changedVersion = z.object({
  stage: z.enum(["none", ...MODEL_STAGES]).nullish(),
  force: z.boolean().nullish(),
  name: words,
  description: words,
  add_tags: tagWishes.nullish(),
  remove_tags: z.array(z.string()).nullish(),
});

const aboutOf = (body: Partial<Record<keyof typeof about, string | null>>) => ({
  license: body.license ?? null,
  description: body.description ?? null,
  audience: body.audience ?? null,
  use_cases: body.use_cases ?? null,
  limitations: body.limitations ?? null,
  trade_offs: body.trade_offs ?? null,
  ethics: body.ethics ?? null,
});

const owned = (row: { created_by: string | null; project_id: string; created_at: string; updated_at: string }) => ({
  ...times(row),
  user_id: row.created_by,
  project_id: row.project_id,
});
const nestedModel = (row: ModelRow): Envelope => entity({ id: row.id, name: row.name, body: owned(row) });

async function models(call: WireCall, rows: readonly ModelView[]): Promise<Envelope[]> {
  return readInScope([call.context.workspace.id], async (tx) => {
    const { user } = await nestedUsers(
      tx,
      rows.map((row) => row.created_by),
    );
    const tags = await nestedTags(
      tx,
      rows.map((row) => row.id),
    );
    return rows.map((row) =>
      entity({
        id: row.id,
        name: row.name,
        body: owned(row),
        metadata: call.hydrate ? { ...aboutOf(row), save_models_to_registry: row.save_models_to_registry } : null,
        resources: {
          user: user(row.created_by),
          tags: tags.get(row.id) ?? [],
          latest_version_name: row.latest_version_name,
          latest_version_id: row.latest_version_id,
          visualizations: [],
        },
      }),
    );
  });
}

async function versions(call: WireCall, rows: readonly ModelVersionView[]): Promise<Envelope[]> {
  const ids = rows.map((row) => row.id);
  return readInScope([call.context.workspace.id], async (tx) => {
    const { user } = await nestedUsers(
      tx,
      rows.map((row) => row.created_by),
    );
    const tags = await nestedTags(tx, ids);
    const metadata = call.hydrate ? await readMetadata(tx, ids) : undefined;
    return rows.map((row) =>
      entity({
        id: row.id,
        name: row.name,
        body: { ...owned(row), stage: row.stage, number: row.number, model: nestedModel(row.model) },
        metadata: metadata ? { description: row.description, run_metadata: raw(metadata.get(row.id)) } : null,
        // The client asks for a page of services even where there are none (WIRE §8).
        resources: { user: user(row.created_by), services: pageOf([], 0, 1, 5), tags: tags.get(row.id) ?? [] },
      }),
    );
  });
}

const oneModel = async (call: WireCall, id: string | undefined) => (await models(call, [await ask(getModel, call.context, { id })]))[0];
const oneVersion = async (call: WireCall, id: string | undefined) => (await versions(call, [await ask(getModelVersion, call.context, { id })]))[0];

async function changeVersion(call: WireCall): Promise<Envelope | undefined> {
  const body = bodyOf(call, changedVersion);
  const id = call.path.model_version_id;
  if (body.stage != null) await execute(setModelVersionStage, call.context, { id, stage: body.stage, force: body.force ?? false }).catch(stageIsTaken);
  const changes = { name: body.name ?? null, description: body.description ?? null, addTags: body.add_tags ?? null, removeTags: body.remove_tags ?? null };
  if (Object.values(changes).some((change) => change !== null && (!Array.isArray(change) || change.length > 0)))
    await execute(updateModelVersion, call.context, { id, ...changes });
  return oneVersion(call, id);
}

/** The client's CLI asks whether to go on when it sees a RuntimeError, which only a 500 becomes (WIRE §4, §8). */
function stageIsTaken(error: unknown): never {
  throw error instanceof AppError && error.code === "in_use" ? new AppError("internal", error.message, { cause: error, reason: "stage_taken" }) : error;
}

function versionList(call: WireCall, extra: Condition[] = []) {
  return answerList(
    call,
    MODEL_VERSION_FIELDS,
    (input) => ask(listModelVersions, call.context, { ...input, always: [...input.always, ...extra] }),
    (rows) => versions(call, rows),
    { scopes: ["project", "model"] },
  );
}

const link = (row: ModelVersionLink, linked: Record<string, unknown>, metadata: Record<string, unknown> | null): Envelope =>
  entity({ id: row.id, body: { created: naive(row.created_at), updated: naive(row.created_at), model_version: row.model_version_id, ...linked }, metadata });

/** A linked thing as the reader may read it. */
function readable({ context }: WireCall, permission: Permission, linked: Envelope | undefined): Envelope | undefined {
  const body = linked?.body as { project_id: string; user_id: string | null; artifact?: Envelope } | undefined;
  if (!linked || !body) return linked;
  const target = { workspaceId: context.workspace.id, projectId: body.project_id, ownerId: body.user_id, partOf: body.artifact?.id };
  return can(context.actor, permission, target).allowed ? linked : denied(linked);
}

async function artifactLinks(call: WireCall, rows: readonly ModelVersionLink[]): Promise<Envelope[]> {
  return readInScope([call.context.workspace.id], async (tx) => {
    const linked = await nestedArtifactVersions(
      tx,
      rows.map((row) => row.linked_id),
    );
    return rows.map((row) => link(row, { artifact_version: readable(call, "artifact:read", linked.get(row.linked_id)) }, call.hydrate ? {} : null));
  });
}

async function runLinks(call: WireCall, rows: readonly ModelVersionLink[]): Promise<Envelope[]> {
  return readInScope([call.context.workspace.id], async (tx) => {
    const linked = await nestedRuns(
      tx,
      rows.map((row) => row.linked_id),
    );
    return rows.map((row) => link(row, { pipeline_run: readable(call, "run:read", linked.get(row.linked_id)) }, call.hydrate ? {} : null));
  });
}

async function nestedRuns(tx: Tx, ids: readonly string[]): Promise<Map<string, Envelope>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom("run")
    .select(["id", "name", "project_id", "created_by", "created_at", "updated_at", "status", "in_progress", "status_reason", "index", "pipeline_id"])
    .where("id", "in", [...ids])
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      entity({
        id: row.id,
        name: row.name,
        body: {
          ...owned(row),
          status: row.status,
          in_progress: row.in_progress,
          status_reason: row.status_reason,
          index: row.index,
          pipeline_id: row.pipeline_id,
          child_key: null,
          root_run_id: null,
        },
      }),
    ]),
  );
}

export const MODEL_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/models",
    permission: "model:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        MODEL_FIELDS,
        (input) => ask(listModels, call.context, input),
        (rows) => models(call, rows),
      ),
  },
  {
    method: "POST",
    path: "/models",
    permission: "model:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, newModel);
      const values = {
        project: body.project,
        name: body.name,
        ...aboutOf(body),
        save_models_to_registry: body.save_models_to_registry ?? true,
        tags: body.tags ?? null,
      };
      return oneModel(call, await execute(createModel, call.context, values));
    },
  },
  { method: "GET", path: "/models/{model_id}", permission: "model:read", audit: "none: a read", handle: (call) => oneModel(call, call.path.model_id) },
  {
    method: "PUT",
    path: "/models/{model_id}",
    permission: "model:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, changedModel);
      const changes = {
        name: body.name ?? null,
        ...aboutOf(body),
        save_models_to_registry: body.save_models_to_registry ?? null,
        addTags: body.add_tags ?? null,
        removeTags: body.remove_tags ?? null,
      };
      return oneModel(call, await execute(updateModel, call.context, { id: call.path.model_id, ...changes }));
    },
  },
  {
    method: "DELETE",
    path: "/models/{model_id}",
    permission: "model:delete",
    audit: "entry",
    handle: (call) => execute(deleteModel, call.context, { id: call.path.model_id }),
  },
  {
    method: "GET",
    path: "/models/{model}/model_versions",
    permission: "model:read",
    audit: "none: a read",
    list: true,
    handle: (call) => versionList(call, [{ field: "model", op: "equals", value: call.path.model ?? "" }]),
  },
  { method: "GET", path: "/model_versions", permission: "model:read", audit: "none: a read", list: true, handle: (call) => versionList(call) },
  {
    method: "POST",
    path: "/model_versions",
    permission: "model:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, newVersion);
      const id = await execute(createModelVersion, call.context, {
        project: body.project,
        modelId: body.model,
        name: body.name ?? null,
        description: body.description ?? null,
        tags: body.tags ?? null,
      });
      return oneVersion(call, id);
    },
  },
  {
    method: "GET",
    path: "/model_versions/{model_version_id}",
    permission: "model:read",
    audit: "none: a read",
    handle: (call) => oneVersion(call, call.path.model_version_id),
  },
  { method: "PUT", path: "/model_versions/{model_version_id}", permission: "model:update", audit: "entry", handle: changeVersion },
  {
    method: "DELETE",
    path: "/model_versions/{model_version_id}",
    permission: "model:delete",
    audit: "entry",
    handle: (call) => execute(deleteModelVersion, call.context, { id: call.path.model_version_id }),
  },
  {
    method: "GET",
    path: "/model_version_artifacts",
    permission: "model:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        MODEL_VERSION_ARTIFACT_FIELDS,
        (input) => ask(listModelVersionArtifacts, call.context, input),
        (rows) => artifactLinks(call, rows),
        { scopes: [] },
      ),
  },
  {
    method: "POST",
    path: "/model_version_artifacts",
    permission: "model:update",
    audit: "data",
    handle: async (call) => {
      const body = bodyOf(call, z.object({ model_version: z.uuid(), artifact_version: z.uuid() }));
      return (
        await artifactLinks(call, [await execute(linkArtifact, call.context, { modelVersionId: body.model_version, artifactVersionId: body.artifact_version })])
      )[0];
    },
  },
  {
    method: "GET",
    path: "/model_version_pipeline_runs",
    permission: "model:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        MODEL_VERSION_RUN_FIELDS,
        (input) => ask(listModelVersionRuns, call.context, input),
        (rows) => runLinks(call, rows),
        { scopes: [] },
      ),
  },
  {
    method: "POST",
    path: "/model_version_pipeline_runs",
    permission: "run:update",
    audit: "data",
    handle: async (call) => {
      const body = bodyOf(call, z.object({ model_version: z.uuid(), pipeline_run: z.uuid() }));
      return (await runLinks(call, [await execute(linkRun, call.context, { modelVersionId: body.model_version, runId: body.pipeline_run })]))[0];
    },
  },
];
