import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { ConsolePage } from "@/components/shell/console-page";
import { NewTeam } from "@/components/team/team-acts";
import { FailureState } from "@/components/ui/failure-state";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { listTeams } from "@/lib/teams/queries";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";

export const metadata: Metadata = { title: "Teams" };

// For those who may read teams somewhere: System Admin, Auditor, Workspace Admins, who give roles to teams.
export default page("session:read", async ({ context, place }) => {
  if (!holdsAnywhere(context.actor, "team:read")) notFound();
  const { data: teams, failure } = await attempt(context, () => ask(listTeams, context, {}));
  const refusal = refusalOf(context.actor, "team:create", {}, "Making teams is not in your role");
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Teams" }]}>
      <PageHead
        isInBar
        title="Teams"
        below="Who is in a team has its roles, from the request after joining to the request after leaving."
        actions={refusal ? <RefusedControl label="New team…" refusal={refusal} /> : <NewTeam />}
      />
      <div className="pad-x py-4">
        {failure ? (
          <FailureState failure={failure} />
        ) : teams.length === 0 ? (
          <EmptyState title="There is no team yet.">
            <p className="max-w-[72ch]">A team holds roles for the people in it. Fill it by hand, or by a group of your directory.</p>
          </EmptyState>
        ) : (
          <PlainTable
            label="Teams"
            columns={[
              { label: "Team" },
              { label: "For" },
              { label: "Members", align: "right" },
              { label: "Roles", align: "right" },
              { label: "Filled by" },
              { label: "Made" },
            ]}
            rows={teams.map((team) => ({
              key: team.id,
              cells: [
                <Link key="name" href={`/settings/teams/${team.id}`} className="inline-flex min-h-6 items-center font-medium text-ink hover:underline">
                  {team.name}
                </Link>,
                team.description || "–",
                countWords(team.members),
                countWords(team.grants),
                team.rules > 0 ? counted(team.rules, "group rule") : "hand",
                <Time key="made" at={team.createdAt} />,
              ],
            }))}
          />
        )}
      </div>
    </ConsolePage>
  );
});
