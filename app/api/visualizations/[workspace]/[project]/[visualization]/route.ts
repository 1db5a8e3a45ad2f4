import { issueVisualization } from "@/lib/artifacts/open-files";
import { showVisualization } from "@/lib/artifacts/show-visualization";
import { getVisualization } from "@/lib/artifacts/stored-files";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";

/** What a visualization is shown as: data for our own table or tree, or the one-use address of a frame or picture. */
export const POST = route("artifact:read", async ({ context, params }) => {
  const id = params.visualization;
  const visualization = await ask(getVisualization, context, { id });
  const shown = await showVisualization(context, visualization);
  if (shown.kind === "table" || shown.kind === "json") return Response.json(shown);
  const secret = await execute(issueVisualization, context, { id });
  const door = shown.kind === "picture" ? "images" : "frames";
  return Response.json({ ...shown, url: `/api/${door}/${params.workspace}/${params.project}/${secret}` });
});
