import type { BulkPlace } from "@/components/bulk/bulk-bar";
import { BULK_LISTS, type BulkList, bulkPermission } from "@/lib/bulk/schema";
import type { PageArguments } from "@/lib/kernel/page";
import { refusalOf } from "../../../../refusal";

/** What the reader of a list may do with several of its rows, for its table's bulk bar. Who may on their own things only gets to choose. */
export function bulkPlace(list: BulkList, { context, place }: Pick<PageArguments, "context" | "place">): BulkPlace {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this list names a workspace and a project.");
  const target = { workspaceId: workspace.id, projectId: project.id, ownerId: context.actor.id };
  const { many } = BULK_LISTS[list];
  const mayNot = (act: "tag" | "stop" | "delete", doing: string) =>
    (BULK_LISTS[list].acts as readonly string[]).includes(act)
      ? refusalOf(context.actor, bulkPermission(list, act), target, `${doing} ${many} is not in your role`)
      : null;
  return {
    workspace: workspace.slug,
    project: { id: project.id, name: project.name },
    mayNot: { tag: mayNot("tag", "Tagging"), stop: mayNot("stop", "Stopping"), delete: mayNot("delete", "Deleting") },
  };
}
