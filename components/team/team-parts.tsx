import Link from "next/link";
import { roleTitle } from "@/components/access/grant-list";
import { PlainTable } from "@/components/ui/plain-table";
import { StatusBadge } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import { throughWords } from "@/lib/access/schema";
import type { TeamPage } from "@/lib/teams/schema";
import { TakeOut } from "./team-acts";

/** Who is in the team, one row for each way in. */
export function TeamMembers({ team, mayChange }: { team: TeamPage; mayChange: boolean }) {
  if (team.members.length === 0) return <p className="py-2 text-ink-3">Nobody is in it.</p>;
  return (
    <PlainTable
      label="Members of the team"
      columns={[{ label: "Who" }, { label: "Through" }, { label: "Since" }, { label: "State" }, { label: "Actions", align: "right" }]}
      rows={team.members.map((member) => ({
        key: `${member.principalId} ${member.through ?? ""} ${member.since}`,
        cells: [
          <span key="who" className="inline-flex items-center gap-1.5">
            <Avatar name={member.who} kind="user" size={18} />
            <Link href={`/access/people/${member.principalId}`} className="inline-flex min-h-6 items-center font-medium text-ink hover:underline">
              {member.who}
            </Link>
            {member.email && member.email !== member.who && <span className="text-ink-3 max-md:hidden">{member.email}</span>}
          </span>,
          member.source === "person" ? `By hand, ${member.addedBy ?? "somebody"}` : throughWords(member),
          <Time key="since" at={member.since} />,
          <StatusBadge key="state" state={member.active ? "active" : "deactivated"} />,
          mayChange && member.source !== "group_rule" ? <TakeOut key="out" team={team} member={member} /> : "",
        ],
      }))}
    />
  );
}

/** The groups of directories that fill the team. */
export const TeamRules = ({ rules, isLinked }: { rules: TeamPage["rules"]; isLinked: boolean }) => (
  <PlainTable
    label="Group rules of the team"
    columns={[{ label: "Group" }, { label: "Directory" }, { label: "People", align: "right" }]}
    rows={rules.map((rule) => ({
      key: rule.id,
      cells: [
        rule.group,
        isLinked ? (
          <Link key="directory" href={`/settings/directory/${rule.directoryId}/rules`} className="inline-flex min-h-6 items-center underline">
            {rule.directory}
          </Link>
        ) : (
          rule.directory
        ),
        countWords(rule.people),
      ],
    }))}
  />
);

/** The newest entries of the trail about the team and its grants. */
export const TeamEntries = ({ entries }: { entries: NonNullable<TeamPage["entries"]> }) => (
  <PlainTable
    label="Newest entries about the team"
    columns={[{ label: "№" }, { label: "Time" }, { label: "Action" }, { label: "Of" }, { label: "By" }]}
    rows={entries.map((entry) => ({
      key: String(entry.seq),
      cells: [
        <Link key="seq" href={`/audit/${entry.seq}`} className="inline-flex min-h-6 items-center underline">
          {countWords(entry.seq)}
        </Link>,
        <Time key="at" at={entry.at} />,
        <code key="action">{entry.action}</code>,
        entry.subject ? roleTitle(entry.subject) : "–",
        entry.actor,
      ],
    }))}
  />
);
