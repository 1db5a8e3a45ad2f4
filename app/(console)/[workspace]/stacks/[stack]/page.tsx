import type { Metadata } from "next";
import Link from "next/link";
import { ThingEntries } from "@/components/audit/thing-entries";
import { SecretsOf } from "@/components/secret/secrets-of";
import { ConsolePage } from "@/components/shell/console-page";
import { LocalNote, Pairs, PartsList, RunsOf, Variables } from "@/components/stack/detail-parts";
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
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listSecretsOf } from "@/lib/secrets/list-bindings";
import { getStackPage } from "@/lib/stacks/get-stack-page";
import { NAMED_COUNTED } from "@/lib/stacks/schema";
import { refusalOf } from "../../../refusal";
import { readThing } from "../../read-thing";
import { ThingAccess } from "../../thing-access";
import { thingPlace } from "../../thing-place";
import { copyStackAs, removeStack, saveStack } from "../actions";
import { FailurePage } from "../../../failure-page";

export const metadata: Metadata = { title: "Stack" };

const namedWords = (count: number) => (count > NAMED_COUNTED ? `${countWords(NAMED_COUNTED)}+` : countWords(count));
const TABS = ["parts", "runs", "secrets", "access", "audit"] as const;

export default page("stack:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, base, path, crumbs } = thingPlace(args, "stack");
  const { actor } = context;
  const mayReadSecrets = can(actor, "secret:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  const { data, failure } = await readThing(context, workspace, id, async () => {
    const stack = await ask(getStackPage, context, { id });
    return { stack, secrets: mayReadSecrets ? await ask(listSecretsOf, context, { kind: "stack", targetId: id }) : [] };
  });
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Stack" }]} failure={failure} />;
  const [{ stack, secrets }, entries] = data;
  const target = { workspaceId: workspace.id, ownerId: stack.ownerId, thing: { type: "stack", id: stack.id, name: stack.name } };
  const mayNot = {
    create: refusalOf(actor, "stack:create", { workspaceId: workspace.id, ownerId: actor.id }, "Registering stacks is not in your role"),
    update: refusalOf(actor, "stack:update", target, "Changing this stack is not in your role"),
    delete: refusalOf(actor, "stack:delete", target, "Deleting this stack is not in your role"),
  };
  const tab = TABS.find((known) => known === searchParams.tab) ?? "parts";
  const counts = { parts: stack.parts.length, runs: stack.runs.length, secrets: secrets.length, access: undefined, audit: entries?.total.count };
  const fields = { workspace: workspace.slug, id: stack.id };
  const canEdit = !stack.isDefault && !mayNot.update;
  return (
    <ConsolePage crumbs={[...crumbs, { label: stack.name }]}>
      <LocalNote locals={stack.parts} />
      <PageHead
        title={stack.name}
        below={stack.description || undefined}
        actions={
          <>
            <CopyAsCli command={`zenml stack describe ${shellWord(stack.name)}\nzenml stack set ${shellWord(stack.name)}`} />
            {mayNot.create ? (
              <RefusedControl label="Copy stack" refusal={mayNot.create} />
            ) : (
              <NameDialog
                label="Copy stack"
                icon="copy"
                help="The copy has the same parts and belongs to you."
                initial={`${stack.name}-copy`}
                action={copyStackAs}
                fields={fields}
                done="Copied the stack."
                donePath={`${base}/stacks`}
              />
            )}
            {!stack.isDefault && !mayNot.update && (
              <NameDialog
                label="Rename"
                help="Clients that name the stack have to use the new name."
                initial={stack.name}
                action={saveStack}
                fields={fields}
                done="Renamed the stack."
              />
            )}
            {mayNot.update ? (
              <RefusedControl label="Change parts" refusal={mayNot.update} />
            ) : (
              !stack.isDefault && (
                <ButtonLink href={`${path}/edit`} look="primary">
                  Change parts
                </ButtonLink>
              )
            )}
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Owner", value: stack.owner ? <WhoChip person={stack.owner} /> : <FromWorkspace /> },
          { label: "Parts", value: countWords(stack.parts.length) },
          { label: "Runs, 7 days", value: countWords(stack.runs7d) },
          { label: "Snapshots", value: namedWords(stack.named.snapshots) },
          { label: "Created", value: <Time at={stack.createdAt} /> },
          { label: "Changed", value: <Time at={stack.updatedAt} /> },
        ]}
      />
      <LinkTabs
        label="Parts of the stack"
        tabs={TABS.map((one) => ({
          href: `${path}${one === "parts" ? "" : `?tab=${one}`}`,
          label: one.charAt(0).toUpperCase() + one.slice(1),
          count: counts[one],
          isCurrent: tab === one,
        }))}
      />
      <div className="pad-x py-5">
        {tab === "parts" && (
          <>
            <PartsList
              base={base}
              parts={stack.parts}
              replace={
                canEdit
                  ? (part) => (
                      <Link key="replace" className="link" href={`${path}/edit?part=${part.type}`}>
                        Replace
                      </Link>
                    )
                  : undefined
              }
            />
            {stack.isDefault && (
              <p className="mt-3 text-ink-3">This stack came with the workspace: every new client starts on it, so it stays as it is. Copy it to change it.</p>
            )}
            <Section title="Labels">
              <Pairs label="Labels" entries={stack.labels} none="None." />
            </Section>
            <Section title="Environment variables">
              <Variables names={stack.variables} entries={stack.environment} none="None: steps get what their own environment has." />
            </Section>
            {!stack.isDefault &&
              (mayNot.delete ? (
                <DangerZone text="Deleting a stack ends nothing that runs; runs and snapshots that name it then name none.">
                  <RefusedControl label="Delete this stack" refusal={mayNot.delete} />
                </DangerZone>
              ) : (
                <DangerZone text="Deleting a stack ends nothing that runs; runs and snapshots that name it then name none.">
                  <TypedDelete
                    noun="stack"
                    name={stack.name}
                    action={removeStack}
                    fields={fields}
                    doneHref={`${base}/stacks`}
                    preview={
                      <>
                        <p>
                          <b>Ends:</b> the stack. Clients that have it set fall back to <code>default</code>.
                        </p>
                        <p>
                          <b>Lose their stack:</b> {namedWords(stack.named.runs)} runs and {namedWords(stack.named.snapshots)} snapshots. They stay, and say no
                          more on what they ran; the audit entry keeps the stack’s name and parts.
                        </p>
                        <p>
                          <b>Stay:</b> its {counted(stack.parts.length, "component")}, and what they hold.
                        </p>
                      </>
                    }
                  />
                </DangerZone>
              ))}
          </>
        )}
        {tab === "runs" && <RunsOf base={base} runs={stack.runs} empty="No run that you may see used this stack." />}
        {tab === "secrets" && <SecretsOf base={base} noun="stack" secrets={secrets} />}
        {tab === "access" && (
          <ThingAccess
            context={context}
            workspace={workspace}
            thing={{ type: "stack", id: stack.id, name: stack.name }}
            ownerId={stack.ownerId}
            owner={stack.owner?.name ?? null}
          />
        )}
        {tab === "audit" && <ThingEntries noun="stack" entries={entries?.rows ?? null} auditPath={`${base}/audit`} thingId={stack.id} />}
      </div>
    </ConsolePage>
  );
});
