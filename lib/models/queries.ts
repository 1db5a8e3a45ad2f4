import "server-only";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { conditionsSql, type Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";
import { metadataField } from "@/lib/metadata/metadata-field";
import { tagsField } from "@/lib/tags/tags-field";
import { modelVersionTarget } from "./model-version-target";

// Models, their versions, and what versions are linked to, as far as the actor may read them.

export type ModelRow = { id: string; project_id: string; name: string; created_by: string | null; created_at: string; updated_at: string };

export type ModelView = ModelRow & {
  license: string | null;
  description: string | null;
  audience: string | null;
  use_cases: string | null;
  limitations: string | null;
  trade_offs: string | null;
  ethics: string | null;
  save_models_to_registry: boolean;
  latest_version_id: string | null;
  latest_version_name: string | null;
};

export type ModelVersionView = {
  id: string;
  project_id: string;
  number: number;
  name: string;
  description: string | null;
  stage: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  model: ModelRow;
};

export type ModelVersionLink = { id: string; model_version_id: string; linked_id: string; created_at: string };

export const MODEL_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("m.id"), required: true },
  name: { kind: "text", sql: sql.ref("m.name"), required: true },
  created: { kind: "time", sql: sql.ref("m.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("m.updated_at"), required: true },
  latest_version: { kind: "time", sql: sql`(select max(v.created_at) from model_version v where v.model_id = m.id)` },
  project: referenceField(sql.ref("m.project_id"), "project"),
  user: referenceField(sql.ref("m.created_by"), "principal"),
  tags: tagsField("m.id"),
};

export const MODEL_VERSION_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("v.id"), required: true },
  name: { kind: "text", sql: sql.ref("v.name"), required: true },
  number: { kind: "number", sql: sql.ref("v.number"), required: true },
  /** `none` is the stage of a version that was never given one. */
  stage: { kind: "enum", sql: sql`coalesce(v.stage, 'none')` },
  created: { kind: "time", sql: sql.ref("v.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("v.updated_at"), required: true },
  model: referenceField(sql.ref("v.model_id"), "model"),
  project: referenceField(sql.ref("v.project_id"), "project"),
  user: referenceField(sql.ref("v.created_by"), "principal"),
  tags: tagsField("v.id"),
  run_metadata: metadataField("v.id"),
};

const linkFields = (linked: string): Fields => ({
  id: { kind: "uuid", sql: sql.ref("l.id"), required: true },
  created: { kind: "time", sql: sql.ref("l.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("l.created_at"), required: true },
  model_version_id: { kind: "uuid", sql: sql.ref("l.model_version_id") },
  [linked]: { kind: "uuid", sql: sql.ref(`l.${linked === "pipeline_run_id" ? "run_id" : linked}`) },
});

const FLAG: Fields = { value: { kind: "bool", sql: sql`true` } };
/** A flag that keeps all rows when it is false. */
const whenTrue = (condition: RawBuilder<unknown>): Fields[string] => ({
  kind: "bool",
  where: (_, value) => sql`(not ${conditionsSql(FLAG, [{ field: "value", op: "equals", value }])} or ${condition})`,
});

export const MODEL_VERSION_ARTIFACT_FIELDS: Fields = {
  ...linkFields("artifact_version_id"),
  artifact_name: { kind: "text", sql: sql.ref("a.name") },
  has_custom_name: { kind: "bool", sql: sql.ref("a.has_custom_name") },
  user: referenceField(sql.ref("av.created_by"), "principal"),
  only_data_artifacts: whenTrue(sql`av.type not in ('ServiceArtifact', 'ModelArtifact')`),
  only_model_artifacts: whenTrue(sql`av.type = 'ModelArtifact'`),
  only_deployment_artifacts: whenTrue(sql`av.type = 'ServiceArtifact'`),
};

export const MODEL_VERSION_RUN_FIELDS: Fields = {
  ...linkFields("pipeline_run_id"),
  pipeline_run_name: { kind: "text", sql: sql.ref("r.name") },
  user: referenceField(sql.ref("r.created_by"), "principal"),
};

type Paged<T> = { total: number; items: T[] };
const byId = z.strictObject({ id: z.uuid() });
const columns = (alias: "m" | "v") => ({
  workspaceId: `${alias}.workspace_id`,
  projectId: `${alias}.project_id`,
  ownerId: `${alias}.created_by`,
  thingId: alias === "m" ? "m.id" : "v.model_id",
});

/** A page of models with the newest version of each. */
export const listModels = defineQuery({
  name: "model.list",
  permission: "model:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<Paged<ModelView>> => {
    const { total, ids } = await pageOfIds(tx, {
      from: sql`model m`,
      id: "m.id",
      fields: MODEL_FIELDS,
      ...input,
      visible: visibleTo(actor, "model:read", columns("m")),
    });
    return { total, items: inOrder(ids, await readModels(tx, ids)) };
  },
});

/** One model. Error: not_found. */
export const getModel = defineQuery({
  name: "model.get",
  permission: "model:read",
  input: byId,
  scope: ({ tx, input }) => modelTarget(tx, input.id),
  run: async ({ tx, input }): Promise<ModelView> => (await readModels(tx, [input.id]))[0] as ModelView,
});

/** A page of versions. */
export const listModelVersions = defineQuery({
  name: "model-version.list",
  permission: "model:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<Paged<ModelVersionView>> => {
    const { total, ids } = await pageOfIds(tx, {
      from: sql`model_version v`,
      id: "v.id",
      fields: MODEL_VERSION_FIELDS,
      ...input,
      visible: visibleTo(actor, "model:read", columns("v")),
    });
    return { total, items: inOrder(ids, await readModelVersions(tx, ids)) };
  },
});

/** One version. Error: not_found. */
export const getModelVersion = defineQuery({
  name: "model-version.get",
  permission: "model:read",
  input: byId,
  scope: ({ tx, input }) => modelVersionTarget(tx, input.id),
  run: async ({ tx, input }): Promise<ModelVersionView> => (await readModelVersions(tx, [input.id]))[0] as ModelVersionView,
});

/** A page of links between versions and artifact versions. */
export const listModelVersionArtifacts = defineQuery({
  name: "model-version.list-artifacts",
  permission: "model:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<Paged<ModelVersionLink>> => {
    const from = sql`model_version_artifact l join model_version v on v.id = l.model_version_id join artifact_version av on av.id = l.artifact_version_id join artifact a on a.id = av.artifact_id`;
    const { total, ids } = await pageOfIds(tx, {
      from,
      id: "l.id",
      fields: MODEL_VERSION_ARTIFACT_FIELDS,
      ...input,
      visible: visibleTo(actor, "model:read", columns("v")),
    });
    const rows =
      ids.length === 0
        ? []
        : await tx
            .selectFrom("model_version_artifact")
            .select(["id", "model_version_id", "artifact_version_id as linked_id", "created_at"])
            .where("id", "in", ids)
            .execute();
    return { total, items: inOrder(ids, rows) };
  },
});

