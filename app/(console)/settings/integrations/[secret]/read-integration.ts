import { INTEGRATIONS } from "@/components/integration/lists";
import { can } from "@/lib/authz/can";
import { getIntegration } from "@/lib/integrations/get-integration";
import { listWorkspaceChoices } from "@/lib/integrations/list-integrations";
import type { CallContext } from "@/lib/kernel/command";
import type { Place } from "@/lib/kernel/place";
import { ask } from "@/lib/kernel/query";

/** One of the organization's secrets, with the workspaces that it may be given for who may change it. Error: not_found. */
export const readIntegration = (context: CallContext, id: string) =>
  Promise.all([ask(getIntegration, context, { id }), can(context.actor, "integration:update").allowed ? ask(listWorkspaceChoices, context, {}) : null]);

/** The way to a page of the organization's secrets. */
export const integrationCrumbs = ({ organization }: Place) => [
  { label: organization.name, href: "/" },
  { label: "Integrations", href: INTEGRATIONS },
];
