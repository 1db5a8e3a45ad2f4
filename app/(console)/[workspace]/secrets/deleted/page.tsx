import type { Metadata } from "next";
import { DestroySecret } from "@/components/secret/destroy-secret";
import { Visibility } from "@/components/secret/visibility";
import { ConsolePage } from "@/components/shell/console-page";
import { ActButton } from "@/components/ui/act-button";
import { ButtonLink } from "@/components/ui/button";
import { FailureState } from "@/components/ui/failure-state";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listDeletedSecrets } from "@/lib/secrets/list-deleted-secrets";
import type { DeletedSecretRow } from "@/lib/secrets/row-schema";
import { attempt } from "../../../attempt";
import { bringBackSecret, destroyValues } from "../actions";

export const metadata: Metadata = { title: "Deleted secrets" };

/** Deleted secrets: brought back with their values, or destroyed for good. */
export default page("secret:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const path = `/${workspace.slug}/secrets`;
  const before = typeof searchParams.before === "string" ? searchParams.before : null;
  const { data, failure } = await attempt(context, () => ask(listDeletedSecrets, context, { before }));
  const acts = (row: DeletedSecretRow) =>
    can(context.actor, "secret:delete", { workspaceId: workspace.id, projectId: row.projectId, ownerId: row.ownerId }).allowed && (
      <span className="flex flex-wrap justify-end gap-2">
        <ActButton action={bringBackSecret} fields={{ workspace: workspace.slug, id: row.id }} said={`${row.name} is back.`}>
          Bring back
        </ActButton>
        {row.open > 0 && <DestroySecret action={destroyValues} fields={{ workspace: workspace.slug, id: row.id }} name={row.name} />}
      </span>
    );
  return (
    <ConsolePage crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Secrets", href: path }, { label: "Deleted" }]}>
      <PageHead title="Deleted secrets" below="Nobody can use them, and their names are free. They can be brought back until their values are destroyed." />
      <div className="pad-x py-5">
        {failure ? (
          <FailureState failure={failure} />
        ) : data.rows.length === 0 ? (
          <EmptyState title="No deleted secret is kept here that you may know of.">
            A secret that is deleted stands here until its values are destroyed.
          </EmptyState>
        ) : (
          <>
            <PlainTable
              label="Deleted secrets"
              columns={[
                { label: "Name" },
                { label: "Scope" },
                { label: "Values" },
                { label: "Deleted by" },
                { label: "Deleted" },
                { label: "Actions", align: "right" },
              ]}
              rows={data.rows.map((row) => ({
                key: row.id,
                cells: [
                  <b key="name" className="break-all text-ink">
                    {row.name}
                  </b>,
                  <Visibility key="seen" scope={row.scope} project={row.project} />,
                  row.open === 0 ? "destroyed" : `${row.open} of ${row.versions} versions`,
                  <WhoChip key="by" person={row.by} />,
                  <Time key="at" at={row.at} />,
                  acts(row) || null,
                ],
              }))}
            />
            <div className="mt-3 flex gap-2">
              {before !== null && <ButtonLink href={`${path}/deleted`}>Newest</ButtonLink>}
              {data.before !== null && <ButtonLink href={`${path}/deleted?before=${encodeURIComponent(data.before)}`}>Older</ButtonLink>}
            </div>
          </>
        )}
      </div>
    </ConsolePage>
  );
});
