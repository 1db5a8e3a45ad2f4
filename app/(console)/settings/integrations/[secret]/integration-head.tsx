import { ChangeIntegration } from "@/components/integration/change-integration";
import { INTEGRATIONS, reachWords } from "@/components/integration/lists";
import { RotateSecret } from "@/components/secret/rotate-secret";
import { Expiry } from "@/components/service-account/accounts-table";
import { Badge } from "@/components/ui/badge";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { Actor } from "@/lib/identity/actor";
import type { IntegrationPage, WorkspaceChoice } from "@/lib/integrations/schema";
import { storeTitle } from "@/lib/secret-stores/schema";
import { kindForm } from "@/lib/secrets/kinds";
import { KIND_TITLES } from "@/lib/secrets/row-schema";
import { refusalOf } from "../../../refusal";
import { rotateIntegrationAction } from "../actions";

type Props = { secret: IntegrationPage; actor: Actor; current: "overview" | "versions" | "uses" | "audit"; choices: WorkspaceChoice[] | null };

/** What stands above each part of the page of one of the organization's secrets. `choices`: the workspaces, for who may change it. */
export function IntegrationHead({ secret, actor, current, choices }: Props) {
  const path = `${INTEGRATIONS}/${secret.id}`;
  const mayNotChange = refusalOf(
    actor,
    "integration:update",
    { thing: { type: "integration", id: secret.id, name: secret.name } },
    "Changing secrets of the organization is not in your role",
  );
  const tabs = [
    { id: "overview", label: "Overview", href: path },
    { id: "versions", label: "Versions", href: `${path}/versions`, count: secret.version },
    { id: "uses", label: "Uses", href: `${path}/uses`, count: secret.uses },
    { id: "audit", label: "Audit", href: `${path}?tab=audit` },
  ];
  return (
    <>
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
          mayNotChange ? (
            <RefusedControl label="Rotate…" refusal={mayNotChange} />
          ) : (
            <>
              {choices && <ChangeIntegration secret={secret} workspaces={choices} />}
              <RotateSecret
                action={rotateIntegrationAction}
                fields={{ id: secret.id }}
                name={secret.name}
                version={secret.version}
                keys={secret.keys}
                form={kindForm(secret.kind)}
                basedOn={secret.updatedAt}
                canTry={false}
              />
            </>
          )
        }
      />
      <FactsStrip
        facts={[
          { label: "For", value: reachWords({ everywhere: secret.everywhere, workspaces: secret.workspaces.length }) },
          { label: "Store", value: `${storeTitle(null)}, always` },
          { label: "Made by", value: <WhoChip person={secret.by} /> },
          { label: "Last rotated", value: <Time at={secret.rotatedAt} /> },
          { label: "Expires", value: secret.expiresAt ? <Expiry at={secret.expiresAt} /> : <span className="text-ink-3">no day named</span> },
          { label: "Created", value: <Time at={secret.createdAt} /> },
        ]}
      />
      <LinkTabs label="Parts of the secret" tabs={tabs.map(({ id, ...tab }) => ({ ...tab, isCurrent: id === current }))} />
    </>
  );
}
