import { notFound } from "next/navigation";
import { EntryDetail } from "@/components/audit/entry-detail";
import { EntryKeys } from "@/components/audit/entry-keys";
import { entryTitle } from "@/components/audit/entry-words";
import { ConsolePage } from "@/components/shell/console-page";
import { IconLink } from "@/components/ui/icon-link";
import { PageHead } from "@/components/ui/page-head";
import { StatusBadge } from "@/components/ui/status";
import { countWords } from "@/components/ui/time-words";
import { getEntry } from "@/lib/audit/list-entries";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../attempt";
import { FailurePage } from "../failure-page";

/** One audit entry as a page of its own. */
export async function EntryPage({ context, place, params }: PageArguments) {
  const { workspace } = place;
  if (!/^\d{1,15}$/.test(params.seq ?? "") || Number(params.seq) < 1) notFound();
  const path = workspace ? `/${workspace.slug}/audit` : "/audit";
  const { data: entry, failure } = await attempt(context, () => ask(getEntry, context, { seq: Number(params.seq) }));
  const crumbs = [
    workspace ? { label: workspace.slug, href: `/${workspace.slug}` } : { label: place.organization.name, href: "/" },
    { label: "Audit", href: path },
    { label: `№ ${countWords(Number(params.seq))}` },
  ];
  const hrefOf = (seq: number) => `${path}/${seq}`;
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const later = entry.next === null ? null : hrefOf(entry.next);
  const earlier = entry.previous === null ? null : hrefOf(entry.previous);
  return (
    <ConsolePage crumbs={crumbs}>
      <PageHead
        title={entryTitle(entry)}
        beside={
          <>
            <StatusBadge state={entry.outcome} />
            <span className="text-ink-3">№ {countWords(entry.seq)}</span>
          </>
        }
        actions={
          <>
            <IconLink icon="arrow-up" label="Later entry ([)" href={later} />
            <IconLink icon="arrow-down" label="Earlier entry (])" href={earlier} />
          </>
        }
      />
      <EntryKeys later={later} earlier={earlier} />
      <div className="pad-x max-w-[768px] pb-8">
        <EntryDetail entry={entry} hrefOf={hrefOf} />
      </div>
    </ConsolePage>
  );
}
