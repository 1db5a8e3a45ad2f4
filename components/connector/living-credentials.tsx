"use client";

import { useEffect, useState } from "react";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { type IssueRow, REACH_WORDS } from "@/lib/connectors/schema";
import { IssueRun } from "./issues-table";

const TICK_MS = 10_000;

/** How much of its life is left, drawn and said. The server's clock starts it, so that both draw the same. */
function TimeLeft({ row, now }: { row: IssueRow; now: number }) {
  const [from, until] = [Date.parse(row.at), Date.parse(row.expiresAt ?? row.at)];
  const part = Math.max(0, Math.min(1, (until - now) / Math.max(1, until - from)));
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <span className="h-1.5 w-20 bg-rule" aria-hidden="true">
        <span className="block h-full bg-ink" style={{ width: `${Math.round(part * 100)}%` }} />
      </span>
      ends <Time at={row.expiresAt ?? row.at} />
    </span>
  );
}

/** The credentials that live now: to whom, for what, and how long still. */
export function LivingCredentials({ rows, workspace, now: drawnAt }: { rows: IssueRow[]; workspace: string; now: number }) {
  const [now, setNow] = useState(drawnAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const living = rows.filter((row) => Date.parse(row.expiresAt ?? "") > now);
  if (living.length === 0) return <p className="text-ink-3">No credential of this connector lives now.</p>;
  return (
    <PlainTable
      label="Credentials that live now"
      columns={[{ label: "To" }, { label: "Run" }, { label: "For" }, { label: "Reaches" }, { label: "Issued" }, { label: "Time left" }]}
      rows={living.map((row) => ({
        key: row.id,
        cells: [
          <WhoChip key="who" person={row.who} />,
          <IssueRun key="run" run={row.run} workspace={workspace} />,
          <code key="for" className="break-all">
            {row.resourceId ?? row.resourceType}
          </code>,
          REACH_WORDS[row.reach ?? ""] ?? "–",
          <Time key="at" at={row.at} />,
          <TimeLeft key="left" row={row} now={now} />,
        ],
      }))}
    />
  );
}
