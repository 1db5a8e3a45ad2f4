import Link from "next/link";
import { EndPath } from "@/components/access/end-path";
import { RoleWord, scopeWords } from "@/components/access/grant-words";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { TeamGrantRow } from "@/lib/teams/schema";

/** What teams have, with the end of each. `withTeam`: of several teams. */
export function TeamGrants({ grants, withTeam }: { grants: TeamGrantRow[]; withTeam: boolean }) {
  return (
    <PlainTable
      label={withTeam ? "Grants of teams" : "Roles of the team"}
      columns={[
        ...(withTeam ? [{ label: "Team" }, { label: "Members", align: "right" as const }] : []),
        { label: "Role" },
        { label: "Where" },
        { label: "Given by" },
        { label: "Since" },
        { label: "Until" },
        { label: "Reason" },
        { label: "Actions", align: "right" },
      ]}
      rows={grants.map((grant) => ({
        key: grant.id,
        cells: [
          ...(withTeam
            ? [
                <Link key="team" href={`/settings/teams/${grant.teamId}`} className="inline-flex min-h-6 items-center font-medium text-ink hover:underline">
                  {grant.team}
                </Link>,
                countWords(grant.members),
              ]
            : []),
          <RoleWord key="role" grant={grant} />,
          scopeWords(grant),
          grant.grantedBy ?? (grant.source === "setup" ? "the set-up" : "–"),
          <Time key="since" at={grant.since} />,
          grant.until ? <Time key="until" at={grant.until} /> : "no end",
          grant.reason ?? "–",
          grant.canEnd ? <EndPath key="end" grantId={grant.id} who={grant.team} workspace={grant.workspace} /> : "",
        ],
      }))}
    />
  );
}
