import type { Metadata } from "next";
import { ThingEntries } from "@/components/audit/thing-entries";
import { BoundTo } from "@/components/secret/bound-to";
import { Keys, Versions } from "@/components/secret/keys-and-versions";
import { LedgerPicture } from "@/components/secret/ledger-picture";
import { LedgerRuns } from "@/components/secret/ledger-runs";
import { LedgerTime } from "@/components/secret/ledger-time";
import { readLedgerWindow } from "@/components/secret/ledger-window";
import { TestAnswerLine } from "@/components/secret/test-answer";
import { ConsolePage } from "@/components/shell/console-page";
import { Section } from "@/components/ui/page-head";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { ExportLink } from "@/components/ui/export-link";
import { RefusedControl } from "@/components/ui/refused";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getSecretLedger } from "@/lib/secrets/get-ledger";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { listBindingChoices, listBindings } from "@/lib/secrets/list-bindings";
import { getRevealState } from "@/lib/secrets/list-reveals";
import { listLedgerRuns } from "@/lib/secrets/list-ledger-runs";
import { FailurePage } from "../../../failure-page";
import { refusalOf } from "../../../refusal";
import { readThing } from "../../read-thing";
import { ThingAccess } from "../../thing-access";
import { thingPlace } from "../../thing-place";
import { removeSecret } from "../actions";
import { SecretHead } from "./secret-head";

export const metadata: Metadata = { title: "Secret" };

const TABS = ["keys", "access", "audit"] as const;

export default page("secret:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, base, path, crumbs } = thingPlace(args, "secret");
  const { actor } = context;
  const tab = TABS.find((known) => known === searchParams.tab) ?? "keys";
  const window = readLedgerWindow(searchParams, Date.now());
  const { data, failure } = await readThing(context, workspace, id, async () => {
    const asked = { id, from: window.from, to: window.to };
    const read = () =>
      Promise.all([
        ask(listBindings, context, { id }),
        ask(getSecretLedger, context, asked),
        ask(listLedgerRuns, context, { ...asked, which: "could" }),
        ask(listLedgerRuns, context, { ...asked, which: "did" }),
      ]);
    const [secret, reveal, choices, overview] = await Promise.all([
      ask(getSecretPage, context, { id }),
      ask(getRevealState, context, { id }),
      ask(listBindingChoices, context, {}),
      tab === "keys" ? read() : null,
    ]);
    return { secret, reveal, choices, overview };
  });
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} />;
  const [{ secret, reveal, choices, overview }, entries] = data;
  const [bindings, ledger, could, did] = overview ?? [];
  const target = {
    workspaceId: workspace.id,
    projectId: secret.projectId,
    ownerId: secret.ownerId,
    thing: { type: "secret", id: secret.id, name: secret.name },
  };
  const mayNotDelete = refusalOf(actor, "secret:delete", target, "Deleting this secret is not in your role");
  return (
    <ConsolePage crumbs={[...crumbs, { label: secret.name }]}>
      <SecretHead secret={secret} reveal={reveal} actor={actor} workspace={workspace} current={tab} entries={entries?.total.count} choices={choices} />
      <div className="pad-x py-5">
        {bindings && ledger && could && did && (
          <>
            <div className="grid gap-x-8 gap-y-6 lg:grid-cols-2">
              <div>
                <Keys keys={secret.keys} isDestroyed={secret.versions[0]?.destroyedAt != null} />
                {secret.test && (
                  <div className="mt-2 text-meta">
                    <TestAnswerLine answer={secret.test} />
                    <p className="text-ink-3">
                      Version {secret.test.version}, tested <Time at={secret.test.at} />
                      {secret.test.version !== secret.version && ": newer values were not tested"}.
                    </p>
                  </div>
                )}
              </div>
              <section>
                <h2 className="mb-1.5 flex min-h-6 items-center text-section">Bound to</h2>
                <BoundTo
                  workspace={workspace.slug}
                  id={secret.id}
                  name={secret.name}
                  bindings={bindings}
                  ofOrganization={secret.organizationSecretId !== null}
                  mayUnbind={can(actor, "secret:bind", target).allowed}
                />
              </section>
            </div>
            <Section title="Ledger" aside={<ExportLink href={`${path}/ledger/export?from=${window.from}&to=${window.to}`} />}>
              <LedgerTime key={`${window.days ?? window.from}`} path={path} window={window} />
              <LedgerPicture ledger={ledger} label={`Who could use ${secret.name}, and who did`} />
            </Section>
            <Section title="Runs that did use it" count={countWords(did.total)}>
              <LedgerRuns base={base} label="Runs that did use it" {...did} />
            </Section>
            <Section title="Runs that could use it" count={countWords(could.total)}>
              <LedgerRuns base={base} label="Runs that could use it" {...could} />
            </Section>
            <Versions secret={secret} />
            {!secret.organizationSecretId && (
              <DangerZone text="From then on nobody can use it, and its name is free. What refers to it finds nothing.">
                {mayNotDelete ? (
                  <RefusedControl label="Delete this secret" refusal={mayNotDelete} />
                ) : (
                  <TypedDelete
                    noun="secret"
                    name={secret.name}
                    action={removeSecret}
                    fields={{ workspace: workspace.slug, id: secret.id }}
                    doneHref={`${base}/secrets`}
                    preview={
                      <>
                        <p>
                          <b>Ends:</b> reading {secret.name}, in all {counted(secret.version, "version")}, by clients and people.
                        </p>
                        <p>
                          <b>Falls with it:</b> nothing that Reeve keeps. Code and components that refer to it as {`{{${secret.name}.…}}`} find nothing.
                        </p>
                        <p>
                          <b>Stay:</b> its versions and uses as records, and the entries of the trail. What the values open stays open: end them there too.
                        </p>
                      </>
                    }
                  />
                )}
              </DangerZone>
            )}
          </>
        )}
        {tab === "access" &&
          (secret.scope === "private" ? (
            <p className="max-w-[72ch]">It is private: only its owner knows of it, whatever roles others hold.</p>
          ) : secret.organizationSecretId ? (
            <p className="max-w-[72ch]">
              It is the organization’s. Everybody who sees this workspace’s secrets sees its name, its keys and its uses. Nobody here reveals or changes its
              value: runs read it where a Workspace Admin bound it, and System Admins change it in Settings → Integrations.
            </p>
          ) : (
            <ThingAccess
              context={context}
              workspace={workspace}
              thing={{ type: "secret", id: secret.id, name: secret.name }}
              ownerId={secret.ownerId}
              owner={secret.owner?.name ?? null}
            />
          ))}
        {tab === "audit" && <ThingEntries noun="secret" entries={entries?.rows ?? null} auditPath={`${base}/audit`} thingId={secret.id} />}
      </div>
    </ConsolePage>
  );
});
