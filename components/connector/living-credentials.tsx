"use client";

import { useEffect, useState } from "react";
import { PlainTable } from "@/components/ui/plain-table";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { type IssueRow, REACH_WORDS } from "@/lib/connectors/schema";
import { IssueRun } from "./issues-table";
import { RevokeCredential } from "./revoke-credential";

const TICK_MS = 10_000;

const MINUTE_MS = 60_000;

/** "55 min left", "3 h left". */
const leftWords = (ms: number): string => (ms < 90 * MINUTE_MS ? `${Math.ceil(ms / MINUTE_MS)} min left` : `${Math.round(ms / (60 * MINUTE_MS))} h left`);

/** How much of its life is left, drawn and said. The server's clock starts it, so that both draw the same. */
function TimeLeft({ row, now }: { row: IssueRow; now: number }) {
  if (!row.expiresAt) return <span className="text-warn">no end</span>;
  const [from, until] = [Date.parse(row.at), Date.parse(row.expiresAt)];
  const part = Math.max(0, Math.min(1, (until - now) / Math.max(1, until - from)));
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <span className="h-1.5 w-20 bg-rule" aria-hidden="true">
        <span className="block h-full bg-ink" style={{ width: `${Math.round(part * 100)}%` }} />
      </span>
      <span>
        {leftWords(until - now)}, until <Time at={row.expiresAt} />
      </span>
    </span>
  );
}

type Props = {
  rows: IssueRow[];
  workspace: string;
  connector: { id: string; name: string };
  /** Null for who may revoke. */
  refusal: Refusal | null;
  now: number;
};

/** The credentials that live now: to whom, for what, how long still, and how they can be ended. */
export function LivingCredentials({ rows, workspace, connector, refusal, now: drawnAt }: Props) {
  const [now, setNow] = useState(drawnAt);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const living = rows.filter((row) => !row.expiresAt || Date.parse(row.expiresAt) > now);
  if (living.length === 0) return <p className="text-ink-3">No credential of this connector lives now.</p>;
  const end = (row: IssueRow) => {
    if (row.revokingAt)
      return (
        <span className="whitespace-nowrap text-ink-3">
          being revoked since <Time at={row.revokingAt} />
        </span>
      );
    if (!row.ending) return <span className="whitespace-nowrap text-ink-3">{row.expiresAt ? "can’t be revoked" : "lives until the main key is replaced"}</span>;
    if (refusal) return <RefusedControl label="Revoke…" refusal={refusal} />;
    return (
      <RevokeCredential
        workspace={workspace}
        connector={connector}
        row={row}
        others={living.filter((one) => one.id !== row.id && one.ending === row.ending).length}
      />
    );
  };
  return (
    <PlainTable
      label="Credentials that live now"
      columns={[{ label: "To" }, { label: "Run" }, { label: "For" }, { label: "Reaches" }, { label: "Issued" }, { label: "Time left" }, { label: "Actions" }]}
      rows={living.map((row) => ({
        key: row.id,
        cells: [
          <WhoChip key="who" person={row.who} />,
          <IssueRun key="run" run={row.run} workspace={workspace} />,
          <code key="for" className="inline-block min-w-40 break-all">
            {row.resourceId ?? row.resourceType}
          </code>,
          <span key="reach" className="whitespace-nowrap">
            {REACH_WORDS[row.reach ?? ""] ?? "–"}
          </span>,
          <span key="at" className="whitespace-nowrap">
            <Time at={row.at} />
            {row.renews && <span className="text-ink-3"> renewed</span>}
          </span>,
          <TimeLeft key="left" row={row} now={now} />,
          <span key="end">{end(row)}</span>,
        ],
      }))}
    />
  );
}
