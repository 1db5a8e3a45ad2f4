import Link from "next/link";
import { IconLink } from "@/components/ui/icon-link";
import { StatusBadge } from "@/components/ui/status";
import { countWords } from "@/components/ui/time-words";
import type { EntryPage } from "@/lib/audit/schema";
import { EntryDetail } from "./entry-detail";
import { EntryKeys } from "./entry-keys";
import { entryTitle } from "./entry-words";

/** One entry beside its list. It never takes the list away; on a phone the entry is a page. */
export function EntryPanel({ entry, pageHref, closeHref, hrefOf }: { entry: EntryPage; pageHref: string; closeHref: string; hrefOf: (seq: number) => string }) {
  const later = entry.next === null ? null : hrefOf(entry.next);
  const earlier = entry.previous === null ? null : hrefOf(entry.previous);
  return (
    <aside
      aria-label={`Entry ${countWords(entry.seq)}`}
      className="w-[420px] shrink-0 overflow-auto border-l border-rule bg-paper px-5 py-3.5 max-lg:absolute max-lg:inset-y-0 max-lg:right-0 max-lg:z-20 max-lg:shadow-pop max-md:hidden"
    >
      <EntryKeys later={later} earlier={earlier} close={closeHref} />
      <div className="flex items-center gap-2">
        <span className="text-ink-3">№ {countWords(entry.seq)}</span>
        <StatusBadge state={entry.outcome} />
        <span className="ml-auto flex">
          <IconLink icon="arrow-up" label="Later entry ([)" href={later} />
          <IconLink icon="arrow-down" label="Earlier entry (])" href={earlier} />
          <IconLink icon="link" label="Open as page" href={pageHref} />
          <IconLink icon="x" label="Close" href={closeHref} />
        </span>
      </div>
      <h2 className="mt-1.5 text-lead break-words">
        <Link href={pageHref}>{entryTitle(entry)}</Link>
      </h2>
      <EntryDetail entry={entry} hrefOf={hrefOf} />
    </aside>
  );
}
