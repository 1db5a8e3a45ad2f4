import "server-only";
/* Where a set-up file's grants hold, and what it leaves ended. */
import type { Application } from "@/lib/setup/application";

export type GrantPlace = { kind: "organization" | "workspace" | "project"; workspaceId: string | null; projectId: string | null };

/** The place that a grant names. One that isn't there is noted, not an error: its workspace may have been deleted. */
export function placeOf(application: Application, what: string, wanted: { workspace?: string; project?: string }): GrantPlace | undefined {
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
