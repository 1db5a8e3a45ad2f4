"use client";

import { useState } from "react";
import { Input } from "@/components/ui/field";
import type { ReachAnswer } from "@/lib/connectors/schema";

type Props = {
  isTrying: boolean;
  answer: ReachAnswer | null;
  error: string | null;
  onPick?: (resourceType: string, id: string) => void;
  /** What picking one does. */
  pickWords?: string;
};

const SHOWN = 50;

/** What came of a try: what is reachable, searched when it is long, or why not. */
export function Reachable({ isTrying, answer, error, onPick, pickWords = "for this one only" }: Props) {
  const [sought, setSought] = useState("");
  if (isTrying)
    return (
      <p role="status" className="text-ink-2">
        Asking the other side, resource by resource. This takes up to two minutes.
      </p>
    );
  const failed = error ?? answer?.error;
  if (failed)
    return (
      <p role="alert" className="border-l-2 border-fail pl-3 text-fail">
        {failed}
      </p>
    );
  if (!answer) return null;
  const count = answer.resources.reduce((sum, { resourceIds }) => sum + (resourceIds?.length ?? 0), 0);
  return (
    <section aria-label="Reachable resources" className="flex flex-col gap-2 border-y border-rule py-3">
      <p className="text-ok">It was accepted.</p>
      {count > 10 && <Input aria-label="Search what is reachable" placeholder="Search" value={sought} onChange={(event) => setSought(event.target.value)} />}
      {answer.resources.map(({ resourceType, resourceIds, error: reason }) => (
        <div key={resourceType}>
          <b className="text-body text-ink">{resourceType}</b>
          {reason && <p className="text-meta text-ink-3">{reason}</p>}
          <ul className="flex flex-col">
            {(resourceIds ?? [])
              .filter((id) => id.includes(sought))
              .slice(0, SHOWN)
              .map((id) => (
                <li key={id} className="flex min-h-7 items-center justify-between gap-2">
                  <code className="min-w-0 break-all">{id}</code>
                  {onPick && (
                    <button type="button" className="link shrink-0 text-meta" aria-label={`${id}: ${pickWords}`} onClick={() => onPick(resourceType, id)}>
                      {pickWords}
                    </button>
                  )}
                </li>
              ))}
          </ul>
        </div>
      ))}
    </section>
  );
}
