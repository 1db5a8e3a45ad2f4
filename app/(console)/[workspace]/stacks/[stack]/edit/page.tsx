import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { StackForm } from "@/components/stack/stack-form";
import { ButtonLink } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { ErrorState } from "@/components/ui/states";
import { page, requireOnPage } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getStackPage, listPartChoices } from "@/lib/stacks/get-stack-page";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";
import { thingPlace } from "../../../thing-place";
import { saveStack } from "../../actions";

export const metadata: Metadata = { title: "Change stack" };

// Reading is asked here; changing one's own stack depends on whose it is, which the command asks again.
export default page("stack:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, path, crumbs } = thingPlace(args, "stack");
  const { data, failure } = await attempt(context, () => Promise.all([ask(getStackPage, context, { id }), ask(listPartChoices, context, {})]));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Change" }]} failure={failure} />;
  const [stack, choices] = data;
  await requireOnPage(context, "stack:update", { workspaceId: workspace.id, ownerId: stack.ownerId, thing: { type: "stack", id: stack.id, name: stack.name } });
  return (
    <ConsolePage crumbs={[...crumbs, { label: stack.name, href: path }, { label: "Change" }]}>
      <PageHead title={`Change ${stack.name}`} below="The next runs on this stack use what is saved here." />
      <div className="pad-x py-5">
        {stack.isDefault ? (
          <ErrorState title="The default stack cannot be modified." fix="Copy it and change the copy: every new client of the workspace starts on this one.">
            <ButtonLink href={path}>Back to the stack</ButtonLink>
          </ErrorState>
        ) : (
          <StackForm
            workspace={workspace.slug}
            action={saveStack}
            choices={choices}
            focus={typeof searchParams.part === "string" ? searchParams.part : undefined}
            stored={{ ...stack, environment: stack.environment ?? [], basedOn: stack.updatedAt }}
            cancelHref={path}
          />
        )}
      </div>
    </ConsolePage>
  );
});
