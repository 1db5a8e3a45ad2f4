import { notFound } from "next/navigation";
import { INTEGRATIONS } from "@/components/integration/lists";
import { can } from "@/lib/authz/can";
import { getIntegration } from "@/lib/integrations/get-integration";
import { listWorkspaceChoices } from "@/lib/integrations/list-integrations";
import type { CallContext } from "@/lib/kernel/command";
import { isUuid } from "@/lib/kernel/id";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";

/** One of the organization's secrets, with the workspaces that it may be given for who may change it. Error: not_found. */
export const readIntegration = (context: CallContext, id: string) =>
  Promise.all([ask(getIntegration, context, { id }), can(context.actor, "integration:update").allowed ? ask(listWorkspaceChoices, context, {}) : null]);

/** Where the pages of one are, and the crumbs down to it. An address that can name none is the 404 page. */
export function integrationPlace({ place: { organization }, params }: Pick<PageArguments, "place" | "params">) {
  const id = params.secret?.toLowerCase();
  if (!isUuid(id)) notFound();
  const crumbs = [
    { label: organization.name, href: "/" },
    { label: "Integrations", href: INTEGRATIONS },
  ];
  return { id, path: `${INTEGRATIONS}/${id}`, crumbs };
}
