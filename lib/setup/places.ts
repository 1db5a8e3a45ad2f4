import "server-only";
/* Where a set-up file's grants hold, and what it leaves ended. */
import { sql } from "kysely";
import { newId } from "@/lib/kernel/id";
import type { Application } from "@/lib/setup/application";
import type { SetupGrant } from "@/lib/setup/setup-file";

export type GrantPlace = { kind: "organization" | "workspace" | "project"; workspaceId: string | null; projectId: string | null };

/** A grant of the file in words: what, where, to whom. */
export const grantWords = ({ role, workspace, project }: SetupGrant, holder: string): string =>
  `${role} on ${[workspace, project].filter(Boolean).join("/") || "the organization"} for ${holder}`;

/** What a grant's row holds, whoever has it: a person or a team. */
export const grantRow = (application: Application, { role }: SetupGrant, place: GrantPlace) => ({
  id: newId(),
  organization_id: application.organizationId,
  role,
  scope_kind: place.kind,
  workspace_ref: place.workspaceId,
  project_ref: place.projectId,
  source: "setup",
  opened_request_id: application.request.requestId,
});

/** SQL: whether a row's grant holds exactly there. */
export const isAt = (place: GrantPlace) =>
  sql<boolean>`workspace_ref is not distinct from ${place.workspaceId}::uuid and project_ref is not distinct from ${place.projectId}::uuid`;

/** SQL: whether a row's grant holds now or will. */
export const isOpen = sql<boolean>`valid_to is null or valid_to > clock_timestamp()`;

/** Notes a grant that was opened. `more`: facts of its holder. */
export function noteGrant(
  application: Application,
  wanted: SetupGrant,
  place: GrantPlace,
  of: { id: string; what: string; name: string },
  more: object = {},
): void {
  const { role, workspace, project } = wanted;
  const target = { type: "grant", id: of.id, name: of.name, projectId: place.projectId ?? undefined };
  application.changed(
    `grant ${of.what}`,
    "grant.created",
    { target, after: { role, scope: place.kind, workspace, project, ...more, source: "setup" } },
    place.workspaceId,
  );
}

/** The place that a grant names. One that isn't there is noted, not an error: its workspace may have been deleted, as may its role. */
export function placeOf(application: Application, what: string, wanted: { role?: string; workspace?: string; project?: string }): GrantPlace | undefined {
  if (wanted.role && application.endedRoles.has(wanted.role)) {
    application.note(`${what}: there is no role ${wanted.role}`);
    return undefined;
  }
  const workspace = wanted.workspace ? application.workspaces.get(wanted.workspace) : undefined;
  const projectId = wanted.project ? workspace?.projects.get(wanted.project) : undefined;
  if ((wanted.workspace && !workspace) || (wanted.project && !projectId)) {
    application.note(`${what}: there is no ${[wanted.workspace, wanted.project].filter(Boolean).join("/")}`);
    return undefined;
  }
  const kind = wanted.project ? "project" : wanted.workspace ? "workspace" : "organization";
  return { kind, workspaceId: workspace?.id ?? null, projectId: projectId ?? null };
}

/** Whether what was there before was ended by a person or a directory and stays so; it is noted then. */
export function staysEnded(application: Application, what: string, before: readonly { ended_by: string | null }[]): boolean {
  const endedBy = before.find((row) => row.ended_by !== "setup")?.ended_by;
  if (endedBy === undefined || application.isRestoring) return false;
  application.note(`${what} was ended by ${endedBy === "directory" ? "a directory" : "a person"} and stays so (--restore brings it back)`);
  return true;
}
