import { ACCOUNTS_PER_PAGE, ORGANIZATION_ACCOUNTS, WORKSPACE_ACCOUNTS } from "@/components/service-account/account-list";
import { rolesAt } from "@/components/access/grant-list";
import { ListFailure } from "@/components/table/list-failure";
import { InView } from "@/components/table/in-view";
import { AccountsTable } from "@/components/service-account/accounts-table";
import { NewAccount } from "@/components/service-account/new-account";
import { ConsolePage } from "@/components/shell/console-page";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { powerOver } from "@/lib/access/grant-power";
import { isRoleId, systemRole } from "@/lib/authz/permissions";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listCustomRoles } from "@/lib/roles/queries";
import { listAllServiceAccounts, listServiceAccounts } from "@/lib/service-accounts/list-service-accounts";
import { drawnList, readList } from "../../read-list";
import { refusalOf } from "../../refusal";
import { SettingsTabs } from "../settings-tabs";

/** The service accounts of a workspace, or all of the organization's that the reader may see. */
export async function AccountsPage(args: PageArguments) {
  const { context, place } = args;
  const { workspace } = place;
  const definition = workspace ? WORKSPACE_ACCOUNTS : ORGANIZATION_ACCOUNTS;
  const path = `${workspace ? `/${workspace.slug}` : ""}/settings/service-accounts`;
  const {
    data: list,
    failure,
    view,
    search,
  } = await readList(args, definition, ACCOUNTS_PER_PAGE, (input) => ask(workspace ? listServiceAccounts : listAllServiceAccounts, context, input));
  const target = { workspaceId: workspace?.id };
  const refusal = refusalOf(context.actor, "service-account:create", target, "Making service accounts is not in your role");
  const own = workspace ? await ask(listCustomRoles, context, {}) : [];
  const scope = { kind: "workspace" as const, workspaceId: workspace?.id ?? null, projectId: null };
  const roles = rolesAt("workspace", "service_account", own).filter(({ value }) => {
    const role = isRoleId(value) ? systemRole(value) : own.find((one) => one.value === value);
    return workspace && role && powerOver(context.actor, role, scope).missing.length === 0;
  });
  const crumbs = [
    workspace ? { label: workspace.slug, href: `/${workspace.slug}` } : { label: place.organization.name, href: "/" },
    ...(workspace ? [{ label: "Settings", href: `/${workspace.slug}/settings` }] : []),
    { label: "Service accounts" },
  ];
  return (
    <ConsolePage fills crumbs={crumbs}>
      <PageHead
        isInBar
        title="Service accounts"
        beside={list && <InView total={list.total} />}
        actions={
          <>
            {workspace && <CopyAsCli command="zenml service-account list" note="The client lists the accounts of the workspace that it is logged in to." />}
            <ExportLink href={`${path}/export${search}`} />
            {refusal ? (
              <RefusedControl label="New service account" refusal={refusal} />
            ) : (
              <NewAccount
                workspace={workspace?.slug ?? null}
                roles={roles}
                startingRole={roles.some(({ value }) => value === "contributor") ? "contributor" : ""}
              />
            )}
          </>
        }
      />
      {workspace && <SettingsTabs slug={workspace.slug} current="service-accounts" />}
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <AccountsTable
          path={path}
          isOrganization={!workspace}
          {...drawnList(list, view)}
          empty={
            <EmptyState title="There is no service account yet.">
              <p className="max-w-[72ch]">CI systems, schedulers and agents log in with the keys of a service account, so that they never use a person’s.</p>
              {workspace && <CliBox command="zenml service-account create ci --description 'CI of the team'" />}
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
}
