import { resolvePlace } from "@/lib/kernel/place";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { paletteActions } from "@/lib/palette/actions";
import { searchPalette } from "@/lib/palette/search";

/** What a text may mean to this person: `/api/palette?q=<text>&workspace=<slug of the page>`. */
export const GET = route("session:read", async ({ context, url }) => {
  const slug = url.searchParams.get("workspace");
  const place = slug ? await resolvePlace(context.actor, slug, undefined) : undefined;
  const workspace = place?.workspace ?? null;
  const things = await ask(searchPalette, { ...context, workspace: null }, { text: url.searchParams.get("q") ?? "", workspaceId: workspace?.id ?? null });
  return Response.json({ things, actions: paletteActions({ actor: context.actor, workspace }) });
});
