import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { ARTIFACT_ROW_FIELDS, LATEST_METADATA } from "@/lib/artifacts/list-artifact-rows";
import { versionRowFields } from "@/lib/artifacts/list-version-rows";
import type { Actor } from "@/lib/identity/actor";
import type { Fields } from "@/lib/kernel/list";
import type { MetadataList } from "@/lib/metadata/metadata-filter";
import { modelRowFields } from "@/lib/models/list-model-rows";
import { modelVersionRowFields } from "@/lib/models/list-version-rows";
import { pipelineRowFields } from "@/lib/pipelines/list-pipeline-rows";
import { runFields } from "@/lib/runs/list-runs";
import { RUNNING } from "@/lib/runs/status";
import type { BulkList, Counted } from "./schema";

// What acts on many things have to know of each list: its things as rows of one shape, how its page's filters are read, and what hangs on
// them when they are deleted.

type Count = Omit<Counted, "count"> & { count: RawBuilder<number> };

type Definition = {
  /** Rows with id, workspace_id, project_id, created_by, created_at, name. */
  things: RawBuilder<unknown>;
  /** The fields that the list's page filters by, over the table `of` whose id is `id`, and what `meta.` means there. */
  filters: { of: string; id: string; fields: (actor: Actor, projectId: string) => Fields; metadata?: Omit<MetadataList, "projectId"> };
  /** What can no longer be stopped, as a condition on `x`. */
  hasEnded?: RawBuilder<SqlBool>;
  /** Counts over `doomed`, the things that a deletion takes. */
  falls: Count[];
  stays: Count[];
  /** Sentences that a count makes when it is not null. */
  warns?: { count: RawBuilder<number>; says: (count: string) => string }[];
};

const doomed = sql`(select id from doomed)`;
const stepsOfRuns = sql`(select s.id from step_run s where s.run_id in ${doomed})`;
const count = (from: RawBuilder<unknown>, what: RawBuilder<unknown> = sql`*`): RawBuilder<number> => sql<number>`(select count(${what})::int from ${from})`;
const runsOfPipelines = sql`(select r.id from run r where r.pipeline_id in ${doomed})`;
const versionsOfArtifacts = sql`(select v.id from artifact_version v where v.artifact_id in ${doomed})`;
const versionsOfModels = sql`(select v.id from model_version v where v.model_id in ${doomed})`;

/** What an artifact version that goes leaves behind it; `versions` are their ids. */
const ofVersions = (versions: RawBuilder<unknown>) => ({
  falls: [
    {
      what: "visualizations",
      one: "visualization",
      many: "visualizations",
      count: count(sql`artifact_visualization v where v.artifact_version_id in ${versions}`),
    },
    {
      what: "inputs",
      one: "step input that names it",
      many: "step inputs that name them",
      count: count(sql`step_run_input i where i.artifact_version_id in ${versions}`),
    },
    {
      what: "outputs",
      one: "step output that names it",
      many: "step outputs that name them",
      count: count(sql`step_run_output o where o.artifact_version_id in ${versions}`),
    },
    {
      what: "links",
      one: "link to a model version",
      many: "links to model versions",
      count: count(sql`model_version_artifact m where m.artifact_version_id in ${versions}`),
    },
  ],
  stays: [
    {
      what: "files",
      one: "file or directory in the artifact store",
      many: "files or directories in the artifact store",
      count: count(sql`artifact_version v where v.id in ${versions}`),
    },
  ],
});

/** The same for model versions. */
const ofModelVersions = (versions: RawBuilder<unknown>) => ({
  falls: [
    {
      what: "stages",
      one: "stage in their history",
      many: "stages in their history",
      count: count(sql`model_stage_interval i where i.model_version_id in ${versions}`),
    },
  ],
  stays: [
    { what: "runs", one: "run", many: "runs", count: count(sql`model_version_run l where l.model_version_id in ${versions}`, sql`distinct l.run_id`) },
    {
      what: "artifacts",
      one: "artifact version",
      many: "artifact versions",
      count: count(sql`model_version_artifact l where l.model_version_id in ${versions}`, sql`distinct l.artifact_version_id`),
    },
  ],
  warns: [
    {
      count: count(sql`model_version v where v.id in ${versions} and v.stage in ('staging', 'production')`),
      says: (number: string) => `${number} of the versions that go ${number === "1" ? "is" : "are"} in staging or production.`,
    },
  ],
});