/** A page of links between versions and runs. */
export const listModelVersionRuns = defineQuery({
  name: "model-version.list-runs",
  permission: "model:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<Paged<ModelVersionLink>> => {
    const from = sql`model_version_run l join model_version v on v.id = l.model_version_id join run r on r.id = l.run_id`;
    const { total, ids } = await pageOfIds(tx, {
      from,
      id: "l.id",
      fields: MODEL_VERSION_RUN_FIELDS,
      ...input,
      visible: visibleTo(actor, "model:read", columns("v")),
    });
    const rows =
      ids.length === 0
        ? []
        : await tx.selectFrom("model_version_run").select(["id", "model_version_id", "run_id as linked_id", "created_at"]).where("id", "in", ids).execute();
    return { total, items: inOrder(ids, rows) };
  },
});

/** Whose a model is. Error: not_found. */
export async function modelTarget(tx: Tx, id: string) {
  const row = await tx
    .selectFrom("model")
    .select(["workspace_id as workspaceId", "project_id as projectId", "created_by as ownerId", "id", "name"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", `There is no model ${id} here.`);
  return { ...row, thing: { type: "model", id: row.id, name: row.name } };
}

async function readModels(tx: Tx, ids: readonly string[]): Promise<ModelView[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("model as m")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("model_version as v")
          .select(["v.id as latest_version_id", "v.name as latest_version_name"])
          .whereRef("v.model_id", "=", "m.id")
          .orderBy("v.number", "desc")
          .limit(1)
          .as("latest"),
      (join) => join.onTrue(),
    )
    .select([
      "m.id",
      "m.project_id",
      "m.name",
      "m.created_by",
      "m.created_at",
      "m.updated_at",
      "m.license",
      "m.description",
      "m.audience",
      "m.use_cases",
      "m.limitations",
      "m.trade_offs",
      "m.ethics",
      "m.save_models_to_registry",
      "latest_version_id",
      "latest_version_name",
    ])
    .where("m.id", "in", [...ids])
    .execute();
}

async function readModelVersions(tx: Tx, ids: readonly string[]): Promise<ModelVersionView[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom("model_version")
    .select(["id", "project_id", "model_id", "number", "name", "description", "stage", "created_by", "created_at", "updated_at"])
    .where("id", "in", [...ids])
    .execute();
  const models = await tx
    .selectFrom("model")
    .select(["id", "project_id", "name", "created_by", "created_at", "updated_at"])
    .where("id", "in", [...new Set(rows.map((row) => row.model_id))])
    .execute();
  const byModelId = new Map(models.map((model) => [model.id, model]));
  return rows.map(({ model_id: modelId, ...row }) => ({ ...row, model: byModelId.get(modelId) as ModelRow }));
}
