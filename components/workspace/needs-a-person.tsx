import Link from "next/link";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { AlarmingDirectory } from "@/lib/directories/schema";
import { reviewPath } from "@/components/access/review-list";
import { directoryPath, holdPath } from "@/components/directory/lists";
import type { RevealRow } from "@/lib/secrets/reveal-schema";
import type { DueReview } from "@/lib/access-reviews/schema";
import { type Expiring, expiringPath, KEYS_OF } from "@/lib/expiry/schema";

type Props = {
  directories: readonly AlarmingDirectory[];
  reviews: readonly DueReview[];
  reveals: readonly RevealRow[];
  expiring: readonly Expiring[];
};

/** On the home page: the directories, the access reviews and the reveals that wait for somebody, and the keys that end soon. */
export function NeedsAPerson({ directories, reviews, reveals, expiring }: Props) {
  const count = directories.length + reviews.length + reveals.length + expiring.length;
  if (count === 0) return null;
  return (
    <Section title="Needs a person" count={countWords(count)}>
      <ul>
        {directories.map(({ id, name, holdId, heldAt, lastEventAt }) => (
          <li key={id} className="flex min-h-9 items-center gap-2.5 border-b border-rule py-1">
            <span className="text-warn">
              <Icon name={holdId ? "hand" : "unplug"} />
            </span>
            <span className="min-w-0 flex-1">
              {holdId ? `${name} would end the access of many people at once: held` : `The directory ${name} is silent: last heard`}{" "}
              <Time at={(holdId ? heldAt : lastEventAt) ?? ""} />
            </span>
            <Link href={holdId ? holdPath(id, holdId) : directoryPath(id)} className="inline-flex min-h-6 items-center underline">
              {holdId ? "Decide" : "Look"}
            </Link>
          </li>
        ))}
        {reviews.map((review) => (
          <li key={review.id} className="flex min-h-9 items-center gap-2.5 border-b border-rule py-1">
            <span className={review.isOverdue ? "text-warn" : "text-ink-3"}>
              <Icon name="list-checks" />
            </span>
            <span className="min-w-0 flex-1">
              The access review {review.name}
              {review.workspace ? ` of ${review.workspace}` : ""} {review.isOverdue ? "was due" : "is due"} <Time at={review.dueAt} />
            </span>
            <Link href={reviewPath(review)} className="inline-flex min-h-6 items-center underline">
              Decide
            </Link>
          </li>
        ))}
        {reveals.map((reveal) => (
          <li key={reveal.id} className="flex min-h-9 items-center gap-2.5 border-b border-rule py-1">
            <span className="text-wait">
              <Icon name="stamp" />
            </span>
            <span className="min-w-0 flex-1">
              {reveal.who} asks to see the values of {reveal.secret} in {reveal.workspace}: asked <Time at={reveal.createdAt} />
            </span>
            <Link href={`/${reveal.workspace}/secrets/${reveal.secretId}`} className="inline-flex min-h-6 items-center underline">
              Decide
            </Link>
          </li>
        ))}
        {expiring.map(({ kind, id, name, workspace, expiresAt }) => (
          <li key={id} className="flex min-h-9 items-center gap-2.5 border-b border-rule py-1">
            <span className="text-warn">
              <Icon name="timer" />
            </span>
            <span className="min-w-0 flex-1">
              {KEYS_OF[kind]} {name}
              {workspace && ` of ${workspace}`} end <Time at={expiresAt} />
            </span>
            <Link href={expiringPath({ kind, id, workspace })} className="inline-flex min-h-6 items-center underline">
              Replace
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}
