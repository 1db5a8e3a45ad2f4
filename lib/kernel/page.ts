import "server-only";
import { cookies, headers } from "next/headers";
import { forbidden, notFound, redirect } from "next/navigation";
import { cache, type ReactNode } from "react";
import { can, readPermissionOf, type Target } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import { sessionActor } from "@/lib/identity/session";
import type { CallContext } from "./command";
import { recordRefusal } from "./command";
import { AppError } from "./errors";
import { resolvePlace, type Place } from "./place";
import { requestContext } from "./request";
import { requestPlace } from "./request-place";

// Every page of the console is made here: session → actor → workspace → permission, before anything streams, so that a refused page
// answers a true 403 or 404.

export type SearchParams = Record<string, string | string[] | undefined>;
export type PageArguments = { context: CallContext; place: Place; params: Record<string, string>; searchParams: SearchParams };
/** What must happen although somebody gets a 404 because they may not read the place (a device that waits for them is refused). */
export type Unreachable = (args: Pick<CallContext, "actor" | "request"> & Pick<PageArguments, "params" | "searchParams">) => Promise<void>;
type PageProps = { params: Promise<Record<string, string>>; searchParams: Promise<SearchParams> };

/**
 * Makes a page. `params.workspace` and `params.project` (slug and name) decide where the permission is asked. Not signed in: to
 * sign-in and back. Not readable: 404. Readable but not allowed: 403, with a `denied` entry.
 */
export function page(permission: Permission, render: (args: PageArguments) => Promise<ReactNode>, options: { unreachable?: Unreachable } = {}) {
  return async function Page({ params, searchParams }: PageProps): Promise<ReactNode> {
    const [path, query] = await Promise.all([params, searchParams]);
    const { context, place, target } = await openPlace(path, (facts) => options.unreachable?.({ ...facts, params: path, searchParams: query }));
    requestPlace().current = place;
    if (place.workspace && place.workspace.state !== "active") forbidden(); // app/forbidden.tsx says since when and by whom
    await requireOnPage(context, permission, target);
    return render({ context, place, params: path, searchParams: query });
  };
}

/** Ends the page with a true 403, or 404 where the actor may not even read, and a `denied` entry: for what only the thing itself decides. */
export async function requireOnPage(context: CallContext, permission: Permission, target: Target): Promise<void> {
  if (can(context.actor, permission, target).allowed) return;
  const readable = can(context.actor, readPermissionOf(permission), target).allowed;
  const reason = readable ? "no_grant" : "not_readable";
  await recordRefusal(context, permission.replace(":", "."), new AppError("forbidden", "Refused.", { reason }), target);
  if (!readable) notFound();
  forbidden();
}

/** The actor of the request's session: the shell and the page look once. */
const requestActor = cache(async () => sessionActor(await cookies()));

/** The signed-in actor and the place that the path names; for layouts, which show the shell and decide nothing. */
export async function openPlace(
  path: Record<string, string | undefined>,
  unreachable?: (facts: Pick<CallContext, "actor" | "request">) => Promise<void> | undefined,
): Promise<{ context: CallContext; place: Place; target: Target }> {
  const [requestHeaders, actor] = await Promise.all([headers(), requestActor()]);
  if (!actor) redirect(`/sign-in${nextParameter(requestHeaders.get("x-reeve-path"))}`);
  const place = await resolvePlace(actor, path.workspace, path.project);
  const request = requestContext(requestHeaders, "ui");
  if (!place) {
    await unreachable?.({ actor, request });
    notFound();
  }
  const context: CallContext = { actor, request, workspace: place.workspace };
  return { context, place, target: { workspaceId: place.workspace?.id, projectId: place.project?.id, ownerId: actor.id, isList: true } };
}

const nextParameter = (path: string | null) => (path && path !== "/" ? `?next=${encodeURIComponent(path)}` : "");
