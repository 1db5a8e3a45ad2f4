import Link from "next/link";
import { Expiry } from "@/components/service-account/accounts-table";
import { ChangeSecret } from "@/components/secret/change-secret";
import { BindSecret } from "@/components/secret/bind-secret";
import { LeakBanner } from "@/components/secret/leak-banner";
import { RevealBanner } from "@/components/secret/reveal-banner";
import { RevealSecret } from "@/components/secret/reveal-secret";
import { RotateSecret } from "@/components/secret/rotate-secret";
import { TestSecret } from "@/components/secret/test-secret";
import { storeTitle } from "@/lib/secret-stores/schema";
import { Visibility } from "@/components/secret/visibility";
import { shellWord } from "@/components/stack/stack-cli";
import { ButtonLink } from "@/components/ui/button";
import { Badge } from "@/components/ui/badge";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { FactsStrip } from "@/components/ui/facts";
import { NameDialog } from "@/components/ui/name-dialog";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { Actor } from "@/lib/identity/actor";
import type { Workspace } from "@/lib/kernel/command";
import { holdsAnywhere } from "@/lib/organizations/sections";
import type { BindingChoices } from "@/lib/secrets/ledger-schema";
import { kindForm, kindForms } from "@/lib/secrets/kinds";
import { KIND_TITLES, type SecretPage } from "@/lib/secrets/row-schema";
import type { RevealState } from "@/lib/secrets/reveal-schema";
import { refusalOf } from "../../../refusal";
import { saveSecret } from "../actions";

type Props = { secret: SecretPage; actor: Actor; workspace: Workspace; current: string; entries?: number; choices?: BindingChoices; reveal: RevealState };

/** What stands above each part of a secret's page: its name, what one does with it, its facts, the parts. */
export function SecretHead({ secret, actor, workspace, current, entries, choices, reveal }: Props) {
  const path = `/${workspace.slug}/secrets/${secret.id}`;
  const form = kindForm(secret.kind);
  const target = {
    workspaceId: workspace.id,
    projectId: secret.projectId,
    ownerId: secret.ownerId,
    thing: { type: "secret", id: secret.id, name: secret.name },
  };
  const { organizationSecretId } = secret;
  const mayNotReveal = refusalOf(actor, "secret:read-value", target, "Revealing these values is not in your role");
  const mayNotChange = refusalOf(actor, "secret:update", target, "Rotating this secret is not in your role");
  const mayChange = !mayNotChange && !organizationSecretId;
  const mayNotBind = refusalOf(actor, "secret:bind", target, "Binding this secret is not in your role");
  const tabs = [
    { id: "keys", label: "Overview and ledger", href: path },
    { id: "versions", label: "Versions", href: `${path}/versions`, count: secret.version },
    { id: "uses", label: "Uses", href: `${path}/uses`, count: secret.uses },
    { id: "access", label: "Access", href: `${path}?tab=access` },
    { id: "audit", label: "Audit", href: `${path}?tab=audit`, count: entries },
  ];
  return (
    <>
      <RevealBanner reveal={reveal} />
      {secret.leak && <LeakBanner workspace={workspace.slug} id={secret.id} name={secret.name} leak={secret.leak} mayClear={!mayNotChange} />}
      <PageHead
        title={secret.name}
        beside={
          <>
            <Badge>v{secret.version}</Badge>
            <span className="text-ink-3">{KIND_TITLES[secret.kind] ?? secret.kind}</span>
          </>
        }
        below={secret.description || undefined}
        actions={
          <>
            <CopyAsCli
              command={`zenml secret get ${shellWord(secret.name)}`}
              note={
                organizationSecretId
                  ? "Refused to people: its values go to runs that it is bound to."
                  : "Gives the values to the client of who made the secret only."
              }
            />
            {mayChange && (
              <NameDialog
                label="Rename"
                help="Clients that refer to it as {{name.key}} have to use the new name."
                initial={secret.name}
                action={saveSecret}
                fields={{ workspace: workspace.slug, id: secret.id }}
                done="Renamed the secret."
              />
            )}
            {mayChange && (
              <ChangeSecret
                workspace={workspace.slug}
                secret={secret}
                isMine={secret.ownerId === actor.id}
                kinds={kindForms().map(({ kind, title }) => ({ kind, title }))}
              />
            )}
            {choices &&
              (mayNotBind ? (
                <RefusedControl label="Bind…" refusal={mayNotBind} />
              ) : (
                <BindSecret workspace={workspace.slug} id={secret.id} name={secret.name} choices={choices} />
              ))}
            {!organizationSecretId &&
              (mayNotReveal ? (
                <RefusedControl label="Reveal…" refusal={mayNotReveal} />
              ) : (
                <RevealSecret workspace={workspace.slug} id={secret.id} name={secret.name} reveal={reveal} />
              ))}
            {mayChange && form?.isTestable && <TestSecret workspace={workspace.slug} id={secret.id} name={secret.name} />}
            {!mayNotChange && !secret.leak && (
              <ButtonLink href={`${path}/leak`} look="danger" icon="siren">
                Mark as leaked…
              </ButtonLink>
            )}
            {!organizationSecretId &&
              (mayNotChange ? (
                <RefusedControl label="Rotate…" refusal={mayNotChange} />
              ) : (
                <RotateSecret
                  action={saveSecret}
                  fields={{ workspace: workspace.slug, id: secret.id }}
                  canTry
                  name={secret.name}
                  version={secret.version}
                  keys={secret.keys}
                  form={form}
                  basedOn={secret.updatedAt}
                />
              ))}
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Scope", value: <Visibility scope={secret.scope} project={secret.project} /> },
          { label: "Store", value: storeTitle(secret.store) },
          { label: "Owner", value: organizationSecretId ? <OfOrganization id={organizationSecretId} actor={actor} /> : <WhoChip person={secret.owner} /> },
          { label: "Last rotated", value: <Time at={secret.rotatedAt} /> },
          { label: "Last used", value: secret.lastUsedAt ? <Time at={secret.lastUsedAt} /> : "never" },
          { label: "Expires", value: secret.expiresAt ? <Expiry at={secret.expiresAt} /> : <span className="text-ink-3">no day named</span> },
          { label: "Created", value: <Time at={secret.createdAt} /> },
        ]}
      />
      <LinkTabs label="Parts of the secret" tabs={tabs.map(({ id, ...tab }) => ({ ...tab, isCurrent: id === current }))} />
    </>
  );
}

/** Who looks after one that a workspace may only use. */
const OfOrganization = ({ id, actor }: { id: string; actor: Actor }) =>
  holdsAnywhere(actor, "integration:read") ? (
    <Link className="link" href={`/settings/integrations/${id}`}>
      System Admins, in Integrations
    </Link>
  ) : (
    "System Admins"
  );
