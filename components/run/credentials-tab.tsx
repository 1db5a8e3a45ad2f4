import Link from "next/link";
import { Outcome } from "@/components/connector/outcome";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { REACH_WORDS, type RunIssue } from "@/lib/connectors/schema";
import type { RunCredential } from "@/lib/secrets/ledger-schema";

const INFERRED = <Badge>inferred</Badge>;

type Props = { credentials: RunCredential[]; issues: RunIssue[]; base: string };

/** Which secrets a run used and what connectors issued for it, by step and until when, and which secrets it could have used. */
export function CredentialsTab({ credentials, issues, base }: Props) {
  if (credentials.length === 0 && issues.length === 0)
    return (
      <p className="text-ink-3">
        No secret that you may know of was bound to this run’s stack, its components or its pipeline, none is known to have been read for it, and no connector
        is known to have been used.
      </p>
    );
  return (
    <>
      <IssuedByConnectors issues={issues} base={base} />
      {credentials.length > 0 && <Secrets credentials={credentials} base={base} />}
    </>
  );
}

function Secrets({ credentials, base }: Pick<Props, "credentials" | "base">) {
  const used = credentials.filter((one) => one.uses.length > 0);
  const href = (one: RunCredential) => `${base}/secrets/${one.secretId}`;
  return (
    <>
      <Section title="Secrets used" count={countWords(used.length)}>
        {used.length === 0 ? (
          <p className="text-ink-3">None that is recorded.</p>
        ) : (
          <PlainTable
            label="Used credentials"
            columns={[
              { label: "Secret", className: "min-w-48" },
              { label: "Step" },
              { label: "By" },
              { label: "Time" },
              { label: "Held until" },
              { label: "How known" },
            ]}
            rows={used.flatMap((one) =>
              one.uses.map((use, at) => ({
                key: `${one.secretId} ${at}`,
                cells: [
                  <Link key="secret" className="link" href={href(one)}>
                    {one.name} <span className="text-ink-3">v{use.version}</span>
                  </Link>,
                  use.step ?? <span className="text-ink-3">not told</span>,
                  <WhoChip key="who" person={use.who} />,
                  <Time key="at" at={use.at} isStamp />,
                  use.heldUntil ? <Time key="until" at={use.heldUntil} isStamp /> : "while the run goes on",
                  use.exactness === "exact" ? (
                    "exact"
                  ) : (
                    <span key="how" title="Read by the client process that posted this run">
                      {INFERRED}
                    </span>
                  ),
                ],
              })),
            )}
          />
        )}
      </Section>
      <Section title="Secrets that could be used" count={countWords(credentials.filter((one) => one.ways.length > 0).length)}>
        <PlainTable
          label="Credentials that could be used"
          columns={[{ label: "Secret" }, { label: "Bound to" }, { label: "Used" }]}
          rows={credentials
            .filter((one) => one.ways.length > 0)
            .map((one) => ({
              key: one.secretId,
              cells: [
                <Link key="secret" className="link" href={href(one)}>
                  {one.name}
                </Link>,
                one.ways.join(", "),
                one.uses.length > 0 ? (
                  "yes"
                ) : (
                  <span key="used" className="text-ink-3">
                    no
                  </span>
                ),
              ],
            }))}
        />
      </Section>
    </>
  );
}

/** What connectors issued for the run, and what they refused it. */
function IssuedByConnectors({ issues, base }: { issues: RunIssue[]; base: string }) {
  if (issues.length === 0) return null;
  return (
    <Section title="Issued by connectors" count={countWords(issues.length)}>
      <PlainTable
        label="Issued by connectors"
        columns={[
          { label: "Connector", className: "min-w-36" },
          { label: "Resource", className: "min-w-36" },
          { label: "Steps" },
          { label: "By" },
          { label: "Time" },
          { label: "Valid until" },
          { label: "How known" },
        ]}
        rows={issues.map((one) => ({
          key: one.id,
          cells: [
            <Link key="connector" className="link" href={`${base}/connectors/${one.connector.id}`}>
              {one.connector.name}
            </Link>,
            <span key="resource">
              <code className="break-all">{one.resourceId ?? one.resourceType ?? "–"}</code>
              {one.reach && <span className="block text-meta text-ink-3">reaches {REACH_WORDS[one.reach]}</span>}
            </span>,
            one.run && one.run.steps.length > 0 ? (
              one.run.steps.join(", ")
            ) : (
              <span key="steps" className="text-ink-3">
                not told
              </span>
            ),
            <WhoChip key="who" person={one.who} />,
            <Time key="at" at={one.at} isStamp />,
            one.outcome !== "issued" ? <Outcome key="until" row={one} /> : one.expiresAt ? <Time key="until" at={one.expiresAt} isStamp /> : "no end",
            one.run?.isExact ? (
              "exact"
            ) : (
              <span key="how" title="The client that asked posted this run: it had no token of the run itself">
                {INFERRED}
              </span>
            ),
          ],
        }))}
      />
    </Section>
  );
}
