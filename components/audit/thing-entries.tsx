import Link from "next/link";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { EntryRow } from "@/lib/audit/schema";

/** The trail of one thing: the last tab of its page. `entries` is null for who may read none. */
export function ThingEntries({ noun, entries, auditPath, thingId }: { noun: string; entries: EntryRow[] | null; auditPath: string; thingId: string }) {
  if (!entries) return <EmptyState title="Your role does not read the audit trail of this workspace." />;
  if (entries.length === 0) return <EmptyState title={`You see no entry about this ${noun}. Contributors see their own acts only.`} />;
  return (
    <>
      <PlainTable
        label="Audit entries"
        columns={[{ label: "№", align: "right" }, { label: "Time" }, { label: "Actor" }, { label: "Action" }, { label: "Outcome" }]}
        rows={entries.map((entry) => ({
          key: String(entry.seq),
          cells: [
            <Link key="seq" className="link font-mono text-mono" href={`${auditPath}/${entry.seq}`}>
              {countWords(entry.seq)}
            </Link>,
            <Time key="at" at={entry.at} />,
            <WhoChip key="actor" person={entry.actor} origin={entry.origin} onBehalfOf={entry.onBehalfOf} />,
            <code key="action" className="text-ink">
              {entry.action}
            </code>,
            <Status key="outcome" state={entry.outcome} />,
          ],
        }))}
      />
      <p className="mt-3">
        <Link className="link" href={`${auditPath}?f=thing~is~${thingId}`}>
          Open in the audit trail
        </Link>
      </p>
    </>
  );
}
