import { keepTestAction } from "@/app/(console)/settings/sso/actions";
import { ActButton } from "@/components/ui/act-button";
import { CopyButton } from "@/components/ui/copy-button";
import { EvidenceChip } from "@/components/ui/evidence";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { AttemptFacts, ConnectionFacts, EvidenceRow } from "@/lib/sso/schema";
import { ssoPath } from "./steps";

/** Below a test login: the provider's answer to unfold and copy, and its being kept as evidence. */
export function TestRecord({ attempt, connection, mayKeep }: { attempt: AttemptFacts; connection: ConnectionFacts; mayKeep: boolean }) {
  const { answer, evidence } = attempt;
  const isEnded = attempt.outcome === "tested" || attempt.outcome === "refused";
  return (
    <>
      {answer !== null && (
        <details className="mt-5 rounded-1 border border-rule">
          <summary className="min-h-8 cursor-pointer px-3 py-1.5 font-medium text-ink max-md:min-h-10">The provider’s answer as it came</summary>
          <div className="flex items-center justify-between gap-3 border-t border-rule px-3 py-1 text-meta text-ink-3">
            Decoded; signatures and secrets are left out. Kept for 30 days.
            <CopyButton text={answer} label="Copy the answer" />
          </div>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
            tabIndex={0}
            className="max-h-96 overflow-auto border-t border-rule bg-sunk px-3 py-2 font-mono text-mono break-words whitespace-pre-wrap text-ink"
          >
            {answer}
          </pre>
        </details>
      )}
      {evidence ? (
        <p className="mt-4 flex flex-wrap items-center gap-x-2 gap-y-1">
          Kept as evidence by {evidence.keptBy}, <Time at={evidence.keptAt} />
          <EvidenceChip digest={evidence.sha256} what="The record of this test" />
          <a className="link" href={evidencePath(connection, evidence.id)} download>
            Download
          </a>
        </p>
      ) : (
        isEnded &&
        mayKeep &&
        attempt.version !== null && (
          <div className="mt-4 flex flex-wrap items-center gap-x-3 gap-y-1">
            <ActButton
              icon="badge-check"
              action={keepTestAction}
              fields={{ connectionId: connection.id, attemptId: attempt.id }}
              said="The test login is kept as evidence."
            >
              Keep as evidence
            </ActButton>
            <span className="text-meta text-ink-3">Its record, without secrets, stays when the attempt goes after 30 days.</span>
          </div>
        )
      )}
    </>
  );
}

const evidencePath = ({ slug }: ConnectionFacts, id: string) => `${ssoPath(slug)}/evidence/${id}`;

/** What was kept of a connection. */
export function EvidenceList({ rows, connection }: { rows: EvidenceRow[]; connection: ConnectionFacts }) {
  if (rows.length === 0) return null;
  return (
    <div className="mt-6">
      <Section title="Test logins kept as evidence">
        <PlainTable
          label="Test logins kept as evidence"
          columns={[{ label: "Tested" }, { label: "Outcome" }, { label: "Version" }, { label: "By" }, { label: "Kept" }, { label: "Digest" }, { label: "" }]}
          rows={rows.map((row) => ({
            key: row.id,
            cells: [
              <Time key="tested" at={row.testedAt} />,
              <Status key="outcome" state={row.outcome} />,
              String(row.version),
              row.testedBy ?? "–",
              <span key="kept">
                {row.keptBy}, <Time at={row.keptAt} />
              </span>,
              <EvidenceChip key="digest" digest={row.sha256} what="The record of this test" />,
              <a key="file" className="link" href={evidencePath(connection, row.id)} download>
                Download
              </a>,
            ],
          }))}
        />
      </Section>
    </div>
  );
}
