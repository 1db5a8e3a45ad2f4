import { AddMember } from "@/components/access/add-member";
import { AsOf } from "@/components/access/as-of";
import { GRANTS_PER_PAGE, grantsList } from "@/components/access/grant-list";
import { GrantsTable } from "@/components/access/grants-table";
import { Invite } from "@/components/access/invite";
import { ViewAs } from "@/components/access/view-as";
import { TeamGrants } from "@/components/team/team-grants";
import { requestPreferences } from "@/components/shell/request-preferences";
import { Banner } from "@/components/ui/banner";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { counted } from "@/components/ui/time-words";
import { listGrants } from "@/lib/access/list-grants";
import { can } from "@/lib/authz/can";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listTeamGrants, listTeams } from "@/lib/teams/queries";
import { refusalOf } from "../refusal";
import { placesOf } from "./access-frame";
import { AccessList } from "./access-list";
import { endOfDay } from "./asked";

/** Who holds which role where, now or at the end of a day. */
export async function MembersPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const { workspace } = place;
  const { zone } = await requestPreferences();
  const { day, at } = endOfDay(searchParams.at, zone) ?? { day: null, at: null };
  const target = { workspaceId: workspace?.id };
  const adding = refusalOf(context.actor, "grant:create", target, "Giving roles is not in your role");
  const mayInvite = can(context.actor, "invitation:create", target).allowed;
  return (
    <AccessList
      args={args}
      tab=""
      definition={(own) => grantsList(!workspace, own)}
      perPage={GRANTS_PER_PAGE}
      read={async (input) => {
        const [list, places, teamGrants, teams] = await Promise.all([
          ask(listGrants, context, { ...input, at }),
          placesOf(args),
          ask(listTeamGrants, context, {}),
          ask(listTeams, context, {}),
        ]);
        return { list, places, teamGrants, teams };
      }}
      exportQuery={() => ({ at: day })}
      beside={({ total }) => <span className="text-ink-3">{counted(total.count, "grant")} in this view</span>}
      actions={(read) => {
        if (adding) return workspace && <RefusedControl label="Add" refusal={adding} />;
        if (!read || day) return null;
        const { places, teams } = read;
        return (
          <>
            <ViewAs places={places} />
            <AddMember places={places} serviceAccounts={[]} teams={teams} denies />
            <AddMember places={places} serviceAccounts={[]} teams={teams} />
            {mayInvite && <Invite places={places} />}
          </>
        );
      }}
      above={({ teamGrants }) =>
        day ? (
          <Banner tone="idle" icon="history">
            As of the end of {day}. What was given or ended since is not shown; accounts are named as they are today.
          </Banner>
        ) : (
          teamGrants.length > 0 && (
            <details className="pad-x border-b border-rule py-2">
              <summary className="min-h-6 cursor-pointer text-ink-2">
                {counted(teamGrants.length, "role is", "roles are")} given to teams; the list below has each member.
              </summary>
              <TeamGrants grants={teamGrants} withTeam />
            </details>
          )
        )
      }
      draw={(list) => (
        <GrantsTable
          {...list}
          isOrganization={!workspace}
          peoplePath={`${list.path}/people`}
          barEnd={<AsOf path={list.path} day={day} />}
          empty={
            <EmptyState title="Nobody held a role here then.">
              <p>Choose a later day.</p>
            </EmptyState>
          }
        />
      )}
    />
  );
}
