import { AccountActions } from "@/components/service-account/account-actions";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { KeysSection } from "@/components/service-account/keys-section";
import { ConsolePage } from "@/components/shell/console-page";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead, Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { StatusBadge } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import { environment } from "@/lib/kernel/env";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getServiceAccount } from "@/lib/service-accounts/get-service-account";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { FailurePage } from "../../failure-page";

/** One service account: its keys with their last use and overlaps, its roles, what it did. */
export async function AccountPage({ context, place, params }: PageArguments) {
  const { workspace } = place;
  const base = workspace ? `/${workspace.slug}` : "";
  const listPath = `${base}/settings/service-accounts`;
  const { data: account, failure } = await attempt(context, () => ask(getServiceAccount, context, { account: decodeSegment(params.account ?? "") ?? "" }));
  const crumbs = [
    workspace ? { label: workspace.slug, href: `/${workspace.slug}` } : { label: place.organization.name, href: "/" },
    ...(workspace ? [{ label: "Settings", href: `${base}/settings` }] : []),
    { label: "Service accounts", href: listPath },
    { label: account?.name ?? "Service account" },
  ];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const target = { workspaceId: workspace?.id };
  const may = (permission: Permission) => can(context.actor, permission, target).allowed;
  const seesKeys = may("api-key:read");
  return (
    <ConsolePage crumbs={crumbs}>
      <PageHead
        title={account.name}
        beside={<StatusBadge state={account.active ? "active" : "deactivated"} />}
        below={account.description}
        actions={
          <>
            {workspace && <CopyAsCli command={`zenml service-account describe ${account.name}`} />}
            <AccountActions
              account={account}
              workspace={workspace?.slug ?? null}
              listPath={listPath}
              mayUpdate={may("service-account:update")}
              mayDelete={may("service-account:delete")}
            />
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Belongs to", value: workspace ? workspace.slug : "the organization" },
          { label: "Role", value: account.roles.join(", ") || "none" },
          ...(seesKeys ? [{ label: "Last used", value: account.lastUsedAt ? <Time at={account.lastUsedAt} /> : "never" }] : []),
          { label: "Runs started", value: countWords(account.runs) },
          { label: "Made by", value: account.owner ? `${account.owner}${account.ownerActive === false ? ", who left" : ""}` : "the set-up" },
          { label: "Created", value: <Time at={account.createdAt} /> },
        ]}
      />
      <div className="pad-x pt-5 pb-10">
        <Section title="API keys" count={seesKeys ? countWords(account.keys) : undefined}>
          {seesKeys ? (
            <KeysSection
              keys={account.keyRows}
              account={{ id: account.id, name: account.name }}
              workspace={workspace?.slug ?? null}
              server={workspace ? `${environment().url}/${workspace.slug}` : null}
              may={{ update: may("api-key:update"), rotate: may("api-key:rotate"), remove: may("api-key:delete") }}
              createRefusal={refusalOf(context.actor, "api-key:create", target, "Making API keys is not in your role")}
            />
          ) : (
            <p className="py-2 text-ink-3">Your role here does not read keys.</p>
          )}
        </Section>
        <Section title="Roles" count={countWords(account.grants.length)}>
          {account.grants.length === 0 ? (
            <p className="py-2 text-ink-3">No role: it logs in and sees nothing. Give it one in Access.</p>
          ) : (
            <PlainTable
              label="Roles"
              columns={[{ label: "Role" }, { label: "On" }, { label: "Since" }, { label: "Until" }]}
              rows={account.grants.map((grant) => ({
                key: grant.id,
                cells: [grant.role, grant.scope, <Time key="since" at={grant.since} />, grant.until ? <Time key="until" at={grant.until} /> : "no end"],
              }))}
            />
          )}
        </Section>
      </div>
    </ConsolePage>
  );
}
