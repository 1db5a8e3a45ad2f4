import { InvitationsTable } from "@/components/access/invitations-table";
import { Invite } from "@/components/access/invite";
import { invitationList, PER_PAGE } from "@/components/access/request-list";
import { requestPreferences } from "@/components/shell/request-preferences";
import { pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { packRows } from "@/components/table/packed-rows";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listInvitations } from "@/lib/members/list-invitations";
import { attempt } from "../attempt";
import { refusalOf } from "../refusal";
import { AccessFrame, accessPath, placesOf } from "./access-frame";
import { ownRoles } from "./own-roles";
import { FailureState } from "@/components/ui/failure-state";

/** Invitations of the place. */
export async function InvitationsPage(args: PageArguments) {
  const { context, place, searchParams } = args;
  const path = `${accessPath(place)}/invitations`;
  const own = await ownRoles(context);
  const definition = invitationList(own);
  const view = readListView(definition, searchParams);
  const { zone } = await requestPreferences();
  const { data, failure } = await attempt(context, () =>
    Promise.all([
      ask(listInvitations, context, {
        ...pageInput(definition, view, PER_PAGE, Date.now(), zone),
      }),
      placesOf(args),
    ]),
  );
  const [list, places] = data ?? [];
  const refusal = refusalOf(context.actor, "invitation:create", { workspaceId: place.workspace?.id }, "Inviting people is not in your role");
  return (
    <AccessFrame
      args={args}
      tab="invitations"
      exportSearch={viewSearch(definition, { ...view, after: undefined })}
      actions={refusal ? <RefusedControl label="Invite" refusal={refusal} /> : places && <Invite places={places} />}
    >
      {failure ? (
        <FailureState failure={failure} />
      ) : (
        list && (
          <InvitationsTable
            path={path}
            ownRoles={own}
            canManage={!refusal}
            rows={packRows(list.rows)}
            view={view}
            total={list.total}
            next={list.next}
            countsWithout={list.countsWithout}
            empty={
              <EmptyState title="Nobody was invited here yet.">
                <p className="max-w-[72ch]">
                  An invitation is a link that works once, for seven days. Who has an account already is added as a member instead.
                </p>
              </EmptyState>
            }
          />
        )
      )}
    </AccessFrame>
  );
}
