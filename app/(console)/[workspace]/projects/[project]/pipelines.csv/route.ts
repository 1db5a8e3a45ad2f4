import { PIPELINE_LIST } from "@/components/pipeline/lists";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listPipelineRows } from "@/lib/pipelines/list-pipeline-rows";
import { exportList } from "../../../../list-export";

export const dynamic = "force-dynamic";

/** The pipelines that a filter shows, as CSV. */
export const GET = route("pipeline:read", ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return exportList(
    url,
    `pipelines-${context.workspace?.slug}-${project.name}`,
    PIPELINE_LIST,
    (input) => ask(listPipelineRows, context, { projectId: project.id, ...input }),
    [
      ["pipeline", (row) => row.name],
      ["id", (row) => row.id],
      ["last run", (row) => row.lastRun?.number ?? null],
      ["status of the last run", (row) => row.lastRun?.status ?? null],
      ["last run at", (row) => row.lastRun?.at ?? null],
      ["ended in 30 days", (row) => row.ended],
      ["succeeded in 30 days", (row) => row.succeeded],
      ["median seconds", (row) => row.medianS],
      ["schedules", (row) => row.schedules.map(({ name, plan, isActive }) => `${name}: ${plan}${isActive ? "" : ", paused"}`)],
      ["snapshots", (row) => row.snapshots],
      ["models", (row) => row.models],
      ["tags", (row) => row.tags],
      ["made by", (row) => row.by?.name ?? null],
      ["created", (row) => row.createdAt],
    ],
  );
});
