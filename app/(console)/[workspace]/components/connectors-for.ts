import { can } from "@/lib/authz/can";
import type { ConnectorChoice, ConnectorNeeds } from "@/lib/components/schema";
import { listUsable } from "@/lib/connectors/list-resources";
import type { FlavorPage } from "@/lib/flavors/schema";
import type { CallContext } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";

export const needsOf = ({ connectorType, connectorResourceType: resourceType, connectorResourceField: field }: FlavorPage): ConnectorNeeds | null =>
  resourceType ? { connectorType, resourceType, field } : null;

/** The connectors that fit a flavor, of those that the reader may use. */
export async function connectorsFor(context: CallContext, needs: ConnectorNeeds | null): Promise<ConnectorChoice[]> {
  const { actor, workspace } = context;
  const mayUse = can(actor, "connector:use", { workspaceId: workspace?.id, ownerId: actor.id, isList: true }).allowed;
  return needs && mayUse ? ask(listUsable, context, { type: needs.connectorType ?? undefined, resourceType: needs.resourceType }) : [];
}
