import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { Endpoint } from "@/components/directory/endpoint";
import { directoryPath } from "@/components/directory/lists";
import { FactsStrip } from "@/components/ui/facts";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { CLAIMS, PROVIDERS } from "@/lib/directories/schema";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { DirectoryFrame } from "./directory-frame";

export const metadata: Metadata = { title: "Directory" };

/** A directory's endpoint, what to fill in at the provider, and its tokens. */
export default page("directory:read", async (args) => (
  <DirectoryFrame
    args={args}
    tab="overview"
    draw={async ({ provider, ...directory }) => {
      // Nobody provisions it: it has no endpoint.
      if (provider === CLAIMS) redirect(directoryPath(directory.id, "groups"));
      return (
        <>
          <FactsStrip
            facts={[
              { label: "Kind", value: PROVIDERS[provider] },
              { label: "People", value: countWords(directory.people) },
              { label: "Groups", value: countWords(directory.groups) },
              { label: "Last heard", value: directory.lastEventAt ? <Time at={directory.lastEventAt} /> : "never" },
              {
                label: "Requests, 24 hours",
                value: `${countWords(directory.requests)}${directory.refused ? `, ${countWords(directory.refused)} refused` : ""}`,
              },
              { label: "Silent after", value: `${directory.silentAfterHours} hours` },
              { label: "Holds removals above", value: directory.holdPercent === 100 ? "nothing" : `${directory.holdPercent} % in an hour` },
            ]}
          />
          <div className="pad-x pt-5 pb-10">
            <Section title="Endpoint">
              <Endpoint provider={provider} endpoint={`${environment().url}/api/scim/v2/${directory.slug}`} />
            </Section>
            <Section title="Tokens" count={countWords(directory.tokens.length)}>
              {directory.tokens.length === 0 ? (
                <p className="py-2 text-ink-3">No token holds: nothing can be said until one is made.</p>
              ) : (
                <PlainTable
                  label="Tokens"
                  columns={[{ label: "Token" }, { label: "Made" }, { label: "Last used" }, { label: "From" }, { label: "Ends" }]}
                  rows={directory.tokens.map((token) => ({
                    key: token.id,
                    cells: [
                      <code key="token">…{token.ending}</code>,
                      <Time key="made" at={token.createdAt} />,
                      token.lastUsedAt ? <Time key="used" at={token.lastUsedAt} /> : "never",
                      token.lastUsedAddress ?? "–",
                      token.expiresAt ? <Time key="ends" at={token.expiresAt} /> : "when it is rotated",
                    ],
                  }))}
                />
              )}
            </Section>
          </div>
        </>
      );
    }}
  />
));
