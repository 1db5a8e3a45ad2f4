import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConnectorForm } from "@/components/connector/connector-form";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { formTypes } from "@/lib/connectors/form-types";
import { getConnectorDraft } from "@/lib/connectors/get-connector-page";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";

export const metadata: Metadata = { title: "Edit connector" };

export default page("connector:read", async ({ context, place, params }) => {
  const { workspace } = place;
  const id = params.connector?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const { data: draft, failure } = await attempt(context, () => ask(getConnectorDraft, context, { id }));
  const base = `/${workspace.slug}`;
  const crumbs = [
    { label: workspace.slug, href: base },
    { label: "Connectors", href: `${base}/connectors` },
  ];
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Connector" }]} failure={failure} />;
  return (
    <ConsolePage crumbs={[...crumbs, { label: draft.name, href: `${base}/connectors/${id}` }, { label: "Edit" }]}>
      <PageHead
        title={`Edit ${draft.name}`}
        below="A key that you leave empty stays. New keys are a new version; what was issued under the old ones lives until it ends."
      />
      <div className="pad-x py-5">
        <ConnectorForm
          workspace={workspace.slug}
          types={formTypes().filter((type) => type.type === draft.type)}
          stored={draft}
          mayRunImplicit={draft.method === "implicit"}
        />
      </div>
    </ConsolePage>
  );
});
