"use client";

import { CopyButton } from "./copy-button";
import { cx } from "./class-names";
import { Icon, type IconName } from "./icon";
import { Popover } from "./popover";

export type Seal = "verified" | "sealed" | "claimed" | "broken" | "recorded";

const SEALS: Record<Seal, { icon: IconName | null; word: string; className: string; iconClass: string }> = {
  verified: { icon: "badge-check", word: "Verified in this view", className: "", iconClass: "text-proof" },
  sealed: { icon: "badge", word: "Sealed, not checked here", className: "", iconClass: "text-proof" },
  claimed: { icon: "badge", word: "Claimed by the client", className: "border-dashed", iconClass: "text-ink-3 [stroke-dasharray:2_3]" },
  broken: { icon: "badge-x", word: "Broken", className: "border-fail text-fail", iconClass: "text-fail" },
  recorded: { icon: null, word: "Recorded, not sealed", className: "", iconClass: "" },
};

/** Eight strokes whose heights are the first eight bytes of a digest: equal content is equal at a glance. */
export function Tally({ digest, className }: { digest: string; className?: string }) {
  const strokes = Array.from({ length: 8 }, (_, i) => {
    const byte = Number.parseInt(digest.slice(i * 2, i * 2 + 2), 16) || 0;
    return `M${1 + i * 3} 13v-${Math.round((3 + (byte / 255) * 9) * 100) / 100}`;
  });
  return (
    <svg aria-hidden="true" className={className ? `tally ${className}` : "tally"}>
      <path d={strokes.join("")} />
    </svg>
  );
}

/** "not recorded": hatched, never equal to anything, never a dash. In the cells of a table without its frame. */
export function NotRecorded({ what, isPlain = false }: { what?: string; isPlain?: boolean }) {
  if (isPlain) return <span className="missing">not recorded</span>;
  return (
    <span className="inline-flex h-5 items-center gap-1.5 whitespace-nowrap rounded-1 border border-dashed border-control px-1.5 align-middle text-meta text-ink-3">
      <span aria-hidden="true" className="hatch h-3 w-[22px]" />
      {what ? `${what} not recorded` : "not recorded"}
    </span>
  );
}

/** There is one, and it is not the reader's to see: told apart from what was never recorded. */
export const NotYours = ({ what }: { what: string }) => <span className="text-ink-3">{what} you may not see</span>;

/** Seal, tally and the first and last four digits of a digest; the popover holds all of it. `digest` is lower-case hex or null. */
export function EvidenceChip({
  digest,
  seal = "recorded",
  algorithm = "SHA-256",
  what,
}: {
  digest: string | null;
  seal?: Seal;
  algorithm?: string;
  what: string;
}) {
  if (!digest) return <NotRecorded />;
  const { icon, word, className, iconClass } = SEALS[seal];
  return (
    <Popover
      label={`Digest of ${what}`}
      trigger={
        <button
          type="button"
          title={`${what}: ${digest}`}
          className={cx(
            "inline-flex h-5 items-center gap-1 whitespace-nowrap rounded-1 border border-rule-strong bg-paper px-1.5 align-middle text-ink-2 hover:border-control max-md:h-6",
            className,
          )}
        >
          {icon && <Icon name={icon} size={14} className={iconClass} />}
          <Tally digest={digest} className={seal === "verified" || seal === "sealed" ? "text-proof" : undefined} />
          <code className="leading-[18px] text-ink">
            {digest.slice(0, 4)}…{digest.slice(-4)}
          </code>
        </button>
      }
    >
      <h3 className="text-section">{what}</h3>
      <p className="mt-0.5 text-meta text-ink-3">
        {algorithm}. {word}.
      </p>
      <div className="mt-2 flex items-start gap-2">
        <code className="flex-1 break-words text-ink">{digest.match(/.{1,4}/g)?.join(" ")}</code>
        <CopyButton text={digest} label="Copy digest" />
      </div>
    </Popover>
  );
}
