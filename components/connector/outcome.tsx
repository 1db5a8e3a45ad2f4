import { type IssueRow, reasonWords } from "@/lib/connectors/schema";

/** Whether a credential was issued, and why not. */
export function Outcome({ row }: { row: Pick<IssueRow, "outcome" | "reason"> }) {
  if (row.outcome === "issued") return <>issued</>;
  const reason = row.reason ? reasonWords(row.reason) : "";
  return (
    <span className={row.outcome === "failed" ? "text-wait" : "text-fail"} title={reason}>
      {row.outcome === "failed" ? "failed outside" : "refused"}
      {reason && `: ${reason}`}
    </span>
  );
}
