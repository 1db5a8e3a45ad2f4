import Link from "next/link";
import { EndShare } from "@/components/access/end-share";
import { roleTitle } from "@/components/access/grant-list";
import { ShareThing } from "@/components/access/share-thing";
import { accessByRole, shareRoles } from "@/components/access/thing-rights";
import { RolesTable } from "@/components/stack/detail-parts";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { RefusedControl } from "@/components/ui/refused";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import { listShares } from "@/lib/access/list-shares";
import { listSubjects } from "@/lib/access/why";
import { can } from "@/lib/authz/can";
import type { ThingType } from "@/lib/authz/thing-rule";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { listCustomRoles } from "@/lib/roles/queries";
import { listTeams } from "@/lib/teams/queries";
import { refusalOf } from "../refusal";

/** What is asked of who can reach a thing: what it is there for. */
const REACHED: Partial<Record<ThingType, string>> = { secret: "read-value", connector: "use" };

type Props = {
  context: CallContext;
  workspace: Workspace;
  thing: { type: ThingType; id: string; name: string };
  /** Of a thing of a project. */
  project?: { id: string; name: string };
  ownerId: string | null;
  owner: string | null;
};

/** Who may reach one thing: by role, and with whom it is shared directly. */
export async function ThingAccess({ context, workspace, thing, project, owner, ownerId }: Props) {
  const { actor } = context;
  const projectId = project?.id;
  const here = { workspaceId: workspace.id, projectId };
  const isOwners = !can(actor, "grant:create", here).allowed && can(actor, "grant:share", { ...here, ownerId }).allowed;
  const sharing = isOwners ? null : refusalOf(actor, "grant:create", here, `Sharing this ${thing.type} is not in your role`);
  const mayReadGrants = can(actor, "grant:read", here).allowed;
  const base = `/${workspace.slug}/access`;
  const [shares, offered] = await Promise.all([
    ask(listShares, context, { type: thing.type, id: thing.id, projectId: projectId ?? null }),
    sharing
      ? null
      : Promise.all([ask(listCustomRoles, context, {}), isOwners ? [] : ask(listSubjects, context, {}), isOwners ? [] : ask(listTeams, context, {})]),
  ]);
  const [roles = [], subjects = [], teams = []] = offered ?? [];
  const reach = `${base}/reach?what=${thing.type}:${REACHED[thing.type] ?? "read"}&thing=${thing.id}${projectId ? `&on=${projectId}` : ""}`;
  const pageOf = (kind: string, id: string) => (kind === "team" ? `/settings/teams/${id}` : `${base}/people/${id}`);
  return (
    <>
      <RolesTable rows={accessByRole(thing.type)} owner={owner} reachHref={mayReadGrants ? reach : null} />
      <Section
        title="Shared directly"
        count={countWords(shares.length)}
        aside={
          sharing ? (
            mayReadGrants && <RefusedControl label="Share…" refusal={sharing} />
          ) : (
            <ShareThing
              workspace={workspace.slug}
              project={project?.name ?? null}
              isOwners={isOwners}
              thing={thing}
              roles={shareRoles(thing.type, roles, isOwners)}
              serviceAccounts={subjects.filter(({ kind }) => kind === "service_account")}
              teams={teams.map(({ id, name }) => ({ id, name }))}
            />
          )
        }
      >
        {shares.length === 0 ? (
          <p className="text-ink-3">With nobody: it is reached by roles alone.</p>
        ) : (
          <PlainTable
            label="Direct shares"
            columns={[{ label: "With" }, { label: "Role on it" }, { label: "By" }, { label: "Since" }, { label: "Ends" }, { label: "Actions", align: "right" }]}
            rows={shares.map((share) => ({
              key: share.id,
              cells: [
                <span key="who" className="inline-flex items-center gap-1.5 whitespace-nowrap">
                  <Avatar name={share.who} kind={share.kind} size={18} />
                  {mayReadGrants ? (
                    <Link className="font-medium text-ink hover:underline" href={pageOf(share.kind, share.subjectId)}>
                      {share.who}
                    </Link>
                  ) : (
                    share.who
                  )}
                </span>,
                roleTitle(share.role),
                share.grantedBy ?? "–",
                <Time key="since" at={share.since} />,
                share.until ? <Time key="until" at={share.until} /> : "no end",
                share.endedAs ? (
                  <EndShare
                    key="end"
                    workspace={workspace.slug}
                    grantId={share.id}
                    who={share.who}
                    role={roleTitle(share.role)}
                    thing={thing}
                    isOwners={share.endedAs === "owner"}
                  />
                ) : (
                  ""
                ),
              ],
            }))}
          />
        )}
      </Section>
    </>
  );
}
