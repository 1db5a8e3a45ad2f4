import { STEP_LIST } from "@/components/step/step-list";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listStepRows } from "@/lib/runs/list-step-rows";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The steps that a filter shows, as CSV. */
export const GET = route("run:read", ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return exportList(
    url,
    `steps-${context.workspace?.slug}-${project.name}`,
    STEP_LIST,
    (input) => ask(listStepRows, context, { ...input, projectId: project.id }),
    [
      ["step", (row) => row.name],
      ["try", (row) => row.try],
      ["status", (row) => row.status],
      ["id", (row) => row.id],
      ["run number", (row) => row.run.number],
      ["run", (row) => row.run.name],
      ["run id", (row) => row.run.id],
      ["pipeline", (row) => row.pipeline],
      ["started by", (row) => row.by?.name ?? null],
      ["origin", (row) => row.origin],
      ["model", (row) => row.model?.name ?? null],
      ["model version", (row) => row.model?.version ?? null],
      ["code digest", (row) => row.codeHash],
      ["cache key", (row) => row.cacheKey],
      ["description", (row) => row.docstring],
      ["tags of the run", (row) => row.tags],
      ["started", (row) => row.startedAt],
      ["ended", (row) => row.endedAt],
      ["duration seconds", (row) => row.durationS],
    ],
  );
});
