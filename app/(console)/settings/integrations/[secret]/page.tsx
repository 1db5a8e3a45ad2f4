import type { Metadata } from "next";
import { ThingEntries } from "@/components/audit/thing-entries";
import { BoundWhere, PlacedWorkspaces } from "@/components/integration/integration-parts";
import { INTEGRATIONS } from "@/components/integration/lists";
import { Keys } from "@/components/secret/keys-and-versions";
import { ConsolePage } from "@/components/shell/console-page";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { Section } from "@/components/ui/page-head";
import { counted, countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { listIntegrationBindings } from "@/lib/integrations/get-integration";
import type { IntegrationPage } from "@/lib/integrations/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { canReadOrganizationAudit } from "@/lib/organizations/get-shell";
import type { BindingRow } from "@/lib/secrets/ledger-schema";
import { attempt } from "../../../attempt";
import { FailurePage } from "../../../failure-page";
import { entriesOf } from "../../../[workspace]/read-thing";
import { removeIntegration } from "../actions";
import { IntegrationHead } from "./integration-head";
import { integrationPlace, readIntegration } from "./read-integration";

export const metadata: Metadata = { title: "Secret of the organization" };

/** One secret of the organization: its keys, the workspaces that may use it, and where it is bound. */
export default page("session:read", async (args) => {
  const { context, searchParams } = args;
  const { id, crumbs } = integrationPlace(args);
  const { actor } = context;
  const current = searchParams.tab === "audit" ? "audit" : "overview";
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      readIntegration(context, id),
      ask(listIntegrationBindings, context, { id }),
      current === "audit" && canReadOrganizationAudit(actor) ? entriesOf(context, id) : null,
    ]),
  );
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} />;
  const [[secret, choices], bindings, entries] = data;
  return (
    <ConsolePage crumbs={[...crumbs, { label: secret.name }]}>
      <IntegrationHead secret={secret} actor={actor} current={current} choices={choices} />
      <div className="pad-x py-5">
        {current === "audit" ? (
          <ThingEntries noun="secret" entries={entries?.rows ?? null} auditPath="/audit" thingId={id} />
        ) : (
          <>
            <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
              <Keys keys={secret.keys} isDestroyed={secret.isDestroyed} />
              <section>
                <h2 className="mb-1.5 flex min-h-6 items-center text-section">
                  {secret.everywhere ? "All workspaces, also those that are made later" : "Workspaces"}
                </h2>
                {secret.workspaces.length > 0 ? (
                  <PlacedWorkspaces workspaces={secret.workspaces} />
                ) : (
                  <p className="text-ink-3">{secret.seesAll ? "None may use it yet." : "None that you reach."}</p>
                )}
                {!secret.seesAll && <p className="mt-2 text-meta text-ink-3">Those that you reach. Others may use it too.</p>}
              </section>
            </div>
            <Section title="Bound to" count={countWords(bindings.length)}>
              {bindings.length > 0 ? (
                <BoundWhere bindings={bindings} />
              ) : (
                <p className="text-ink-3">To nothing: no run can use it. A Workspace Admin binds it on its page in the workspace.</p>
              )}
            </Section>
            {can(actor, "integration:delete").allowed && <Danger secret={secret} bindings={bindings} />}
          </>
        )}
      </div>
    </ConsolePage>
  );
});

function Danger({ secret, bindings }: { secret: IntegrationPage; bindings: BindingRow[] }) {
  const things = bindings.slice(0, 10).map((row) => `${row.step ? `step ${row.step} of ${row.name}` : `${row.kind} ${row.name}`} in ${row.workspace}`);
  return (
    <DangerZone text="From then on no workspace can use it, and its name is free. What refers to it finds nothing.">
      <TypedDelete
        noun="secret"
        name={secret.name}
        action={removeIntegration}
        fields={{ id: secret.id }}
        doneHref={INTEGRATIONS}
        preview={
          <>
            <p>
              <b>Ends:</b> reading {secret.name} by runs of {counted(secret.workspaces.length, "workspace")}
              {secret.workspaces.length > 0 && ` (${secret.workspaces.map((one) => one.slug).join(", ")})`}.
            </p>
            <p>
              <b>Falls with it:</b>{" "}
              {bindings.length === 0
                ? "no binding."
                : `${counted(bindings.length, "binding")}: ${things.join("; ")}${bindings.length > things.length ? "; and more" : ""}.`}
            </p>
            <p>
              <b>Stay:</b> its versions and uses as records, and the entries of the trails. Brought back, it is in these workspaces again, bound as before.
            </p>
          </>
        }
      />
    </DangerZone>
  );
}
