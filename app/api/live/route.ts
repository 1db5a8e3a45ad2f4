import { can } from "@/lib/authz/can";
import { cookiesOf, sessionActor } from "@/lib/identity/session";
import { AppError } from "@/lib/kernel/errors";
import { resolvePlace } from "@/lib/kernel/place";
import { route } from "@/lib/kernel/route";
import { ask } from "@/lib/kernel/query";
import { outsideScope } from "@/lib/kernel/transaction";
import { eventStream } from "@/lib/live/stream";
import { hasChangedSince } from "@/lib/runs/has-changed";
import { findWorkspace } from "@/lib/workspaces/find-workspace";

export const dynamic = "force-dynamic";

/** The changes of a project's runs as they happen: `/api/live?workspace=<slug>&project=<name>&since=<ISO>[&run=<id>]`. */
export const GET = route("session:read", async ({ request, context, url }) => {
  const place = await resolvePlace(context.actor, url.searchParams.get("workspace") ?? "", url.searchParams.get("project") ?? "");
  const project = place?.project;
  const workspace = place?.workspace;
  if (!project || !workspace) throw new AppError("not_found", "There is no such thing here.");
  const mayRead = async () => {
    const actor = await sessionActor(cookiesOf(request.headers), { isUse: false });
    if (!(await outsideScope((tx) => findWorkspace(tx, workspace.slug)))) return false; // suspended or deleted meanwhile
    return actor?.id === context.actor.id && can(actor, "run:read", { workspaceId: workspace.id, projectId: project.id, ownerId: actor.id }).allowed;
  };
  if (!(await mayRead())) throw new AppError("not_found", "There is no such thing here.");
  const read = { projectId: project.id, since: url.searchParams.get("since") ?? new Date().toISOString(), runId: url.searchParams.get("run") ?? undefined };
  const hasChanged = () => ask(hasChangedSince, { ...context, workspace }, read);
  return new Response(eventStream(project.id, { mayRead, hasChanged }, request.signal), {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
  });
});
