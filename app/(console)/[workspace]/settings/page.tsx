import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { ButtonLink } from "@/components/ui/button";
import { DangerZone } from "@/components/ui/danger-zone";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { NetworksForm } from "@/components/workspace/networks-form";
import { SettingsForm } from "@/components/workspace/settings-form";
import { ROLES } from "@/lib/authz/permissions";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getWorkspace } from "@/lib/workspaces/get-workspace";
import { WIRE_ROLES } from "@/lib/workspaces/schema";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { SettingsTabs } from "../../settings/settings-tabs";
import { FailureState } from "@/components/ui/failure-state";

export const metadata: Metadata = { title: "Workspace settings" };

// Settings exist for those who may see keys: Workspace Admins and System Admins, and Auditors, who read.
export default page("api-key:read", async ({ context, place }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const { data, failure } = await attempt(context, () => ask(getWorkspace, context, { slug: workspace.slug }));
  const target = { workspaceId: workspace.id };
  const refusal = refusalOf(context.actor, "workspace:update", target, "Changing the workspace is not in your role");
  const networksRefusal = refusalOf(context.actor, "policy:update", {}, "Opening private networks is not in your role");
  const deleteRefusal = refusalOf(context.actor, "workspace:delete", target, "Deleting a workspace is not in your role");
  return (
    <ConsolePage crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Settings" }]}>
      <PageHead isInBar title="Workspace settings" actions={refusal && <RefusedControl label="Read only" refusal={refusal} />} />
      <SettingsTabs slug={workspace.slug} current="general" />
      {failure ? (
        <FailureState failure={failure} />
      ) : (
        <div className="pad-x pt-5 pb-12">
          <div className="max-w-[640px]">
            <SettingsForm
              workspace={data}
              url={`${environment().url}/${workspace.slug}`}
              roles={WIRE_ROLES.map((role) => ({ value: role, label: ROLES[role].title }))}
              isReadOnly={refusal !== null}
            />
            <NetworksForm workspace={data} refusal={networksRefusal} />
          </div>
          <DangerZone text="Suspending stops all access for a time; deleting ends it, and the name is never used again. Both are done in the list of workspaces.">
            {deleteRefusal ? (
              <RefusedControl label="Suspend or delete" refusal={deleteRefusal} />
            ) : (
              <ButtonLink href={`/workspaces/${workspace.slug}`} look="danger">
                Suspend or delete
              </ButtonLink>
            )}
          </DangerZone>
        </div>
      )}
    </ConsolePage>
  );
});
