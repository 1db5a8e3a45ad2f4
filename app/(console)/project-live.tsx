import { Live } from "@/components/table/live";
import { can } from "@/lib/authz/can";
import type { PageArguments } from "@/lib/kernel/page";

type Props = Pick<PageArguments, "context" | "place"> & {
  /** When the page was read, ISO. */
  since: string;
};

/** Says that a page follows what the project's runs change, to who may read these: somebody with one shared thing may not. */
export function ProjectLive({ context: { actor }, place: { workspace, project }, since }: Props) {
  if (!workspace || !project) return null;
  if (!can(actor, "run:read", { workspaceId: workspace.id, projectId: project.id, ownerId: actor.id }).allowed) return null;
  return <Live workspace={workspace.slug} project={project.name} since={since} />;
}
