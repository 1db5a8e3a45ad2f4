import type { Metadata } from "next";
import { FactsStrip } from "@/components/ui/facts";
import { Section } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { getDirectoryRequest } from "@/lib/directories/queries";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { DirectoryFrame } from "../../directory-frame";

export const metadata: Metadata = { title: "Request of a directory" };

/** One request of a directory: what it sent, without secrets, and what it got. */
export default page("directory:read", async (args) => (
  <DirectoryFrame
    args={args}
    tab="requests"
    draw={async (directory) => {
      const request = await ask(getDirectoryRequest, args.context, { directoryId: directory.id, requestId: args.params.request ?? "" });
      return (
        <>
          <FactsStrip
            facts={[
              { label: "Asked", value: <code className="break-all">{`${request.method} ${request.subject}`}</code> },
              { label: "Result", value: <span className={request.status >= 400 ? "text-fail" : undefined}>{request.status}</span> },
              { label: "When", value: <Time at={request.at} /> },
              { label: "Took", value: `${request.durationMs.toFixed(0)} ms` },
              { label: "From", value: request.address ?? "–" },
              { label: "Request id", value: <code>{request.requestId}</code> },
            ]}
          />
          <div className="pad-x pt-5 pb-10">
            {request.detail && <p className="mb-4 text-ink">{request.detail}</p>}
            <Section title="What it sent">
              {request.body === null ? (
                <p className="py-2 text-ink-3">No body.</p>
              ) : (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls sideways and must be reachable by key
                <pre tabIndex={0} className="overflow-x-auto bg-sunk p-3 text-ink">
                  {JSON.stringify(request.body, null, 2)}
                </pre>
              )}
            </Section>
          </div>
        </>
      );
    }}
  />
));
