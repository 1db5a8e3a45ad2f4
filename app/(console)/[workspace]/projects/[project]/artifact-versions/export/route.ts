import { VERSION_LIST } from "@/components/artifact/lists";
import { listVersionRows } from "@/lib/artifacts/list-version-rows";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The artifact versions that a filter shows, as CSV. */
export const GET = route("artifact:read", ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return exportList(
    url,
    `artifact-versions-${context.workspace?.slug}-${project.name}`,
    VERSION_LIST,
    (input) => ask(listVersionRows, context, { ...input, projectId: project.id }),
    [
      ["artifact", (row) => row.artifact],
      ["version", (row) => row.version],
      ["id", (row) => row.id],
      ["type", (row) => row.type],
      ["data type", (row) => row.dataType],
      ["saved as", (row) => row.saveType],
      ["producer run number", (row) => row.producer?.runNumber ?? null],
      ["producer run id", (row) => row.producer?.runId ?? null],
      ["producer pipeline", (row) => row.producer?.pipeline ?? null],
      ["producer step", (row) => row.producer?.step ?? null],
      ["steps that read it (at most 100)", (row) => row.readBy.count],
      ["model versions linked (at most 100)", (row) => row.models.count],
      ["content digest", (row) => row.contentHash],
      ["items", (row) => row.items],
      ["size in bytes", (row) => row.sizeBytes],
      ["store", (row) => row.store],
      ["uri", (row) => row.uri],
      ["tags", (row) => row.tags],
      ["made by", (row) => row.by?.name ?? null],
      ["made", (row) => row.createdAt],
    ],
  );
});
