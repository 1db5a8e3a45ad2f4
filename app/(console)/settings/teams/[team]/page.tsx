import type { Metadata } from "next";
import { AddToTeam, GiveTeamRole, TeamActs } from "@/components/team/team-acts";
import { TeamGrants } from "@/components/team/team-grants";
import { TeamEntries, TeamMembers, TeamRules } from "@/components/team/team-parts";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead, Section } from "@/components/ui/page-head";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getTeam, listTeamGrants } from "@/lib/teams/queries";
import { placesOf } from "../../../access/access-frame";
import { attempt } from "../../../attempt";
import { FailurePage } from "../../../failure-page";

export const metadata: Metadata = { title: "Team" };

/** One team: what it has, who is in it and by what, and what happened to it. */
export default page("session:read", async (args) => {
  const { context, place, params } = args;
  const teamId = params.team ?? "";
  const crumbs = [
    { label: place.organization.name, href: "/" },
    { label: "Teams", href: "/settings/teams" },
  ];
  const { data, failure } = await attempt(context, () =>
    Promise.all([ask(getTeam, context, { teamId }), ask(listTeamGrants, context, { teamId }), placesOf(args)]),
  );
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Team" }]} failure={failure} />;
  const [team, grants, places] = data;
  const { actor } = context;
  const may = { change: can(actor, "team:update").allowed, delete: can(actor, "team:delete").allowed, grant: can(actor, "grant:create").allowed };
  const isMine = team.members.some((member) => member.principalId === actor.id);
  const people = new Set(team.members.map((member) => member.principalId)).size;
  return (
    <ConsolePage crumbs={[...crumbs, { label: team.name }]}>
      <PageHead title={team.name} below={team.description} actions={may.change && <TeamActs team={team} mayDelete={may.delete} />} />
      <div className="pad-x mt-4 border-t border-rule py-4">
        <Section title="Roles" count={countWords(grants.length)} aside={may.grant && !isMine && <GiveTeamRole team={team} places={places} />}>
          {isMine && may.grant && <p className="pb-2 text-ink-3">You are in this team: another administrator gives it roles.</p>}
          {grants.length === 0 ? (
            <p className="py-2 text-ink-3">It has no role{may.grant ? "" : " that you may see"}.</p>
          ) : (
            <TeamGrants grants={grants} withTeam={false} />
          )}
        </Section>
        <Section title="Members" count={countWords(people)} aside={may.change && <AddToTeam team={team} roles={grants.length} />}>
          <TeamMembers team={team} mayChange={may.change} />
        </Section>
        {team.rules.length > 0 && (
          <Section title="Filled by" count={countWords(team.rules.length)}>
            <TeamRules rules={team.rules} isLinked={can(actor, "directory:read").allowed} />
          </Section>
        )}
        {team.entries && (
          <Section title="Audit">
            <TeamEntries entries={team.entries} />
          </Section>
        )}
      </div>
    </ConsolePage>
  );
});
