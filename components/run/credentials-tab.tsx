import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { RunCredential } from "@/lib/secrets/ledger-schema";

/** Which secrets a run used, by step and until when, and which it could have. */
export function CredentialsTab({ credentials, base }: { credentials: RunCredential[]; base: string }) {
  const used = credentials.filter((one) => one.uses.length > 0);
  const href = (one: RunCredential) => `${base}/secrets/${one.secretId}`;
  if (credentials.length === 0)
    return (
      <p className="pad-x py-5 text-ink-3">
        No secret that you may know of was bound to this run’s stack, its components or its pipeline, and none is known to have been read for it.
      </p>
    );
  return (
    <div className="pad-x py-5">
      <Section title="Used" count={countWords(used.length)}>
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
                      <Badge>inferred</Badge>
                    </span>
                  ),
                ],
              })),
            )}
          />
        )}
      </Section>
      <Section title="Could be used" count={countWords(credentials.filter((one) => one.ways.length > 0).length)}>
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
    </div>
  );
}
