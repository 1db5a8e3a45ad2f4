import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { DocumentationKey, ModelPage, StageInterval } from "./schema";
import { CREATOR, tagsOf, whoOf } from "./version-rows";

// One model by its name, for its page: documentation, which versions hold a stage, and when each of them did.

const MOST_INTERVALS = 500;

const noSuchModel = () => new AppError("not_found", "There is no such model here.", { reason: "not_readable" });

/** The model of a name in a project, as the target of a decision. Error: not_found. */
export async function namedModel(tx: Tx, projectId: string, name: string) {
  const row = await tx
    .selectFrom("model")
    .select(["id", "name", "workspace_id", "created_by"])
    .where("project_id", "=", projectId)
    .where("name", "=", name)
    .executeTakeFirst();
  if (!row) throw noSuchModel();
  return { workspaceId: row.workspace_id, projectId, ownerId: row.created_by, thing: { type: "model", id: row.id, name: row.name } };
}

type Found = Record<DocumentationKey, string | null> & {
  id: string;
  name: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  creator: string | null;
  creator_kind: string | null;
  tags: string[];
  versions: number;
  latest: ModelPage["latest"];
  production: string | null;
  staging: string | null;
};

/** What the page of a model shows. Error: not_found. */
export const getModelPage = defineQuery({
  name: "model.page",
  permission: "model:read",
  input: z.strictObject({ projectId: z.uuid(), name: z.string() }),
  scope: ({ tx, input }) => namedModel(tx, input.projectId, input.name),
  run: async ({ tx, actor, input, workspace }): Promise<ModelPage> => {
    const { thing } = await namedModel(tx, input.projectId, input.name);
    const model = await readModelFacts(tx, thing.id);
    return { ...model, stages: await readStages(tx, actor, { workspaceId: workspace?.id ?? "", modelId: thing.id }) };
  },
});

/** The facts of a model that its page and its versions' pages show. Error: not_found. */
export async function readModelFacts(tx: Tx, modelId: string): Promise<Omit<ModelPage, "stages">> {
  const stage = (name: string) => sql`(select v.name from model_version v where v.model_id = x.id and v.stage = ${sql.lit(name)} limit 1)`;
  const { rows } = await sql<Found>`
    select x.id, x.name, x.description, x.license, x.audience, x.use_cases, x.limitations, x.trade_offs, x.ethics, x.created_by, x.created_at, x.updated_at, ${CREATOR},
      ${tagsOf("x.id")} as tags, x.version_count as versions,
      (select jsonb_build_object('name', v.name, 'at', v.created_at) from model_version v where v.model_id = x.id order by v.number desc limit 1) as latest,
      ${stage("production")} as production, ${stage("staging")} as staging
    from model x left join principal u on u.id = x.created_by where x.id = ${modelId}`.execute(tx);
  const [row] = rows;
  if (!row) throw noSuchModel();
  const { description, license, audience, use_cases, limitations, trade_offs, ethics } = row;
  return {
    id: row.id,
    name: row.name,
    documentation: { description, license, audience, use_cases, limitations, trade_offs, ethics },
    ownerId: row.created_by,
    by: whoOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    tags: row.tags,
    versions: row.versions,
    latest: row.latest,
    production: row.production,
    staging: row.staging,
  };
}

type FoundInterval = { version: string; stage: string; valid_from: string; valid_to: string | null; seq: number | null; actor: string | null };

/** When versions held a stage, newest first; with the entries that opened the intervals for those who read the trail of the workspace. */
export async function readStages(tx: Tx, actor: Actor, of: { workspaceId: string; modelId: string; versionId?: string }): Promise<StageInterval[]> {
  const readsEntries = can(actor, "audit-entry:read", { workspaceId: of.workspaceId }).allowed;
  const entry = readsEntries
    ? sql`left join lateral (select e.seq, e.actor_name from audit_entry e where e.target_id = i.model_version_id::text and e.request_id = i.opened_request_id
        and e.workspace_id = ${of.workspaceId} order by e.seq limit 1) e on true`
    : sql`left join (select null::bigint as seq, null::text as actor_name) e on false`;
  const { rows } = await sql<FoundInterval>`
    select v.name as version, i.stage, i.valid_from, i.valid_to, e.seq, e.actor_name as actor
    from model_version v join model_stage_interval i on i.model_version_id = v.id ${entry}
    where v.model_id = ${of.modelId} ${of.versionId ? sql`and v.id = ${of.versionId}` : sql``}
    order by i.valid_from desc, v.number desc limit ${MOST_INTERVALS}`.execute(tx);
  return rows.map((row) => ({
    version: row.version,
    stage: row.stage,
    from: row.valid_from,
    to: row.valid_to,
    entry: row.seq !== null ? { seq: Number(row.seq), actor: row.actor ?? "" } : null,
  }));
}
