import { AddMember } from "@/components/access/add-member";
import { ListFailure } from "@/components/table/list-failure";
import { AsOf } from "@/components/access/as-of";
import { GRANTS_PER_PAGE, grantsList } from "@/components/access/grant-list";
import { GrantsTable } from "@/components/access/grants-table";
import { Invite } from "@/components/access/invite";
import { ViewAs } from "@/components/access/view-as";
import { TeamGrants } from "@/components/team/team-grants";
import { requestPreferences } from "@/components/shell/request-preferences";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { Banner } from "@/components/ui/banner";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { countWords } from "@/components/ui/time-words";
import { listGrants } from "@/lib/access/list-grants";
import { can } from "@/lib/authz/can";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listTeamGrants, listTeams } from "@/lib/teams/queries";
import { attempt } from "../attempt";
import { refusalOf } from "../refusal";
import { AccessFrame, accessPath, placesOf, withQuery } from "./access-frame";
import { endOfDay } from "./asked";
import { ownRoles } from "./own-roles";

/** Who holds which role where, now or at the end of a day. */
export async function MembersPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const { workspace } = place;
  const own = await ownRoles(context);
  const definition = grantsList(!workspace, own);
  const path = accessPath(place);
  const view = readListView(definition, searchParams);
  const { zone } = await requestPreferences();
  const asOf = endOfDay(searchParams.at, zone);
  const [day, at] = [asOf?.day ?? null, asOf?.at ?? null];
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(listGrants, context, {
        ...pageInput(definition, view, GRANTS_PER_PAGE, Date.now(), zone),
        at,
      }),
      placesOf(args),
      ask(listTeamGrants, context, {}),
      ask(listTeams, context, {}),
    ]),
  );
  const target = { workspaceId: workspace?.id };
  const adding = refusalOf(context.actor, "grant:create", target, "Giving roles is not in your role");
  const mayInvite = can(context.actor, "invitation:create", target).allowed;
  const [list, places, teamGrants = [], teams = []] = data ?? [];
  return (
    <AccessFrame
      args={args}
      tab=""
      exportSearch={withQuery(viewSearch(definition, { ...view, after: undefined }), { at: day })}
      beside={list && <span className="text-ink-3">{countWords(list.total.count)} grants in this view</span>}
      actions={
        adding ? (
          workspace && <RefusedControl label="Add" refusal={adding} />
        ) : places && !day ? (
          <>
            <ViewAs places={places} />
            <AddMember places={places} serviceAccounts={[]} teams={teams} denies />
            <AddMember places={places} serviceAccounts={[]} teams={teams} />
            {mayInvite && <Invite places={places} />}
          </>
        ) : null
      }
    >
      {day && (
        <Banner tone="idle" icon="history">
          As of the end of {day}. What was given or ended since is not shown; accounts are named as they are today.
        </Banner>
      )}
      {teamGrants.length > 0 && !day && (
        <details className="pad-x border-b border-rule py-2">
          <summary className="min-h-6 cursor-pointer text-ink-2">
            {countWords(teamGrants.length)} {teamGrants.length === 1 ? "role is" : "roles are"} given to teams; the list below has each member.
          </summary>
          <TeamGrants grants={teamGrants} withTeam />
        </details>
      )}
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        list && (
          <GrantsTable
            path={path}
            isOrganization={!workspace}
            ownRoles={own}
            peoplePath={`${path}/people`}
            rows={packRows(list.rows)}
            view={view}
            total={list.total}
            next={list.next}
            countsWithout={list.countsWithout}
            barEnd={<AsOf path={path} day={day} />}
            empty={
              <EmptyState title="Nobody held a role here then.">
                <p>Choose a later day.</p>
              </EmptyState>
            }
          />
        )
      )}
    </AccessFrame>
  );
}
