import type { Metadata } from "next";
import Link from "next/link";
import { roleTitle } from "@/components/access/grant-list";
import { scopeWords } from "@/components/access/grant-words";
import { HoldActs } from "@/components/directory/hold-acts";
import { FactsStrip } from "@/components/ui/facts";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { getDirectoryHold } from "@/lib/directories/hold-queries";
import type { HeldRemoval } from "@/lib/directories/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { DirectoryFrame } from "../../directory-frame";

export const metadata: Metadata = { title: "Held removals" };

const STATES = { open: "Waits for a decision", applied: "Applied", discarded: "Discarded", withdrawn: "Taken back by the directory" };

/** Removals that were too many at once: who, what would end, and the decision. */
export default page("directory:read", async (args) => (
  <DirectoryFrame
    args={args}
    tab="drift"
    draw={async (directory) => {
      const hold = await ask(getDirectoryHold, args.context, { directoryId: directory.id, holdId: args.params.hold ?? "" });
      const isOpen = hold.state === "open";
      const mayDecide = isOpen && can(args.context.actor, "directory:update").allowed;
      const facts = [
        { label: "State", value: STATES[hold.state] },
        { label: isOpen ? "Would end" : "Was about", value: `${countWords(hold.held)} of ${countWords(hold.people)} people` },
        { label: "At most, in an hour", value: countWords(hold.most) },
        { label: "Ended before", value: countWords(hold.endedBefore) },
        { label: "Held", value: <Time at={hold.at} /> },
        ...(hold.decidedAt
          ? [
              {
                label: "Decided",
                value: (
                  <>
                    <Time at={hold.decidedAt} />
                    {hold.decidedBy && `, ${hold.decidedBy}`}
                  </>
                ),
              },
            ]
          : []),
        ...(hold.withdrawn > 0 ? [{ label: "Taken back since", value: countWords(hold.withdrawn) }] : []),
      ];
      return (
        <>
          <FactsStrip facts={facts} />
          <div className="pad-x pt-5 pb-10">
            {isOpen && (
              <div className="mb-5 flex flex-wrap items-center justify-between gap-3">
                <p className="max-w-[72ch] text-ink-2">
                  Nothing of this has happened: {directory.name} was told so and will ask again. Whoever else it takes out until the decision is added here. To
                  end one person at once, deactivate the account.
                </p>
                {mayDecide && (
                  <span className="flex items-center gap-2">
                    <HoldActs directory={{ id: directory.id, name: directory.name }} holdId={hold.id} people={hold.held} />
                  </span>
                )}
              </div>
            )}
            <Section title={isOpen ? "Who, and what would end" : "Who it was about, and what they hold now"} count={countWords(hold.removals.length)}>
              {hold.removals.length === 0 ? (
                <p className="py-2 text-ink-3">The directory took all of it back.</p>
              ) : (
                <PlainTable
                  label="Held removals"
                  columns={[{ label: "Who" }, { label: "The directory says" }, { label: isOpen ? "Would end" : "Holds now" }, { label: "Since" }]}
                  rows={hold.removals.map((one) => ({
                    key: one.id,
                    cells: [
                      <Link key="who" href={`/access/people/${one.principalId}`} className="inline-flex min-h-6 items-center text-ink underline">
                        {one.who}
                      </Link>,
                      saidWords(one),
                      losesWords(one),
                      <Time key="at" at={one.at} />,
                    ],
                  }))}
                />
              )}
              {hold.removals.length < hold.held && <p className="mt-2 text-ink-3">And more; the drift view lists and exports all.</p>}
            </Section>
          </div>
        </>
      );
    }}
  />
));

const saidWords = ({ kind, group }: HeldRemoval): string =>
  ({ deactivated: "deactivated", deleted: "deleted", left: `not in ${group}`, "group-deleted": `${group} is deleted` })[kind];

function losesWords({ sessions, tokens, keys, roles }: HeldRemoval): string {
  const named = roles.map((grant) => `${roleTitle(grant.role)} (${scopeWords(grant)})`);
  const some = (count: number | null, noun: string) => (count ? [counted(count, noun)] : []);
  const all = [...some(sessions, "session"), ...some(tokens, "token"), ...some(keys, "key"), ...named];
  return [...(sessions === null ? [] : ["the account"]), ...all].join(", ") || "membership only";
}
