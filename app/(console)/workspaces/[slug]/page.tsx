import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead, Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { StatusBadge } from "@/components/ui/status";
import { ExactTime } from "@/components/ui/time";
import { WorkspaceDanger, WorkspaceForm } from "@/components/workspace/manage-workspace";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getWorkspace } from "@/lib/workspaces/get-workspace";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { FailurePage } from "../../failure-page";

export const metadata: Metadata = { title: "Workspace" };

// The query decides: who may not read the workspace gets the 404. A suspended workspace is managed here, as its own pages are closed.
export default page("session:read", async ({ context, place, params }) => {
  const slug = (params.slug ?? "").slice(0, 63);
  const { data: workspace, failure } = await attempt(context, () => ask(getWorkspace, context, { slug }));
  const crumbs = [{ label: place.organization.name, href: "/" }, { label: "Workspaces", href: "/workspaces" }, { label: slug }];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const target = { workspaceId: workspace.id, thing: { type: "workspace", id: workspace.id, name: workspace.slug } };
  const editing = refusalOf(context.actor, "workspace:update", target, "Changing a workspace is not in your role");
  const deleting = refusalOf(context.actor, "workspace:delete", target, "Suspending and deleting workspaces is not in your role");
  const isActive = workspace.state === "active";
  return (
    <ConsolePage crumbs={crumbs}>
      <PageHead
        title={workspace.slug}
        beside={<StatusBadge state={workspace.state} />}
        below={workspace.description || workspace.displayName}
        actions={
          isActive && (
            <>
              <ButtonLink href={`/${workspace.slug}/access`} icon="users">
                Access
              </ButtonLink>
              <ButtonLink href={`/${workspace.slug}`}>Open</ButtonLink>
            </>
          )
        }
      />
      <FactsStrip
        facts={[
          { label: "Address", value: <code>{`${environment().url}/${workspace.slug}`}</code> },
          { label: "Created", value: <ExactTime at={workspace.createdAt} /> },
          ...(!isActive && workspace.changedAt ? [{ label: "Suspended", value: <ExactTime at={workspace.changedAt} /> }] : []),
          ...(!isActive && workspace.changedBy ? [{ label: "By", value: workspace.changedBy }] : []),
        ]}
      />
      <div className="pad-x mt-4 border-t border-rule py-4">
        {isActive && (
          <Section title="Clients">
            <div className="max-w-[720px]">
              <CliBox command={`zenml login ${environment().url}/${workspace.slug}`} />
            </div>
          </Section>
        )}
        <Section title="What people read">{editing ? <RefusedControl label="Change" refusal={editing} /> : <WorkspaceForm workspace={workspace} />}</Section>
        {deleting ? null : <WorkspaceDanger workspace={workspace} />}
      </div>
    </ConsolePage>
  );
});
