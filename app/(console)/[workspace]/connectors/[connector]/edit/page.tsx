import type { Metadata } from "next";
import { ConnectorForm } from "@/components/connector/connector-form";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { formTypes } from "@/lib/connectors/form-types";
import { getConnectorDraft } from "@/lib/connectors/get-connector-page";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";
import { thingPlace } from "../../../thing-place";

export const metadata: Metadata = { title: "Edit connector" };

export default page("connector:read", async (args) => {
  const { context } = args;
  const { workspace, id, path, crumbs } = thingPlace(args, "connector");
  const { data: draft, failure } = await attempt(context, () => ask(getConnectorDraft, context, { id }));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Connector" }]} failure={failure} />;
  return (
    <ConsolePage crumbs={[...crumbs, { label: draft.name, href: path }, { label: "Edit" }]}>
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
