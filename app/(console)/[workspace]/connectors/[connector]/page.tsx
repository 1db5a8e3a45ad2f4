import type { Metadata } from "next";
import Link from "next/link";
import { ThingEntries } from "@/components/audit/thing-entries";
import { LivingCredentials } from "@/components/connector/living-credentials";
import { ConsolePage } from "@/components/shell/console-page";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { Live } from "@/components/table/live";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { RefusedControl } from "@/components/ui/refused";
import { counted, countWords } from "@/components/ui/time-words";
import { kindTitle } from "@/lib/components/schema";
import { getConnectorPage } from "@/lib/connectors/get-connector-page";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { FailurePage } from "../../../failure-page";
import { refusalOf } from "../../../refusal";
import { readThing } from "../../read-thing";
import { ThingAccess } from "../../thing-access";
import { thingPlace } from "../../thing-place";
import { removeConnector } from "../actions";
import { ConnectorHead } from "./connector-head";

export const metadata: Metadata = { title: "Connector" };

const TABS = ["issued", "configuration", "access", "audit"] as const;

export default page("connector:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, base, crumbs } = thingPlace(args, "connector");
  const { actor } = context;
  const readAt = new Date().toISOString();
  const { data, failure } = await readThing(context, workspace, id, () => ask(getConnectorPage, context, { id }));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Connector" }]} failure={failure} />;
  const [connector, entries] = data;
  const target = { workspaceId: workspace.id, ownerId: connector.ownerId };
  const mayNotDelete = refusalOf(actor, "connector:delete", target, "Deleting this connector is not in your role");
  const mayNotRevoke = refusalOf(actor, "connector:update", target, "Revoking credentials of this connector is not in your role");
  const tab = TABS.find((known) => known === searchParams.tab) ?? "issued";
  return (
    <ConsolePage crumbs={[...crumbs, { label: connector.name }]}>
      <ConnectorHead connector={connector} actor={actor} workspace={workspace} current={tab} entries={entries?.total.count} />
      <div className="pad-x py-5">
        {tab === "issued" && (
          <>
            <Section
              title="Credentials that live now"
              count={countWords(connector.living.length)}
              aside={<Live workspace={workspace.slug} connector={connector.id} since={readAt} />}
            >
              <LivingCredentials
                rows={connector.living}
                workspace={workspace.slug}
                connector={{ id: connector.id, name: connector.name }}
                refusal={mayNotRevoke}
                now={Date.now()}
              />
            </Section>
            <Section title="Components that use it" count={countWords(connector.usedBy.length)}>
              {connector.usedBy.length === 0 ? (
                <p className="text-ink-3">No component is connected to it.</p>
              ) : (
                <PlainTable
                  label="Components that use it"
                  columns={[{ label: "Component" }, { label: "Kind" }, { label: "Resource" }]}
                  rows={connector.usedBy.map((one) => ({
                    key: one.id,
                    cells: [
                      <Link key="name" className="link" href={`${base}/components/${one.id}`}>
                        {one.name}
                      </Link>,
                      kindTitle(one.type),
                      <code key="resource">{one.resourceId ?? "–"}</code>,
                    ],
                  }))}
                />
              )}
            </Section>
          </>
        )}
        {tab === "configuration" && (
          <>
            <Section title="Configuration">
              <PlainTable
                label="Configuration"
                columns={[{ label: "Field" }, { label: "Value" }]}
                rows={[
                  ...connector.configuration.map(([name, value]) => ({
                    key: name,
                    cells: [
                      <code key="name">{name}</code>,
                      <code key="value" className="break-all">
                        {value}
                      </code>,
                    ],
                  })),
                  ...connector.mainKeys.map((name) => ({
                    key: name,
                    cells: [
                      <code key="name">{name}</code>,
                      <span key="value" className="text-ink-3">
                        held by Reeve
                      </span>,
                    ],
                  })),
                ]}
              />
            </Section>
            <DangerZone text="From then on it issues nothing. Components that are connected to it have to be connected to another one first.">
              {mayNotDelete ? (
                <RefusedControl label="Delete this connector" refusal={mayNotDelete} />
              ) : (
                <TypedDelete
                  noun="connector"
                  name={connector.name}
                  action={removeConnector}
                  fields={{ workspace: workspace.slug, id: connector.id }}
                  doneHref={`${base}/connectors`}
                  preview={
                    <>
                      <p>
                        <b>Ends:</b> issuing credentials, for {counted(connector.usedBy.length, "component")} and everybody who may use it. While components are
                        connected it is refused.
                      </p>
                      <p>
                        <b>Stay:</b> the ledger and the trail; {counted(connector.living.length, "credential")} that live now, until they end; the keys
                        themselves at the other side: end them there too.
                      </p>
                    </>
                  }
                />
              )}
            </DangerZone>
          </>
        )}
        {tab === "access" && (
          <ThingAccess
            context={context}
            workspace={workspace}
            thing={{ type: "connector", id: connector.id, name: connector.name }}
            ownerId={connector.ownerId}
            owner={connector.owner?.name ?? null}
          />
        )}
        {tab === "audit" && <ThingEntries noun="connector" entries={entries?.rows ?? null} auditPath={`${base}/audit`} thingId={connector.id} />}
      </div>
    </ConsolePage>
  );
});
