import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConsolePage } from "@/components/shell/console-page";
import { StackForm } from "@/components/stack/stack-form";
import { ButtonLink } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { ErrorState } from "@/components/ui/states";
import { isUuid } from "@/lib/kernel/id";
import { page, requireOnPage } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getStackPage, listPartChoices } from "@/lib/stacks/get-stack-page";
import { attempt } from "../../../../attempt";
import { saveStack } from "../../actions";

export const metadata: Metadata = { title: "Change stack" };

// Reading is asked here; changing one's own stack depends on whose it is, which the command asks again.
export default page("stack:read", async ({ context, place, params, searchParams }) => {
  const { workspace } = place;
  const id = params.stack?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const { data, failure } = await attempt(context, () => Promise.all([ask(getStackPage, context, { id }), ask(listPartChoices, context, {})]));
  const base = `/${workspace.slug}`;
  if (failure)
    return (
      <ConsolePage crumbs={[{ label: workspace.slug, href: base }, { label: "Stacks", href: `${base}/stacks` }, { label: "Change" }]}>
        <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId} />
      </ConsolePage>
    );
  const [stack, choices] = data;
  await requireOnPage(context, "stack:update", { workspaceId: workspace.id, ownerId: stack.ownerId, thing: { type: "stack", id: stack.id, name: stack.name } });
  const path = `${base}/stacks/${stack.id}`;
  return (
    <ConsolePage
      crumbs={[{ label: workspace.slug, href: base }, { label: "Stacks", href: `${base}/stacks` }, { label: stack.name, href: path }, { label: "Change" }]}
    >
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
