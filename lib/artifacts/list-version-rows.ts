import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { creatorField, linked, valuesOf } from "@/lib/kernel/linked-field";
import { conditionsSql, type Field, type Fields } from "@/lib/kernel/list";
import { inOrder } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { metadataFields } from "@/lib/metadata/metadata-filter";
import { usesField } from "./list-artifact-rows";
import type { VersionTableRow } from "./row-schema";
import { readVersions, toVersionRow } from "./version-rows";

// The artifact versions of a project as their page lists them.

const text = (from: RawBuilder<unknown>, column: string): Field => ({
  kind: "text",
  where: linked((match) => sql<SqlBool>`exists (select 1 from ${from} and ${match})`, sql.ref(column)),
});

const RUN_NUMBER: Fields = { number: { kind: "number", sql: sql.ref("r.number") } };

/** By the number of a run that `from` reaches. */
export const runNumberField = (from: RawBuilder<unknown>): Field => ({
  kind: "number",
  where: (op, value) =>
    op === "isnull"
      ? sql<SqlBool>`not exists (select 1 from ${from})`
      : sql<SqlBool>`exists (select 1 from ${from} and ${conditionsSql(RUN_NUMBER, [{ field: "number", op, value }])})`,
});

const READERS = sql`step_run_input i join step_run s on s.id = i.step_run_id join run r on r.id = s.run_id where i.artifact_version_id = x.id`;

/** By the artifact's name; one name is one id, so that the index of its versions gives the order. */
const artifactField = (projectId: string | null): Field => {
  const byName = linked((match) => sql<SqlBool>`exists (select 1 from artifact a where a.id = x.artifact_id and ${match})`, sql.ref("a.name"));
  return {
    kind: "text",
    where: (op, value) =>
      projectId !== null && op === "oneof" && valuesOf(value).length === 1
        ? sql<SqlBool>`x.artifact_id = (select a.id from artifact a where a.project_id = ${projectId} and a.name = ${valuesOf(value)[0]})`
        : byName(op, value),
  };
};

const FIELDS: Fields = {
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  items: { kind: "number", sql: sql.ref("x.item_count") },
  version: { kind: "text", sql: sql.ref("x.version"), required: true, sortable: false },
  type: { kind: "enum", sql: sql.ref("x.type"), sortable: false },
  data_type: { kind: "text", sql: sql`concat_ws('.', x.data_type->>'module', x.data_type->>'attribute')`, sortable: false },
  saved: { kind: "enum", sql: sql.ref("x.save_type"), sortable: false },
  uri: { kind: "text", sql: sql.ref("x.uri"), sortable: false },
  content: { kind: "text", sql: sql.ref("x.content_hash"), sortable: false },
  run: text(sql`run r where r.id = x.producer_run_id`, "r.name"),
  run_number: runNumberField(sql`run r where r.id = x.producer_run_id`),
  pipeline: text(sql`run r join pipeline p on p.id = r.pipeline_id where r.id = x.producer_run_id`, "p.name"),
  step: text(sql`step_run s where s.id = x.producer_step_run_id`, "s.name"),
  store: text(sql`component c where c.id = x.artifact_store_id`, "c.name"),
  tag: text(sql`tag_resource g join tag t on t.id = g.tag_id where g.resource_id = x.id`, "t.name"),
  used: usesField(
    sql<SqlBool>`exists (select 1 from step_run_input i where i.artifact_version_id = x.id)`,
    sql<SqlBool>`exists (select 1 from model_version_artifact l where l.artifact_version_id = x.id)`,
  ),
  read_by_step: text(READERS, "s.name"),
  read_by_run: runNumberField(READERS),
  model: text(
    sql`model_version_artifact l join model_version n on n.id = l.model_version_id join model m on m.id = n.model_id where l.artifact_version_id = x.id`,
    "m.name",
  ),
};

/** What versions are filtered and sorted by, over `artifact_version x`; in a known project artifacts are found by their name at once. */
export const versionRowFields = (actor: Pick<Actor, "id">, projectId: string | null): Fields => ({
  ...FIELDS,
  artifact: artifactField(projectId),
  by: creatorField(actor, "x.created_by"),
});

/** Lists the artifact versions of a project. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listVersionRows = defineQuery({
  name: "artifact-version.table",
  permission: "artifact:read",
  input: keysetInput.extend({ projectId: z.uuid() }),
  scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id, isList: true }),
  run: async ({ tx, actor, workspace, input: { projectId, ...input } }): Promise<KeysetPage<VersionTableRow>> => {
    const own = versionRowFields(actor, projectId);
    const metadata = await metadataFields(tx, { id: "x.id", projectId, type: "artifact_version" }, input.conditions, input.countsAll);
    const page = await keysetPage<{ id: string }>(tx, {
      source: sql`(select v.* from artifact_version v where v.project_id = ${projectId}) x`,
      fields: { ...own, ...metadata.page },
      countFields: { ...own, ...metadata.count },
      countedUpTo: metadata.countedUpTo,
      input,
      visible: visibleTo(actor, "artifact:read", {
        workspaceId: "x.workspace_id",
        projectId: "x.project_id",
        ownerId: "x.created_by",
        thingId: "x.artifact_id",
      }),
      list: `artifact-versions ${projectId}`,
      readerId: actor.id,
      kept: { actor, permission: "artifact:read", workspaceId: workspace?.id, projectId, kind: "artifact_version" },
      totalOfAll: metadata.total,
    });
    const ids = page.rows.map((row) => row.id);
    return { ...page, rows: inOrder(ids, (await readVersions(tx, ids)).map(toVersionRow)) };
  },
});
