"use client";

import { Icon } from "./icon";
import { Popover } from "./popover";

export type Refusal = {
  /** What is not allowed: "Deleting runs is not in your role". */
  title: string;
  /** The person's role here, in words, or null when there is none. */
  yourRole: string | null;
  /** Where that role comes from and since when, in words. */
  source?: string;
  /** The smallest role that would allow it, in words. */
  neededRole: string | null;
};

/** The sentence of a refusal: what you are here, and what would allow it. */
export function RefusalText({ refusal }: { refusal: Refusal }) {
  return (
    <p>
      {refusal.yourRole ? (
        <>
          You are <b>{refusal.yourRole}</b> here{refusal.source ? `, ${refusal.source}` : ""}.
        </>
      ) : (
        "You hold no role here."
      )}
      {refusal.neededRole && (
        <>
          {" "}
          <b>{refusal.neededRole}</b> would allow it.
        </>
      )}
    </p>
  );
}

/** A control that the person may see but not use: it stays in place, keeps its focus and explains itself. */
export function RefusedControl({ label, refusal }: { label: string; refusal: Refusal }) {
  return (
    <Popover
      label={refusal.title}
      trigger={
        <button
          type="button"
          aria-disabled="true"
          className="inline-flex h-7 shrink-0 cursor-not-allowed items-center gap-1.5 whitespace-nowrap rounded-1 border border-dashed border-rule-strong bg-sunk px-2.5 font-medium text-ink-3 max-md:h-10"
        >
          <Icon name="lock" size={14} />
          {label}
        </button>
      }
    >
      <h3 className="flex items-center gap-2 pb-1 text-section">
        <Icon name="lock" />
        {refusal.title}
      </h3>
      <RefusalText refusal={refusal} />
    </Popover>
  );
}
