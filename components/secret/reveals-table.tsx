import Link from "next/link";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { RevealRow } from "@/lib/secrets/reveal-schema";
import { RevealActs } from "./reveal-acts";

const ENDING = new Set(["open", "approved"]);

/** Requests to reveal values, in the inbox. Nothing where there are none. */
export function RevealsTable({ rows }: { rows: readonly RevealRow[] }) {
  if (rows.length === 0) return null;
  return (
    <div className="pad-x pt-4">
      <Section title="To reveal a secret" count={countWords(rows.length)}>
        <PlainTable
          label="Requests to reveal a secret"
          columns={[
            { label: "Secret" },
            { label: "Asked by" },
            { label: "For", className: "min-w-40" },
            { label: "State" },
            { label: "Decided by" },
            { label: "Actions", align: "right" },
          ]}
          rows={rows.map((row) => ({
            key: row.id,
            cells: [
              <Link key="secret" className="link" href={`/${row.workspace}/secrets/${row.secretId}`}>
                {row.secret}
              </Link>,
              row.isMine ? "You" : row.who,
              row.reason,
              <span key="state" className="whitespace-nowrap">
                <Status state={row.state === "open" ? "open_request" : row.state} />
                {ENDING.has(row.state) && (
                  <span className="block text-meta text-ink-3">
                    ends <Time at={row.endsAt} />
                  </span>
                )}
              </span>,
              row.decidedBy ? (
                <span key="by" title={row.comment ?? undefined}>
                  {row.decidedBy}
                </span>
              ) : (
                "–"
              ),
              <RevealActs key="acts" row={row} />,
            ],
          }))}
        />
      </Section>
    </div>
  );
}
