import { spendVisualization } from "@/lib/artifacts/open-files";
import { pictureType, readVisualization } from "@/lib/artifacts/show-visualization";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { route } from "@/lib/kernel/route";

/** A picture that a pipeline made, once, for an `img` of our own page. What its bytes are decides its type, and an SVG never becomes a page. */
export const GET = route("artifact:read", async ({ request, context, params }) => {
  const destination = request.headers.get("sec-fetch-dest");
  if (destination && destination !== "image") throw new AppError("forbidden", "This is shown as a picture only.", { reason: "not_a_picture" });
  const visualization = await execute(spendVisualization, context, { secret: params.ticket });
  if (visualization.type !== "image") throw new AppError("bad_request", "This is no picture.");
  const bytes = await readVisualization(context, visualization);
  return new Response(new Uint8Array(bytes), { headers: { "content-type": pictureType(bytes), "cache-control": "private, no-store" } });
});
