import { ARTIFACT_LIST } from "@/components/artifact/lists";
import { listArtifactRows } from "@/lib/artifacts/list-artifact-rows";
import { COUNTED_VERSIONS } from "@/lib/artifacts/version-rows";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../list-export";

// Beside the artifacts and not below them: what stands below is an artifact's name.

export const dynamic = "force-dynamic";

/** The artifacts that a filter shows, as CSV. */
export const GET = route("artifact:read", ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return exportList(
    url,
    `artifacts-${context.workspace?.slug}-${project.name}`,
    ARTIFACT_LIST,
    (input) => ask(listArtifactRows, context, { ...input, projectId: project.id }),
    [
      ["artifact", (row) => row.name],
      ["id", (row) => row.id],
      ["versions", (row) => row.versions],
      ["latest version", (row) => row.latest?.version ?? null],
      ["latest version id", (row) => row.latest?.id ?? null],
      ["type", (row) => row.latest?.type ?? null],
      ["data type", (row) => row.latest?.dataType ?? null],
      ["producer run number", (row) => row.producer?.runNumber ?? null],
      ["producer run id", (row) => row.producer?.runId ?? null],
      ["producer pipeline", (row) => row.producer?.pipeline ?? null],
      ["producer step", (row) => row.producer?.step ?? null],
      [`runs that read it (${COUNTED_VERSIONS} newest versions)`, (row) => row.readBy.count],
      [`models linked (${COUNTED_VERSIONS} newest versions)`, (row) => row.models.count],
      ["items", (row) => row.latest?.items ?? null],
      ["size in bytes", (row) => row.latest?.sizeBytes ?? null],
      ["store", (row) => row.latest?.store ?? null],
      ["tags", (row) => row.tags],
      ["updated", (row) => row.updatedAt],
    ],
  );
});
