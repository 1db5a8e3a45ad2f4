import { lastRefusal, suspensionOf } from "@/lib/access/last-refusal";
import { can } from "@/lib/authz/can";
import { resolvePlace } from "@/lib/kernel/place";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";

export const dynamic = "force-dynamic";

/** What the 403 page of `?path=` says: the person's own refusal there, or that the workspace is suspended. */
export const GET = route("session:read", async ({ context, url }) => {
  const parts = (url.searchParams.get("path") ?? "").split("/").filter(Boolean);
  const place = await resolvePlace(context.actor, parts[0], parts[1] === "projects" ? parts[2] : undefined);
  const workspace = place?.workspace ?? null;
  if (workspace && workspace.state !== "active")
    return Response.json({
      suspended: { workspace: workspace.slug, ...(await suspensionOf(workspace.id)), canRestore: can(context.actor, "workspace:restore").allowed },
    });
  const refusal = await ask(lastRefusal, { ...context, workspace }, { projectId: place?.project?.id ?? null });
  return Response.json({ refusal, workspace: workspace?.slug ?? null, projectId: place?.project?.id ?? null });
});
