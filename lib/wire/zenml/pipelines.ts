import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { readInScope } from "@/lib/kernel/transaction";
import { createPipeline } from "@/lib/pipelines/create-pipeline";
import { deletePipeline, updatePipeline } from "@/lib/pipelines/change-pipeline";
import { getPipeline, listPipelines, PIPELINE_FIELDS, type PipelineRow } from "@/lib/pipelines/read-pipelines";
import { bodyOf, tagWishes } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { checkPage, parseList } from "./list-query";
import { latestRuns, nestedTags, nestedUsers } from "./nested";
import { projectIdOf } from "./project-parameter";
import { entity, pageOf, times } from "./respond";

export const PIPELINE_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/pipelines",
    permission: "pipeline:read",
    audit: "none: a read",
    list: true,
    handle: async (call) => {
      const { spec, page, size } = parseList(call.query, PIPELINE_FIELDS, { ignore: ["project"] });
      const { rows, total } = await ask(listPipelines, call.context, { spec, projectId: await projectIdOf(call) });
      checkPage(page, size, total);
      return pageOf(await present(call, rows), total, page, size);
    },
  },
  {
    method: "POST",
    path: "/pipelines",
    permission: "pipeline:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, z.object({ project: z.string(), name: z.string(), description: z.string().nullish(), tags: tagWishes.nullish() }));
      return one(call, await execute(createPipeline, call.context, body));
    },
  },
  {
    method: "GET",
    path: "/pipelines/{pipeline_id}",
    permission: "pipeline:read",
    audit: "none: a read",
    handle: async (call) => one(call, call.path.pipeline_id as string),
  },
  {
    method: "PUT",
    path: "/pipelines/{pipeline_id}",
    permission: "pipeline:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, z.object({ description: z.string().nullish(), add_tags: tagWishes.nullish(), remove_tags: z.array(z.string()).nullish() }));
      const id = await execute(updatePipeline, call.context, {
        pipelineId: call.path.pipeline_id,
        description: body.description ?? null,
        addTags: body.add_tags ?? null,
        removeTags: body.remove_tags ?? null,
      });
      return one(call, id);
    },
  },
  {
    method: "DELETE",
    path: "/pipelines/{pipeline_id}",
    permission: "pipeline:delete",
    audit: "entry",
    handle: async (call) => {
      await execute(deletePipeline, call.context, { pipelineId: call.path.pipeline_id });
      return null;
    },
  },
];

async function one(call: WireCall, pipelineId: string) {
  const row = await ask(getPipeline, call.context, { pipelineId });
  return (await present(call, [row]))[0];
}

async function present(call: WireCall, rows: readonly PipelineRow[]) {
  const ids = rows.map((row) => row.id);
  const place = { workspaceId: call.context.workspace.id };
  return readInScope([call.context.workspace.id], async (tx) => {
    const [latest, tags] = await Promise.all([latestRuns(tx, "pipeline_id", ids), nestedTags(tx, ids)]);
    const { user } = await nestedUsers(tx, [...rows.map((row) => row.created_by), ...[...latest.values()].map((run) => run.created_by)]);
    return rows.map((row) => {
      const newest = latest.get(row.id);
      const run =
        newest && can(call.context.actor, "run:read", { ...place, projectId: row.project_id, ownerId: newest.created_by }).allowed ? newest : undefined;
      return entity({
        id: row.id,
        name: row.name,
        body: { ...times(row), user_id: row.created_by, project_id: row.project_id },
        metadata: call.hydrate ? { description: row.description } : null,
        resources: {
          user: user(row.created_by),
          latest_run_user: run ? user(run.created_by) : null,
          latest_run_id: run?.id ?? null,
          latest_run_status: run?.status ?? null,
          tags: tags.get(row.id) ?? [],
          visualizations: [],
        },
      });
    });
  });
}
