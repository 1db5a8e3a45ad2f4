import { MODEL_VERSION_LIST } from "@/components/model/lists";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listModelVersionRows } from "@/lib/models/list-version-rows";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The model versions that a filter shows, as CSV. */
export const GET = route("model:read", ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return exportList(
    url,
    `model-versions-${context.workspace?.slug}-${project.name}`,
    MODEL_VERSION_LIST,
    (input) => ask(listModelVersionRows, context, { projectId: project.id, ...input }),
    [
      ["model", (row) => row.model],
      ["version", (row) => row.version],
      ["number", (row) => row.number],
      ["id", (row) => row.id],
      ["stage", (row) => row.stage],
      ["run", (row) => row.run?.number ?? null],
      ["run id", (row) => row.run?.id ?? null],
      ["pipeline", (row) => row.run?.pipeline ?? null],
      ["metrics", (row) => row.metrics.map(({ key, value }) => `${key}=${value}`)],
      ["tags", (row) => row.tags],
      ["made by", (row) => row.by?.name ?? null],
      ["made", (row) => row.createdAt],
    ],
  );
});
