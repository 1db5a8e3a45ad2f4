"use client";

import { useClock } from "@/components/ui/clock";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { type GrantRow, throughWords } from "@/lib/access/schema";
import { roleTitle } from "./grant-list";
import { RoleWord, scopeWords } from "./grant-words";

const LANE = 32;
const LABEL = 240;
const WIDTH = 960;

/** Grants as intervals: a bar with a square end when it has ended, an arrow when it is open; below the same as a table. */
export function GrantLanes({ grants }: { grants: GrantRow[] }) {
  const { now } = useClock();
  if (grants.length === 0) return <p className="text-ink-3">No grant, now or before.</p>;
  const start = Math.min(...grants.map((grant) => Date.parse(grant.since)));
  const planned = grants.flatMap((grant) => (grant.until && Date.parse(grant.until) > now ? [Date.parse(grant.until)] : []));
  const end = Math.max(now, ...planned);
  const span = Math.max(end - start, 1);
  const x = (at: number) => LABEL + ((at - start) / span) * (WIDTH - LABEL - 24);
  return (
    <div className="flex flex-col gap-4">
      <svg
        viewBox={`0 0 ${WIDTH} ${grants.length * LANE + 8}`}
        className="w-full min-w-[640px] text-ink-2 max-md:hidden"
        aria-hidden="true"
        suppressHydrationWarning
      >
        {grants.map((grant, index) => {
          const until = grant.until ? Date.parse(grant.until) : null;
          const isOpen = until === null || until > now;
          const [from, to] = [x(Date.parse(grant.since)), x(until ?? now)];
          const y = index * LANE + 8;
          const tip = until === null ? 8 : 0;
          return (
            <g key={grant.id} opacity={isOpen ? 1 : 0.6}>
              <text x={0} y={y + 14} fontSize={12} fill="currentColor">
                {`${roleTitle(grant.role)}, ${scopeWords(grant)}`.slice(0, 38)}
              </text>
              <polygon
                points={`${from},${y} ${Math.max(to, from + 4)},${y} ${Math.max(to, from + 4) + tip},${y + 9} ${Math.max(to, from + 4)},${y + 18} ${from},${y + 18}`}
                className={grant.effect === "deny" ? "fill-fail-soft stroke-fail" : "fill-paper stroke-control"}
              />
            </g>
          );
        })}
        <line x1={x(now)} x2={x(now)} y1={0} y2={grants.length * LANE + 8} stroke="currentColor" strokeWidth={1} strokeDasharray="2 3" />
      </svg>
      <PlainTable
        label="Grants"
        columns={[
          { label: "Role" },
          { label: "Where" },
          { label: "Through" },
          { label: "Given by" },
          { label: "Since" },
          { label: "Until" },
          { label: "Reason" },
        ]}
        rows={grants.map((grant) => ({
          key: grant.id,
          cells: [
            <RoleWord key="role" grant={grant} />,
            scopeWords(grant),
            throughWords(grant),
            grant.grantedBy ?? "–",
            <Time key="since" at={grant.since} />,
            grant.until ? <Time key="until" at={grant.until} /> : "no end",
            grant.reason ?? "–",
          ],
        }))}
      />
    </div>
  );
}
