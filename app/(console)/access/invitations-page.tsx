import { InvitationsTable } from "@/components/access/invitations-table";
import { Invite } from "@/components/access/invite";
import { invitationList, PER_PAGE } from "@/components/access/request-list";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listInvitations } from "@/lib/members/list-invitations";
import { refusalOf } from "../refusal";
import { placesOf } from "./access-frame";
import { AccessList } from "./access-list";

/** Invitations of the place. */
export function InvitationsPage(args: PageArguments) {
  const { context, place } = args;
  const refusal = refusalOf(context.actor, "invitation:create", { workspaceId: place.workspace?.id }, "Inviting people is not in your role");
  return (
    <AccessList
      args={args}
      tab="invitations"
      definition={invitationList}
      perPage={PER_PAGE}
      read={async (input) => {
        const [list, places] = await Promise.all([ask(listInvitations, context, input), placesOf(args)]);
        return { list, places };
      }}
      actions={(read) => (refusal ? <RefusedControl label="Invite" refusal={refusal} /> : read && <Invite places={read.places} />)}
      draw={(list) => (
        <InvitationsTable
          {...list}
          canManage={!refusal}
          empty={
            <EmptyState title="Nobody was invited here yet.">
              <p className="max-w-[72ch]">An invitation is a link that works once, for seven days. Who has an account already is added as a member instead.</p>
            </EmptyState>
          }
        />
      )}
    />
  );
}
