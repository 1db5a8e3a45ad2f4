import { Time } from "@/components/ui/time";
import { type IssueRow, reasonWords } from "@/lib/connectors/schema";

/** Whether a credential was issued, and why not; whether it took another one's place, and was ended before its time. */
export function Outcome({ row }: { row: Pick<IssueRow, "outcome" | "reason" | "renews" | "revokingAt" | "revokedAt" | "revokedBy"> }) {
  if (row.revokedAt)
    return (
      <span title={row.revokedBy ? `by ${row.revokedBy}` : undefined}>
        revoked <Time at={row.revokedAt} />
      </span>
    );
  if (row.revokingAt)
    return (
      <>
        being revoked since <Time at={row.revokingAt} />
      </>
    );
  if (row.outcome === "issued") return <>{row.renews ? "issued, a renewal" : "issued"}</>;
  const reason = row.reason ? reasonWords(row.reason) : "";
  return (
    <span className={row.outcome === "failed" ? "text-warn" : "text-fail"} title={reason}>
      {row.outcome === "failed" ? "failed outside" : "refused"}
      {reason && `: ${reason}`}
    </span>
  );
}
