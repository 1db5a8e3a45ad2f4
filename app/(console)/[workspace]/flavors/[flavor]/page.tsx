import type { Metadata } from "next";
import Link from "next/link";
import { ConsolePage } from "@/components/shell/console-page";
import { SchemaFields } from "@/components/stack/detail-parts";
import { shellWord } from "@/components/stack/stack-cli";
import { ButtonLink } from "@/components/ui/button";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead, Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { kindCommand, kindTitle } from "@/lib/components/schema";
import { getFlavorPage } from "@/lib/flavors/list-flavor-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../attempt";
import { FailurePage } from "../../../failure-page";
import { refusalOf } from "../../../refusal";
import { removeFlavor } from "../../components/actions";
import { thingPlace } from "../../thing-place";

export const metadata: Metadata = { title: "Flavor" };

export default page("flavor:read", async (args) => {
  const { context } = args;
  const { workspace, id, base, crumbs } = thingPlace(args, "flavor");
  const { actor } = context;
  const { data: flavor, failure } = await attempt(context, () => ask(getFlavorPage, context, { id }));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Flavor" }]} failure={failure} />;
  const mayNotCreate = refusalOf(actor, "component:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering components is not in your role");
  const mayNotDelete = refusalOf(actor, "flavor:delete", { workspaceId: workspace.id, ownerId: flavor.ownerId }, "Deleting this flavor is not in your role");
  return (
    <ConsolePage crumbs={[...crumbs, { label: flavor.title }]}>
      <PageHead
        title={flavor.title}
        beside={<span className="text-ink-3">{kindTitle(flavor.type)}</span>}
        actions={
          <>
            <CopyAsCli command={`zenml ${kindCommand(flavor.type)} flavor describe ${shellWord(flavor.name)}`} />
            {mayNotCreate ? (
              <RefusedControl label="New component" refusal={mayNotCreate} />
            ) : (
              <ButtonLink href={`${base}/components/new?type=${flavor.type}&flavor=${encodeURIComponent(flavor.name)}`} look="primary" icon="plus">
                New component
              </ButtonLink>
            )}
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Name for clients", value: <code>{flavor.name}</code> },
          { label: "Integration", value: flavor.integration ?? <span className="text-ink-3">–</span> },
          { label: "Came with", value: flavor.isCustom ? "the workspace" : "Reeve" },
          ...(flavor.isCustom ? [{ label: "Owner", value: <WhoChip person={flavor.owner} /> }] : []),
          { label: "Components here", value: countWords(flavor.components) },
        ]}
      />
      <div className="pad-x py-5">
        <Section title="Fields" count={countWords(flavor.schema.length)}>
          <SchemaFields fields={flavor.schema} />
        </Section>
        <Section title="Python class">
          <code className="break-all text-ink">{flavor.source}</code>
          <p className="mt-1 max-w-[72ch] text-ink-3">
            {flavor.isCustom
              ? "Clients import it when they use a component of this flavor, so it has to be installed, or in the source root, wherever steps run."
              : "It comes with the client, or with the integration that it belongs to."}
          </p>
        </Section>
        <Section title="Components of this flavor" count={countWords(flavor.usedBy.length)}>
          {flavor.usedBy.length === 0 ? (
            <p className="text-ink-3">None in this workspace.</p>
          ) : (
            <ul className="flex flex-wrap gap-x-4 gap-y-1">
              {flavor.usedBy.map((component) => (
                <li key={component.id}>
                  <Link className="link" href={`${base}/components/${component.id}`}>
                    {component.name}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Section>
        {flavor.isCustom && (
          <DangerZone
            text={
              flavor.components > 0
                ? `${counted(flavor.components, "component is", "components are")} of this flavor. Delete ${flavor.components === 1 ? "it" : "them"} first: a flavor in use can’t be deleted.`
                : "No component is of this flavor. Deleting it changes nothing in anybody’s code."
            }
          >
            {mayNotDelete ? (
              <RefusedControl label="Delete this flavor" refusal={mayNotDelete} />
            ) : (
              flavor.components === 0 && (
                <TypedDelete
                  noun="flavor"
                  name={flavor.name}
                  action={removeFlavor}
                  fields={{ workspace: workspace.slug, id: flavor.id }}
                  doneHref={`${base}/flavors`}
                  preview={
                    <>
                      <p>
                        <b>Ends:</b> the flavor {flavor.title} and its {counted(flavor.schema.length, "field")}.
                      </p>
                      <p>
                        <b>Falls with it:</b> nothing; no component is of it. <b>Stays:</b> the Python class. It can be registered again.
                      </p>
                    </>
                  }
                />
              )
            )}
          </DangerZone>
        )}
      </div>
    </ConsolePage>
  );
});