const plain = (table: string) => sql`select t.id, t.workspace_id, t.project_id, t.created_by, t.created_at, t.name from ${sql.table(table)} t`;

export const BULK_DEFINITIONS: Record<BulkList, Definition> = {
  runs: {
    things: sql`select t.id, t.workspace_id, t.project_id, t.created_by, t.created_at, '№ ' || t.number || ' ' || t.name as name, t.status from run t`,
    filters: { of: "run r", id: "r.id", fields: runFields, metadata: { id: "r.id", type: "pipeline_run" } },
    hasEnded: sql<SqlBool>`x.status not in (${sql.join(RUNNING)})`,
    falls: [
      { what: "steps", one: "step", many: "steps", count: count(sql`step_run s where s.run_id in ${doomed}`) },
      { what: "logs", one: "log record", many: "log records", count: count(sql`log_record l where l.run_id in ${doomed} or l.step_run_id in ${stepsOfRuns}`) },
      {
        what: "metadata",
        one: "metadata value",
        many: "metadata values",
        count: count(sql`metadata_entry m where m.resource_id in ${doomed} or m.resource_id in ${stepsOfRuns}`),
      },
      { what: "questions", one: "question", many: "questions", count: count(sql`wait_condition w where w.run_id in ${doomed}`) },
    ],
    stays: [
      {
        what: "artifacts",
        one: "artifact version that they made",
        many: "artifact versions that they made",
        count: count(sql`artifact_version v where v.producer_run_id in ${doomed}`),
      },
      {
        what: "model-versions",
        one: "model version",
        many: "model versions",
        count: count(sql`model_version_run l where l.run_id in ${doomed}`, sql`distinct l.model_version_id`),
      },
    ],
    warns: [
      {
        count: count(sql`run r where r.id in ${doomed} and r.in_progress`),
        says: (number) => `${number} ${number === "1" ? "has" : "have"} not ended: what still runs will find nothing to report to.`,
      },
    ],
  },
  pipelines: {
    things: plain("pipeline"),
    filters: { of: "pipeline x", id: "x.id", fields: pipelineRowFields },
    falls: [
      { what: "runs", one: "run", many: "runs", count: count(sql`run r where r.pipeline_id in ${doomed}`) },
      { what: "steps", one: "step", many: "steps", count: count(sql`step_run s where s.run_id in ${runsOfPipelines}`) },
      { what: "snapshots", one: "snapshot", many: "snapshots", count: count(sql`snapshot n where n.pipeline_id in ${doomed}`) },
    ],
    stays: [
      {
        what: "artifacts",
        one: "artifact version that their runs made",
        many: "artifact versions that their runs made",
        count: count(sql`artifact_version v where v.producer_run_id in ${runsOfPipelines}`),
      },
    ],
  },
  artifacts: {
    things: plain("artifact"),
    filters: { of: "artifact x", id: "x.id", fields: () => ARTIFACT_ROW_FIELDS, metadata: LATEST_METADATA },
    falls: [
      { what: "versions", one: "version", many: "versions", count: count(sql`artifact_version v where v.artifact_id in ${doomed}`) },
      ...ofVersions(versionsOfArtifacts).falls,
    ],
    stays: ofVersions(versionsOfArtifacts).stays,
  },
  "artifact-versions": {
    things: sql`select t.id, t.workspace_id, t.project_id, t.created_by, t.created_at, a.name || ' ' || t.version as name
      from artifact_version t join artifact a on a.id = t.artifact_id`,
    filters: { of: "artifact_version x", id: "x.id", fields: versionRowFields, metadata: { id: "x.id", type: "artifact_version" } },
    ...ofVersions(doomed),
  },
  models: {
    things: plain("model"),
    filters: { of: "model x", id: "x.id", fields: modelRowFields },
    ...ofModelVersions(versionsOfModels),
    falls: [
      { what: "versions", one: "version", many: "versions", count: count(sql`model_version v where v.model_id in ${doomed}`) },
      ...ofModelVersions(versionsOfModels).falls,
    ],
  },
  "model-versions": {
    things: sql`select t.id, t.workspace_id, t.project_id, t.created_by, t.created_at, m.name || ' ' || t.name as name
      from model_version t join model m on m.id = t.model_id`,
    filters: { of: "model_version x", id: "x.id", fields: modelVersionRowFields, metadata: { id: "x.id", type: "model_version" } },
    ...ofModelVersions(doomed),
  },
};
