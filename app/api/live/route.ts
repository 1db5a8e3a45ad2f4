import { can } from "@/lib/authz/can";
import { cookiesOf, sessionActor } from "@/lib/identity/session";
import { hasIssuedSince } from "@/lib/connectors/has-issued";
import { getConnector } from "@/lib/connectors/queries";
import type { Actor } from "@/lib/identity/actor";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { resolvePlace } from "@/lib/kernel/place";
import { route } from "@/lib/kernel/route";
import { ask } from "@/lib/kernel/query";
import { outsideScope } from "@/lib/kernel/transaction";
import { eventStream } from "@/lib/live/stream";
import { hasChangedSince } from "@/lib/runs/has-changed";
import { findWorkspace } from "@/lib/workspaces/find-workspace";

export const dynamic = "force-dynamic";

type Followed = { id: string; may: (actor: Actor) => boolean; hasChanged: () => Promise<boolean> };

/**
 * Changes as they happen: of a project's runs (`project=<name>[&run=<id>]`), or of what a connector issued (`connector=<id>`). With
 * `workspace=<slug>&since=<ISO>`.
 */
export const GET = route("session:read", async ({ request, context, url }) => {
  const of = (name: string) => url.searchParams.get(name) ?? undefined;
  const place = await resolvePlace(context.actor, of("workspace") ?? "", of("project"));
  const workspace = place?.workspace;
  if (!workspace) throw new AppError("not_found", "There is no such thing here.");
  const here = { ...context, workspace };
  const since = of("since") ?? new Date().toISOString();
  const connector = of("connector");
  const followed: Followed = connector ? await connectorOf(here, connector, since) : runsOf(here, place?.project, since, of("run"));
  const mayRead = async () => {
    const actor = await sessionActor(cookiesOf(request.headers), { isUse: false });
    if (!(await outsideScope((tx) => findWorkspace(tx, workspace.slug)))) return false; // suspended or deleted meanwhile
    return actor?.id === context.actor.id && followed.may(actor);
  };
  if (!(await mayRead())) throw new AppError("not_found", "There is no such thing here.");
  return new Response(eventStream(followed.id, { mayRead, hasChanged: followed.hasChanged }, request.signal), {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store, no-transform", "x-accel-buffering": "no" },
  });
});

type Here = CallContext & { workspace: Workspace };

function runsOf(here: Here, project: { id: string } | null | undefined, since: string, runId?: string): Followed {
  if (!project) throw new AppError("not_found", "There is no such thing here.");
  return {
    id: project.id,
    may: (actor) => can(actor, "run:read", { workspaceId: here.workspace.id, projectId: project.id, ownerId: actor.id }).allowed,
    hasChanged: () => ask(hasChangedSince, here, { projectId: project.id, since, runId }),
  };
}

async function connectorOf(here: Here, id: string, since: string): Promise<Followed> {
  const { created_by: ownerId } = await ask(getConnector, here, { id });
  return {
    id,
    may: (actor) => can(actor, "connector:read", { workspaceId: here.workspace.id, ownerId, thing: { type: "connector", id, name: null } }).allowed,
    hasChanged: () => ask(hasIssuedSince, here, { id, since }),
  };
}
