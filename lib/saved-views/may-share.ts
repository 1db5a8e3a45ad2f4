import "server-only";
import { can, type Subject } from "@/lib/authz/can";

/** Who looks after a place shares views in it: a Workspace Admin in the workspace, a System Admin on the organization's lists. */
export const mayShareViews = (subject: Subject, workspaceId: string | null): boolean =>
  workspaceId ? can(subject, "workspace:update", { workspaceId }).allowed : can(subject, "organization:update").allowed;
