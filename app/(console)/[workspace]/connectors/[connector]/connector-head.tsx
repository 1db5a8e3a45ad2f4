import { TestCredential } from "@/components/connector/test-credential";
import { Verified } from "@/components/connector/connectors-table";
import { lifeWords } from "@/components/connector/type-words";
import { RotateKeys } from "@/components/connector/rotate-keys";
import { WaitingKeys } from "@/components/connector/waiting-keys";
import { VerifyNow } from "@/components/connector/verify-now";
import { Expiry } from "@/components/service-account/accounts-table";
import { shellWord } from "@/components/stack/stack-cli";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { formTypes } from "@/lib/connectors/form-types";
import { type ConnectorPage, typeTitle } from "@/lib/connectors/schema";
import { resourceTitle } from "@/lib/connectors/words";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { refusalOf } from "../../../refusal";

type Props = { connector: ConnectorPage; actor: Actor; workspace: Workspace; current: string; entries?: number };

/** The main keys with the words of the form. */
function keysOf({ type, method, mainKeys }: ConnectorPage) {
  const fields = formTypes()
    .find((one) => one.type === type)
    ?.methods.find((one) => one.method === method)?.fields;
  return mainKeys.map((name) => ({ name, label: fields?.find((field) => field.name === name)?.label ?? name }));
}

/** What stands above each part of a connector's page: its name, what one does with it, its facts, the parts. */
export function ConnectorHead({ connector, actor, workspace, current, entries }: Props) {
  const path = `/${workspace.slug}/connectors/${connector.id}`;
  const target = { workspaceId: workspace.id, ownerId: connector.ownerId, thing: { type: "connector", id: connector.id, name: connector.name } };
  const mayNotVerify = refusalOf(actor, "connector:verify", target, "Verifying this connector is not in your role");
  const mayNotUse = refusalOf(actor, "connector:use", target, "Getting credentials of this connector is not in your role");
  const mayNotChange = refusalOf(actor, "connector:update", target, "Changing this connector is not in your role");
  const tabs = [
    { id: "issued", label: "Issued", href: path, count: connector.living.length },
    { id: "ledger", label: "Ledger", href: `${path}/ledger` },
    { id: "configuration", label: "Configuration", href: `${path}?tab=configuration` },
    { id: "access", label: "Access", href: `${path}?tab=access` },
    { id: "audit", label: "Audit", href: `${path}?tab=audit`, count: entries },
  ];
  const reaches = connector.resourceId ?? connector.resourceTypes.map((one) => resourceTitle(connector.type, one)).join(", ");
  return (
    <>
      <PageHead
        title={connector.name}
        beside={
          <>
            <Badge>{typeTitle(connector.type)}</Badge>
            <span className="text-ink-3">{connector.methodTitle}</span>
          </>
        }
        below={connector.description || undefined}
        actions={
          <>
            <CopyAsCli command={`zenml service-connector describe ${shellWord(connector.name)}`} />
            {mayNotVerify ? (
              <RefusedControl label="Verify" refusal={mayNotVerify} />
            ) : (
              <VerifyNow workspace={workspace.slug} id={connector.id} name={connector.name} />
            )}
            {mayNotUse ? (
              <RefusedControl label="Test credential…" refusal={mayNotUse} />
            ) : (
              <TestCredential
                workspace={workspace.slug}
                id={connector.id}
                name={connector.name}
                resourceTypes={connector.resourceTypes}
                resourceId={connector.resourceId}
              />
            )}
            {connector.mainKeys.length > 0 &&
              !connector.next &&
              (mayNotChange ? (
                <RefusedControl label="Rotate keys…" refusal={mayNotChange} />
              ) : (
                <RotateKeys workspace={workspace.slug} id={connector.id} name={connector.name} keys={keysOf(connector)} version={connector.keysVersion} />
              ))}
            {mayNotChange ? <RefusedControl label="Edit" refusal={mayNotChange} /> : <ButtonLink href={`${path}/edit`}>Edit</ButtonLink>}
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Reaches", value: reaches },
          { label: "Main keys", value: connector.mainKeys.length > 0 ? `held by Reeve, v${connector.keysVersion}` : "none" },
          { label: "Lifetime", value: connector.expirationSeconds ? lifeWords(connector.expirationSeconds) : "as is usual" },
          { label: "Verified", value: <Verified row={connector} /> },
          { label: "Last issued", value: connector.lastIssuedAt ? <Time at={connector.lastIssuedAt} /> : "never" },
          { label: "Keys expire", value: connector.expiresAt ? <Expiry at={connector.expiresAt} /> : <span className="text-ink-3">no day named</span> },
          { label: "Owner", value: <WhoChip person={connector.owner} /> },
        ]}
      />
      {connector.next && <WaitingKeys workspace={workspace.slug} id={connector.id} next={connector.next} mayChange={!mayNotChange} />}
      {connector.lastError && (
        <p role="status" className="pad-x border-b border-rule py-2 text-fail">
          It failed when it was last tried: {connector.lastError}
        </p>
      )}
      <LinkTabs label="Parts of the connector" tabs={tabs.map(({ id, ...tab }) => ({ ...tab, isCurrent: id === current }))} />
    </>
  );
}
