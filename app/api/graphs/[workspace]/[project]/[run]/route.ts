import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { getRunGraph } from "@/lib/runs/run-graph";

/** The graph of a run, for its graph and its timeline: `/api/graphs/<workspace>/<project>/<run>?at=<when it last changed>`. */
export const GET = route("run:read", async ({ context, place, params }) => {
  if (!place.project || !isUuid(params.run)) throw new AppError("not_found", "There is no such thing here.");
  return Response.json(await ask(getRunGraph, context, { projectId: place.project.id, runId: params.run }));
});
