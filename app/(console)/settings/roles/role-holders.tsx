import Link from "next/link";
import { scopeWords } from "@/components/access/grant-words";
import { FailureState } from "@/components/ui/failure-state";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { Avatar } from "@/components/ui/who";
import { listHolders } from "@/lib/access/roles";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";

/** Who has a role, where, since when; filtered row by row. */
export async function RoleHolders({ context, role, title }: { context: PageArguments["context"]; role: string; title: string }) {
  const { data: holders, failure } = await attempt(context, () => ask(listHolders, context, { role }));
  return (
    <div id="members" className="mt-6">
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
  );
}
