"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { useClock } from "@/components/ui/clock";
import { Input } from "@/components/ui/field";
import { fieldTime, momentIn, zoneName } from "@/components/ui/time-words";
import { LEDGER_SPANS, type LedgerWindow } from "./ledger-window";

/** Chooses the time of the ledger: a usual span, or from one moment to another. */
export function LedgerTime({ path, window: shown }: { path: string; window: LedgerWindow }) {
  const router = useRouter();
  const { zone } = useClock();
  const [isOpen, setOpen] = useState(shown.days === null);
  return (
    <div className="mb-2.5 flex flex-wrap items-center gap-2">
      <nav aria-label="Time of the ledger" className="inline-flex overflow-hidden rounded-1 border border-control">
        {LEDGER_SPANS.map((span, index) => (
          <Link
            key={span.days}
            href={`${path}?days=${span.days}`}
            scroll={false}
            aria-current={shown.days === span.days ? "true" : undefined}
            className={cx(
              "px-2.5 py-0.5 whitespace-nowrap focus-visible:outline-offset-[-2px] max-md:py-2.5",
              index > 0 && "border-l border-rule-strong",
              shown.days === span.days ? "bg-select font-medium text-ink" : "text-ink-2 hover:text-ink",
            )}
          >
            {span.label}
          </Link>
        ))}
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className={cx(
            "border-l border-rule-strong px-2.5 py-0.5 max-md:py-2.5",
            shown.days === null ? "bg-select font-medium text-ink" : "text-ink-2 hover:text-ink",
          )}
        >
          Between…
        </button>
      </nav>
      {isOpen && (
        <form
          className="flex flex-wrap items-center gap-1.5"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const [from, to] = [String(form.get("from")), String(form.get("to"))];
            if (!from || !to) return;
            router.push(`${path}?${new URLSearchParams({ from: momentIn(from, zone), to: momentIn(to, zone) })}`, { scroll: false });
          }}
        >
          <span className="w-52">
            <Input type="datetime-local" name="from" aria-label="From" required defaultValue={fieldTime(shown.from, zone)} />
          </span>
          <span className="text-ink-3">and</span>
          <span className="w-52">
            <Input type="datetime-local" name="to" aria-label="To" required defaultValue={fieldTime(shown.to, zone)} />
          </span>
          <span className="text-ink-3">{zoneName(zone, Date.parse(shown.to))}</span>
          <Button type="submit">Show</Button>
        </form>
      )}
    </div>
  );
}
