import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ROWS_PER_PAGE, USE_LIST } from "@/components/secret/lists";
import { UsesTable } from "@/components/secret/uses-table";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { ListFailure } from "@/components/table/list-failure";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { ExportLink } from "@/components/ui/export-link";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { getRevealState } from "@/lib/secrets/list-reveals";
import { listSecretUses } from "@/lib/secrets/list-secret-uses";
import { attempt } from "../../../../attempt";
import { SecretHead } from "../secret-head";

export const metadata: Metadata = { title: "Uses of a secret" };

/** Who read the values of a secret, when and what for. */
export default page("secret:read", async ({ context, place, params, searchParams }) => {
  const { workspace } = place;
  const id = params.secret?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const { actor } = context;
  const view = readListView(USE_LIST, searchParams);
  const { zone } = await requestPreferences();
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(getSecretPage, context, { id }),
      ask(getRevealState, context, { id }),
      ask(listSecretUses, context, { secretId: id, ...pageInput(USE_LIST, view, ROWS_PER_PAGE, Date.now(), zone) }),
    ]),
  );
  const base = `/${workspace.slug}`;
  const path = `${base}/secrets/${id}/uses`;
  const crumbs = [
    { label: workspace.slug, href: base },
    { label: "Secrets", href: `${base}/secrets` },
  ];
  if (failure)
    return (
      <ConsolePage crumbs={[...crumbs, { label: "Secret" }]}>
        <ListFailure failure={failure} path={path} />
      </ConsolePage>
    );
  const [secret, reveal, list] = data;
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: secret.name, href: `${base}/secrets/${id}` }, { label: "Uses" }]}>
      <SecretHead secret={secret} reveal={reveal} actor={actor} workspace={workspace} current="uses" />
      <UsesTable
        {...list}
        rows={packRows(list.rows)}
        path={path}
        base={base}
        view={view}
        auditPath={mayReadAudit ? `${base}/audit` : null}
        barEnd={<ExportLink href={`${path}/export${viewSearch(USE_LIST, { ...view, after: undefined })}`} />}
        empty={<EmptyState title="Nobody has read its values yet." />}
      />
    </ConsolePage>
  );
});
