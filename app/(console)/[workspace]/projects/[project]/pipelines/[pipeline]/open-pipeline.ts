import { notFound } from "next/navigation";
import { projectPath } from "@/components/project/paths";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import type { PageArguments } from "@/lib/kernel/page";

/** The place and the pipeline's name that the path of its pages has. */
export function openPipeline({ place, params }: Pick<PageArguments, "place" | "params">) {
  const { workspace, project } = place;
  const name = decodeSegment(params.pipeline ?? "");
  if (!workspace || !project || !name) notFound();
  return { workspace, project, name, base: projectPath(workspace.slug, project.name) };
}
