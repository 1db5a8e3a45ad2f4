import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { CompareRoles } from "@/components/access/compare-roles";
import { scopeWords } from "@/components/access/grant-words";
import { RightsMatrix } from "@/components/access/rights-matrix";
import { ConsolePage } from "@/components/shell/console-page";
import { Badge } from "@/components/ui/badge";
import { PageHead, Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import { listHolders } from "@/lib/access/roles";
import { type RoleId, ROLES, rightsOf } from "@/lib/authz/permissions";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { attempt } from "../../../attempt";
import { FailureState } from "@/components/ui/failure-state";

export const metadata: Metadata = { title: "Role" };

const isRole = (text: unknown): text is RoleId => typeof text === "string" && Object.hasOwn(ROLES, text);

// For those who may read roles somewhere; who has it is filtered row by row.
export default page("session:read", async ({ context, place, params, searchParams }) => {
  const { role } = params;
  if (!isRole(role) || !holdsAnywhere(context.actor, "role:read")) notFound();
  const against = isRole(searchParams.against) && searchParams.against !== role ? searchParams.against : null;
  const { data: holders, failure } = await attempt(context, () => ask(listHolders, context, { role }));
  const { title, summary, scope } = ROLES[role];
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Roles", href: "/settings/roles" }, { label: title }]}>
      <PageHead title={title} beside={<Badge>System role</Badge>} below={`${summary} Held on: ${scope.join(", ")}.`} />
      <div className="pad-x mt-4 border-t border-rule py-4">
        <Section title={against ? `What it may do, beside ${ROLES[against].title}` : "What it may do"} aside={<CompareRoles role={role} against={against} />}>
          <p className="mb-2 text-meta text-ink-3">● on every thing where the role is held · own: on what the person made · – not at all</p>
          <RightsMatrix label={`Rights of ${title}`} rights={rightsOf(role)} against={against ? rightsOf(against) : undefined} />
        </Section>
        <div id="members">
          <Section title="Who has it" count={holders && role !== "member" ? countWords(holders.length) : undefined}>
            {role === "member" ? (
              <p>Everybody with an account, without a grant.</p>
            ) : failure ? (
              <FailureState failure={failure} />
            ) : holders.length === 0 ? (
              <p className="text-ink-3">Nobody that you may see.</p>
            ) : (
              <PlainTable
                label={`Holders of ${title}`}
                columns={[{ label: "Who" }, { label: "Where" }, { label: "Since" }, { label: "Until" }]}
                rows={holders.map((holder) => ({
                  key: holder.grantId,
                  cells: [
                    <span key="who" className="inline-flex items-center gap-1.5">
                      <Avatar name={holder.who} kind={holder.kind} size={18} />
                      <Link href={`${holder.workspace ? `/${holder.workspace}` : ""}/access/people/${holder.principalId}`} className="text-ink hover:underline">
                        {holder.who}
                      </Link>
                    </span>,
                    scopeWords(holder),
                    <Time key="since" at={holder.since} />,
                    holder.until ? <Time key="until" at={holder.until} /> : "no end",
                  ],
                }))}
              />
            )}
          </Section>
        </div>
      </div>
    </ConsolePage>
  );
});
