import type { Metadata } from "next";
import Link from "next/link";
import { ThingEntries } from "@/components/audit/thing-entries";
import { SecretsOf } from "@/components/secret/secrets-of";
import { ConsolePage } from "@/components/shell/console-page";
import { LocalChip } from "@/components/stack/chips";
import { ConfigValues, LocalNote, Pairs, RunsOf, Variables } from "@/components/stack/detail-parts";
import { shellWord } from "@/components/stack/stack-cli";
import { FromWorkspace } from "@/components/stack/stacks-table";
import { ButtonLink } from "@/components/ui/button";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { FactsStrip } from "@/components/ui/facts";
import { NameDialog } from "@/components/ui/name-dialog";
import { PageHead, Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { getComponentPage } from "@/lib/components/get-component-page";
import { kindCommand, kindTitle } from "@/lib/components/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listSecretsOf } from "@/lib/secrets/list-bindings";
import { refusalOf } from "../../../refusal";
import { readThing } from "../../read-thing";
import { ThingAccess } from "../../thing-access";
import { thingPlace } from "../../thing-place";
import { copyComponentAs, removeComponent, saveComponent } from "../actions";
import { FailurePage } from "../../../failure-page";

export const metadata: Metadata = { title: "Component" };

const TABS = ["configuration", "runs", "secrets", "access", "audit"] as const;

export default page("component:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, base, path, crumbs } = thingPlace(args, "component");
  const { actor } = context;
  const mayReadSecrets = can(actor, "secret:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  const { data, failure } = await readThing(context, workspace, id, async () => {
    const component = await ask(getComponentPage, context, { id });
    return { component, secrets: mayReadSecrets ? await ask(listSecretsOf, context, { kind: "component", targetId: id }) : [] };
  });
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Component" }]} failure={failure} />;
  const [{ component, secrets }, entries] = data;
  const target = { workspaceId: workspace.id, ownerId: component.ownerId, thing: { type: "component", id: component.id, name: component.name } };
  const mayNot = {
    create: refusalOf(actor, "component:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering components is not in your role"),
    update: refusalOf(actor, "component:update", target, "Changing this component is not in your role"),
    delete: refusalOf(actor, "component:delete", target, "Deleting this component is not in your role"),
  };
  const tab = TABS.find((known) => known === searchParams.tab) ?? "configuration";
  const counts = {
    configuration: component.configuration.length,
    runs: component.runs.length,
    secrets: secrets.length,
    access: undefined,
    audit: entries?.total.count,
  };
  const fields = { workspace: workspace.slug, id: component.id };
  const isUsed = component.usedBy.length > 0;
  const stackLinks = component.usedBy.map((stack, index) => (
    <span key={stack.id}>
      {index > 0 && ", "}
      <Link className="link" href={`${base}/stacks/${stack.id}`}>
        {stack.name}
      </Link>
    </span>
  ));
  return (
    <ConsolePage crumbs={[...crumbs, { label: component.name }]}>
      <LocalNote locals={[component]} />
      <PageHead
        title={component.name}
        beside={
          <>
            <span className="text-ink-3">{kindTitle(component.type)}</span>
            {component.local && <LocalChip meaning={component.local} />}
          </>
        }
        actions={
          <>
            <CopyAsCli command={`zenml ${kindCommand(component.type)} describe ${shellWord(component.name)}`} />
            {mayNot.create ? (
              <RefusedControl label="Copy component" refusal={mayNot.create} />
            ) : (
              <NameDialog
                label="Copy component"
                icon="copy"
                help="The copy has the same configuration and belongs to you."
                initial={`${component.name}-copy`}
                action={copyComponentAs}
                fields={fields}
                done="Copied the component."
                donePath={`${base}/components`}
              />
            )}
            {!component.isDefault && !mayNot.update && (
              <NameDialog
                label="Rename"
                help="Clients that name the component have to use the new name; stacks keep it."
                initial={component.name}
                action={saveComponent}
                fields={fields}
                done="Renamed the component."
              />
            )}
            {mayNot.update ? (
              <RefusedControl label="Change" refusal={mayNot.update} />
            ) : (
              !component.isDefault && (
                <ButtonLink href={`${path}/edit`} look="primary">
                  Change
                </ButtonLink>
              )
            )}
          </>
        }
      />
      <FactsStrip
        facts={[
          {
            label: "Flavor",
            value: (
              <Link className="link" href={`${base}/flavors/${component.flavorId}`}>
                {component.flavorTitle}
              </Link>
            ),
          },
          {
            label: "Connector",
            value: component.connector ? (
              <span>
                <Link className="link" href={`${base}/connectors/${component.connector.id}`}>
                  {component.connector.name}
                </Link>
                {component.connector.resourceId && <code className="ml-1 break-all">{component.connector.resourceId}</code>}
              </span>
            ) : (
              <span className="text-ink-3">none</span>
            ),
          },
          { label: "Integration", value: component.integration ?? <span className="text-ink-3">–</span> },
          {
            label: "In stacks",
            value: isUsed ? (
              <span>
                {stackLinks.slice(0, 3)}
                {component.usedBy.length > 3 && ` and ${component.usedBy.length - 3} more`}
              </span>
            ) : (
              "none"
            ),
          },
          { label: "Owner", value: component.owner ? <WhoChip person={component.owner} /> : <FromWorkspace /> },
          { label: "Created", value: <Time at={component.createdAt} /> },
          { label: "Changed", value: <Time at={component.updatedAt} /> },
        ]}
      />
      <LinkTabs
        label="Parts of the component"
        tabs={TABS.map((one) => ({
          href: `${path}${one === "configuration" ? "" : `?tab=${one}`}`,
          label: one.charAt(0).toUpperCase() + one.slice(1),
          count: counts[one],
          isCurrent: tab === one,
        }))}
      />
      <div className="pad-x py-5">
        {tab === "configuration" && (
          <>
            <ConfigValues values={component.configuration} unset={component.unset} />
            {component.isDefault && <p className="mt-3 text-ink-3">This component came with the workspace and stays as it is. Copy it to change it.</p>}
            <Section title="Labels">
              <Pairs label="Labels" entries={component.labels} none="None." />
            </Section>
            {component.variables.length > 0 && (
              <Section title="Environment variables">
                <Variables names={component.variables} entries={component.environment} none="None." />
              </Section>
            )}
            {!component.isDefault && (
              <DangerZone
                text={
                  isUsed ? (
                    <>
                      In use by {stackLinks.slice(0, 20)}
                      {component.usedBy.length > 20 && ` and ${countWords(component.usedBy.length - 20)} more`}. Replace it in these stacks first: a component
                      that a stack holds can’t be deleted.
                    </>
                  ) : (
                    "No stack holds this component. Deleting it removes its configuration; what it points to stays where it is."
                  )
                }
              >
                {mayNot.delete ? (
                  <RefusedControl label="Delete this component" refusal={mayNot.delete} />
                ) : (
                  !isUsed && (
                    <TypedDelete
                      noun="component"
                      name={component.name}
                      action={removeComponent}
                      fields={fields}
                      doneHref={`${base}/components`}
                      preview={
                        <>
                          <p>
                            <b>Ends:</b> the {kindTitle(component.type).toLowerCase()} {component.name} and its configuration.
                          </p>
                          <p>
                            <b>Falls with it:</b> nothing; no stack holds it.
                          </p>
                          <p>
                            <b>Stay:</b> artifacts, images and whatever else lies where it points to, and the entries of the trail.
                          </p>
                        </>
                      }
                    />
                  )
                )}
              </DangerZone>
            )}
          </>
        )}
        {tab === "runs" && <RunsOf base={base} runs={component.runs} showsStack empty="No run that you may see used a stack that holds this component." />}
        {tab === "secrets" && <SecretsOf base={base} noun="component" secrets={secrets} />}
        {tab === "access" && (
          <ThingAccess
            context={context}
            workspace={workspace}
            thing={{ type: "component", id: component.id, name: component.name }}
            ownerId={component.ownerId}
            owner={component.owner?.name ?? null}
          />
        )}
        {tab === "audit" && <ThingEntries noun="component" entries={entries?.rows ?? null} auditPath={`${base}/audit`} thingId={component.id} />}
      </div>
    </ConsolePage>
  );
});
