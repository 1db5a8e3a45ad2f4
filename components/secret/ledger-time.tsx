"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { Input } from "@/components/ui/field";
import { LEDGER_SPANS, type LedgerWindow } from "./ledger-window";

/** `2026-11-28T14:05`, by the clocks of this browser, as its fields write a moment. */
function local(iso: string): string {
  const at = new Date(iso);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Chooses the time of the ledger: a usual span, or from one moment to another. */
export function LedgerTime({ path, window: shown }: { path: string; window: LedgerWindow }) {
  const router = useRouter();
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
            const [from, to] = [new Date(String(form.get("from"))), new Date(String(form.get("to")))];
            if (Number.isNaN(from.getTime()) || Number.isNaN(to.getTime())) return;
            router.push(`${path}?${new URLSearchParams({ from: from.toISOString(), to: to.toISOString() })}`, { scroll: false });
          }}
        >
          <span className="w-52">
            <Input type="datetime-local" name="from" aria-label="From" required defaultValue={local(shown.from)} suppressHydrationWarning />
          </span>
          <span className="text-ink-3">and</span>
          <span className="w-52">
            <Input type="datetime-local" name="to" aria-label="To" required defaultValue={local(shown.to)} suppressHydrationWarning />
          </span>
          <Button type="submit">Show</Button>
        </form>
      )}
    </div>
  );
}
