"use client";

import Link from "next/link";
import { Fragment, useEffect, useState } from "react";
import { Icon } from "@/components/ui/icon";
import { counted, countWords } from "@/components/ui/time-words";
import { type BulkAct, BULK_LISTS, type BulkList, type BulkPreview, type Counted, thingsWords } from "@/lib/bulk/schema";

export type Asked = {
  list: BulkList;
  act: BulkAct;
  tags?: readonly string[];
  selection: { ids: readonly string[] } | { matching: { conditions: unknown; matchesAny: boolean }; asOf?: string };
};

export type PreviewState = { preview: BulkPreview | null; failure: string | null; isAsking: boolean };

/** Asks what an act would do, again whenever what is asked changes; null asks nothing. `project` is the project's path. */
export function usePreview(project: string, asked: Asked | null): PreviewState {
  const [state, setState] = useState<PreviewState>({ preview: null, failure: null, isAsking: false });
  const body = asked && JSON.stringify(asked);
  useEffect(() => {
    if (!body) return setState({ preview: null, failure: null, isAsking: false });
    const abort = new AbortController();
    setState((before) => ({ ...before, isAsking: true }));
    void (async () => {
      try {
        const response = await fetch(`${project}/acts/preview`, {
          method: "POST",
          body,
          headers: { "content-type": "application/json" },
          signal: abort.signal,
        });
        const answer = (await response.json()) as BulkPreview & { error?: { message: string; requestId: string } };
        if (answer.error) setState({ preview: null, failure: `${answer.error.message} Request ${answer.error.requestId}.`, isAsking: false });
        else setState({ preview: answer, failure: null, isAsking: false });
      } catch {
        if (!abort.signal.aborted) setState({ preview: null, failure: "The server did not answer. Close this and try again.", isAsking: false });
      }
    })();
    return () => abort.abort();
  }, [project, body]);
  return state;
}

const DOES: Record<BulkAct, string> = { tag: "Will be tagged", untag: "Will lose these tags", stop: "Will be stopped", delete: "Will be deleted" };

/** What an act would do, in counts: what it changes, what it does not and why, what goes along and what stays. */
export function PreviewFacts({
  list,
  act,
  state: { preview, failure, isAsking },
  links = {},
}: {
  list: BulkList;
  act: BulkAct;
  state: PreviewState;
  /** Where counted things can be looked at, by what they are. */
  links?: Record<string, string>;
}) {
  if (failure)
    return (
      <p role="alert" className="flex items-start gap-1.5 text-fail">
        <Icon name="circle-alert" className="mt-0.5" />
        {failure}
      </p>
    );
  if (!preview) return <p aria-busy={isAsking}>{isAsking ? "Counting …" : null}</p>;
  return (
    <div className="flex flex-col gap-1.5" aria-busy={isAsking}>
      <p>
        {DOES[act]}: <b>{thingsWords(list, preview.changes)}</b>
        {preview.chosen !== preview.changes && ` of ${countWords(preview.chosen)} chosen`}.
      </p>
      {preview.refused.map(({ reason, count }) => (
        <p key={reason} className="flex items-start gap-1.5">
          <Icon name="lock" size={14} className="mt-[3px] text-ink-3" />
          <span>
            {countWords(count)} {count === 1 ? reason.replace(/^are not yours/, "is not yours").replace(/^are refused/, "is refused") : reason}.
          </span>
        </p>
      ))}
      {preview.warnings.map((warning) => (
        <p key={warning} className="flex items-start gap-1.5 text-warn">
          <Icon name="circle-alert" size={14} className="mt-[3px]" />
          {warning}
        </p>
      ))}
      {preview.falls.length > 0 && (
        <p>
          <b>Goes with {preview.changes === 1 ? "it" : "them"}:</b> <Counts of={preview.falls} links={links} />.
        </p>
      )}
      {act === "delete" && (
        <p>
          <b>Stays:</b> {preview.stays.length > 0 && <Counts of={preview.stays} links={links} />}
          {preview.stays.length > 0 ? " and" : ""} what the audit trail says of {preview.changes === 1 ? `the ${BULK_LISTS[list].one}` : "them"}.
        </p>
      )}
    </div>
  );
}

function Counts({ of, links }: { of: readonly Counted[]; links: Record<string, string> }) {
  return of.map(({ what, one, many, count }, at) => {
    const words = counted(count, one, many);
    return (
      <Fragment key={what}>
        {at > 0 && ", "}
        {links[what] ? (
          <Link href={links[what]} className="link">
            {words}
          </Link>
        ) : (
          words
        )}
      </Fragment>
    );
  });
}
