import Link from "next/link";
import { StructuredDiff } from "@/components/diff/structured-diff";
import { FactList } from "@/components/ui/facts";
import { Status } from "@/components/ui/status";
import { ExactTime } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { EntryPage } from "@/lib/audit/schema";
import { credentialWords } from "./credential-words";
import { reasonWords } from "./entry-words";

/** Everything that one entry records. `hrefOf` leads to another entry of the same trail. */
export function EntryDetail({ entry, hrefOf }: { entry: EntryPage; hrefOf: (seq: number) => string }) {
  return (
    <>
      <p className="mt-0.5 text-ink-3">
        <code className="text-ink-2">{entry.action}</code> · <ExactTime at={entry.at} />
        {entry.count > 1 && ` · ${countWords(entry.count)} times`}
      </p>
      <Heading>Who</Heading>
      <FactList
        facts={[
          { label: "Actor", value: <WhoChip person={entry.actor} origin={entry.origin} /> },
          {
            label: "Credential",
            value: (
              <>
                {credentialWords(entry)}
                {entry.credentialId && entry.credentialKind !== "system" && entry.credentialKind !== "operator" && (
                  <code className="text-ink-3">…{entry.credentialId.slice(-4)}</code>
                )}
              </>
            ),
          },
          { label: "On behalf of", value: entry.onBehalfOf ?? <span className="text-ink-3">nobody else</span> },
          { label: "From", value: entry.address ? <code>{entry.address}</code> : <span className="text-ink-3">this host</span> },
          ...(entry.claimed
            ? [
                {
                  label: "Claimed",
                  value: (
                    <span className="text-ink-3">
                      {Object.entries(entry.claimed)
                        .map(([key, value]) => `${key} ${value}`)
                        .join(", ")}
                    </span>
                  ),
                },
              ]
            : []),
          { label: "Request", value: <code className="min-w-0 break-all">{entry.requestId}</code> },
          ...(entry.clientRequestId
            ? [
                {
                  label: "Client’s id",
                  value: (
                    <span className="min-w-0 break-all text-ink-3">
                      <code>{entry.clientRequestId}</code> claimed
                    </span>
                  ),
                },
              ]
            : []),
        ]}
      />
      <Heading>On what</Heading>
      <FactList
        facts={[
          {
            label: "Target",
            value: (
              <>
                {entry.targetHref ? (
                  <Link className="link" href={entry.targetHref}>
                    {entry.targetName ?? entry.targetType}
                  </Link>
                ) : (
                  (entry.targetName ?? <span className="text-ink-3">no name</span>)
                )}
                <span className="text-ink-3">{entry.targetType}</span>
              </>
            ),
          },
          ...(entry.targetId ? [{ label: "Id", value: <code className="min-w-0 break-all">{entry.targetId}</code> }] : []),
          ...(entry.workspace
            ? [
                {
                  label: "Workspace",
                  value: (
                    <Link className="link" href={`/${entry.workspace}`}>
                      {entry.workspace}
                    </Link>
                  ),
                },
              ]
            : []),
          ...(entry.reason ? [{ label: "Reason", value: reasonWords(entry.reason) }] : []),
        ]}
      />
      <Heading>What changed</Heading>
      {entry.outcome === "allowed" ? (
        <StructuredDiff before={entry.before} after={entry.after} />
      ) : (
        <p className="text-ink-3">Nothing: it was {entry.outcome === "denied" ? "refused" : "rolled back"}.</p>
      )}
      {entry.siblings.length > 0 && (
        <>
          <Heading>Same request</Heading>
          <ul>
            {entry.siblings.map((sibling) => (
              <li key={sibling.seq} className="flex h-7 items-center gap-3 border-b border-rule">
                <Link className="link font-mono text-mono" href={hrefOf(sibling.seq)} scroll={false}>
                  {countWords(sibling.seq)}
                </Link>
                <code className="min-w-0 flex-1 truncate text-ink">{sibling.action}</code>
                <Status state={sibling.outcome} iconOnly />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function Heading({ children }: { children: string }) {
  return <h3 className="mt-4 mb-0.5 text-label text-ink-3">{children}</h3>;
}
