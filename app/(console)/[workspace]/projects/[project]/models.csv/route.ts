import { MODEL_LIST } from "@/components/model/lists";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listModelRows } from "@/lib/models/list-model-rows";
import { exportList } from "../../../../list-export";

export const dynamic = "force-dynamic";

/** The models that a filter shows, as CSV. */
export const GET = route("model:read", ({ context, place, url }) => {
  const { project } = place;
  if (!project) throw new AppError("not_found", "There is no such project here.");
  return exportList(
    url,
    `models-${context.workspace?.slug}-${project.name}`,
    MODEL_LIST,
    (input) => ask(listModelRows, context, { projectId: project.id, ...input }),
    [
      ["model", (row) => row.name],
      ["id", (row) => row.id],
      ["description", (row) => row.description],
      ["versions", (row) => row.versions],
      ["newest version", (row) => row.latest?.name ?? null],
      ["newest version at", (row) => row.latest?.at ?? null],
      ["in production", (row) => row.production],
      ["in staging", (row) => row.staging],
      ["tags", (row) => row.tags],
      ["made by", (row) => row.by?.name ?? null],
      ["created", (row) => row.createdAt],
    ],
  );
});
