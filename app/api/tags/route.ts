import { AppError } from "@/lib/kernel/errors";
import { resolvePlace } from "@/lib/kernel/place";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { suggestTags } from "@/lib/tags/suggest-tags";

/** Tags that a few letters may mean: `/api/tags?workspace=<slug>&q=<text>`. */
export const GET = route("session:read", async ({ context, url }) => {
  const place = await resolvePlace(context.actor, url.searchParams.get("workspace") ?? "", undefined);
  if (!place?.workspace) throw new AppError("not_found", "There is no such thing here.");
  return Response.json(await ask(suggestTags, { ...context, workspace: place.workspace }, { text: url.searchParams.get("q") ?? "" }));
});
