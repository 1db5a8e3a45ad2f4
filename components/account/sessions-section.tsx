import { endOtherSessionsAction, endSessionAction } from "@/app/(console)/account/actions";
import { ActButton } from "@/components/ui/act-button";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import type { MySession } from "@/lib/account/schema";
import { browserName } from "./browser-name";

/** Where I am signed in. */
export function SessionsSection({ sessions }: { sessions: MySession[] }) {
  const others = sessions.filter((session) => !session.isCurrent).length;
  return (
    <Section
      title="Sessions"
      count={String(sessions.length)}
      aside={
        others > 0 && (
          <ActButton action={endOtherSessionsAction} fields={{}} said="Ended your other sessions and password logins; they are refused from now on.">
            End all others
          </ActButton>
        )
      }
    >
      <PlainTable
        label="Sessions"
        columns={[{ label: "Browser" }, { label: "Address" }, { label: "Since" }, { label: "Last used" }, { label: "Ends" }, { label: "", align: "right" }]}
        rows={sessions.map((session) => ({
          key: session.id,
          cells: [
            <span key="browser" className="inline-flex items-center gap-2 text-ink" title={session.userAgent ?? undefined}>
              {browserName(session.userAgent)}
              {session.isCurrent && <Badge tone="ok">This one</Badge>}
              {session.kind === "emergency" && <Badge tone="fail">Emergency</Badge>}
            </span>,
            <code key="address">{session.address ?? "not known"}</code>,
            <Time key="since" at={session.createdAt} />,
            <Time key="used" at={session.lastSeenAt} />,
            <Time key="ends" at={session.endsAt} />,
            !session.isCurrent && (
              <ActButton key="end" action={endSessionAction} fields={{ sessionId: session.id }} said="Ended the session; it is refused from now on.">
                End
              </ActButton>
            ),
          ],
        }))}
      />
    </Section>
  );
}
