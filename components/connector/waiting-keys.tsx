"use client";

import { dropWaiting, tryWaiting } from "@/app/(console)/[workspace]/connectors/actions";
import { ActButton } from "@/components/ui/act-button";
import { Time } from "@/components/ui/time";

type Props = { workspace: string; id: string; next: { since: string; error: string | null }; mayChange: boolean };

/** New main keys that the other side has not accepted yet: why, and what can be done. */
export function WaitingKeys({ workspace, id, next, mayChange }: Props) {
  const fields = { workspace, id };
  return (
    <section aria-label="New keys" className="pad-x flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-rule py-2">
      <p className="min-w-0 flex-1 text-warn max-md:basis-full">
        New keys wait since <Time at={next.since} />, and the old ones hold.{next.error && ` They were not accepted: ${next.error}`}
      </p>
      {mayChange && (
        <span className="flex gap-2">
          <ActButton action={tryWaiting} fields={fields} said="Tried the new keys.">
            Try them again
          </ActButton>
          <ActButton action={dropWaiting} fields={fields} said="Dropped the new keys.">
            Drop them
          </ActButton>
        </span>
      )}
    </section>
  );
}
