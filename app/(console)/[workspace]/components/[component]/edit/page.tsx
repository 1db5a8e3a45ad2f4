import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { ComponentForm } from "@/components/stack/component-form";
import { ButtonLink } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { ErrorState } from "@/components/ui/states";
import { getComponentDraft, getComponentPage } from "@/lib/components/get-component-page";
import { kindTitle } from "@/lib/components/schema";
import { page, requireOnPage } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";
import { thingPlace } from "../../../thing-place";
import { saveComponent } from "../../actions";
import { connectorsFor } from "../../connectors-for";

export const metadata: Metadata = { title: "Change component" };

// Reading is asked here; changing one's own component depends on whose it is, which the query and the command ask again.
export default page("component:read", async (args) => {
  const { context } = args;
  const { workspace, id, path, crumbs } = thingPlace(args, "component");
  const { data, failure } = await attempt(context, async () => {
    const component = await ask(getComponentPage, context, { id });
    await requireOnPage(context, "component:update", {
      workspaceId: workspace.id,
      ownerId: component.ownerId,
      thing: { type: "component", id: component.id, name: component.name },
    });
    const draft = await ask(getComponentDraft, context, { id });
    return { component, draft, connectors: await connectorsFor(context, draft.needs) };
  });
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Change" }]} failure={failure} />;
  const { component, draft, connectors } = data;
  return (
    <ConsolePage crumbs={[...crumbs, { label: component.name, href: path }, { label: "Change" }]}>
      <PageHead
        title={`Change ${component.name}`}
        below={`${kindTitle(component.type)}, ${component.flavorTitle}. ${component.usedBy.length > 0 ? `The next run on ${component.usedBy.map((stack) => stack.name).join(", ")} uses what is saved here.` : "No stack holds it yet."}`}
      />
      <div className="pad-x py-5">
        {component.isDefault ? (
          <ErrorState title={`The default ${component.type} cannot be modified.`} fix="Copy it and change the copy: it came with the workspace.">
            <ButtonLink href={path}>Back to the component</ButtonLink>
          </ErrorState>
        ) : (
          <ComponentForm
            workspace={workspace.slug}
            action={saveComponent}
            type={draft.type}
            flavor={draft.flavor}
            fields={draft.fields}
            stored={draft}
            needs={draft.needs}
            connectors={connectors}
            cancelHref={path}
          />
        )}
      </div>
    </ConsolePage>
  );
});
