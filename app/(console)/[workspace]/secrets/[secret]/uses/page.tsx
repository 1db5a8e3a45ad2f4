import type { Metadata } from "next";
import { ROWS_PER_PAGE, USE_LIST } from "@/components/secret/lists";
import { UsesTable } from "@/components/secret/uses-table";
import { ConsolePage } from "@/components/shell/console-page";
import { ExportLink } from "@/components/ui/export-link";
import { EmptyState } from "@/components/ui/states";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { getRevealState } from "@/lib/secrets/list-reveals";
import { listSecretUses } from "@/lib/secrets/list-secret-uses";
import { FailurePage } from "../../../../failure-page";
import { drawnList, readList } from "../../../../read-list";
import { thingPlace } from "../../../thing-place";
import { SecretHead } from "../secret-head";

export const metadata: Metadata = { title: "Uses of a secret" };

/** Who read the values of a secret, when and what for. */
export default page("secret:read", async (args) => {
  const { context } = args;
  const { actor } = context;
  const { workspace, id, path: secretPath, crumbs } = thingPlace(args, "secret");
  const { data, failure, view, search } = await readList(args, USE_LIST, ROWS_PER_PAGE, (input) =>
    Promise.all([ask(getSecretPage, context, { id }), ask(getRevealState, context, { id }), ask(listSecretUses, context, { secretId: id, ...input })]),
  );
  const path = `${secretPath}/uses`;
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} listPath={path} />;
  const [secret, reveal, list] = data;
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: secret.name, href: secretPath }, { label: "Uses" }]}>
      <SecretHead secret={secret} reveal={reveal} actor={actor} workspace={workspace} current="uses" />
      <UsesTable
        {...drawnList(list, view)}
        path={path}
        readsAudit={mayReadAudit}
        barEnd={<ExportLink href={`${path}/export${search}`} />}
        empty={<EmptyState title="Nobody has read its values yet." />}
      />
    </ConsolePage>
  );
});
