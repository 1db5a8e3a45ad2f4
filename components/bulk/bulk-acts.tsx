"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { type Filter, type ListDefinition, listConditions } from "@/components/table/list-params";
import type { Selection } from "@/components/table/selection";
import { Button } from "@/components/ui/button";
import { useClock } from "@/components/ui/clock";
import { later, useLater } from "@/components/ui/layers";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { countWords } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import { keptWithin } from "@/lib/kernel/or-rule";
import { BULK_LISTS, type BulkList, type JobRow, jobWords } from "@/lib/bulk/schema";
import { hasEnded, ProgressBar, resultWords } from "./job-progress";
import type { Asked } from "./preview";

const startForms = later(() => import("./start-forms"));
const ASK_EVERY_MS = 700;
const ACTS = ["tag", "stop", "delete"] as const;
type Act = (typeof ACTS)[number];

export type BulkPlace = {
  /** The workspace's slug, the project's name and id. */
  workspace: string;
  project: { id: string; name: string };
  /** Why the reader may not, by act, even on things of their own; null where they may. */
  mayNot: Record<Act, Refusal | null>;
  /** What the rows of a list that is a part of another page have in common: "all that match" keeps to it. */
  within?: Filter[];
};

export type BulkProps = { list: BulkList; place: BulkPlace; definition: ListDefinition; selection: Selection };

/** What can be done with the chosen rows of a list, and how far it is once it was asked for. */
export function BulkActs({ list, place, definition, selection }: BulkProps) {
  const [asked, setAsked] = useState<{ act: Act; selection: Asked["selection"] } | null>(null);
  const [started, setStarted] = useState<{ id: string; of: string } | null>(null);
  const forms = useLater(startForms, asked !== null);
  const { zone } = useClock();
  const of = selection.isAll ? "all" : selection.ids.join();
  const open = (act: Act) => {
    const conditionsOf = (filters: readonly Filter[]) => listConditions(definition, filters, Date.now(), zone);
    const { filters, matchesAny } = selection.view;
    const matching = place.within
      ? { conditions: keptWithin(conditionsOf(filters), matchesAny, conditionsOf(place.within)), matchesAny: false }
      : { conditions: conditionsOf(filters), matchesAny };
    const chosen = selection.isAll ? { matching } : { ids: selection.ids };
    setAsked({ act, selection: chosen });
  };
  if (started?.of === of) return <Progress workspace={place.workspace} jobId={started.id} onEnd={selection.expectLoss} />;
  return (
    <>
      {ACTS.filter((act) => (BULK_LISTS[list].acts as readonly string[]).includes(act)).map((act) => {
        const refusal = place.mayNot[act];
        const label = { tag: "Tag…", stop: "Stop…", delete: "Delete…" }[act];
        if (refusal) return <RefusedControl key={act} label={label} refusal={refusal} />;
        return (
          <Button
            key={act}
            look={act === "delete" ? "danger" : "plain"}
            icon={act === "tag" ? "tag" : act === "stop" ? "circle-stop" : undefined}
            onClick={() => open(act)}
          >
            {label}
          </Button>
        );
      })}
      {asked && forms && (
        <forms.StartForm
          act={asked.act}
          list={list}
          workspace={place.workspace}
          project={place.project}
          selection={asked.selection}
          onClose={() => setAsked(null)}
          onStarted={(job) => {
            setAsked(null);
            setStarted({ id: job.id, of });
          }}
        />
      )}
    </>
  );
}

/** A job as it goes on, asked for again until it has ended. */
function Progress({ workspace, jobId, onEnd }: { workspace: string; jobId: string; onEnd: () => void }) {
  const [job, setJob] = useState<JobRow | null>(null);
  const [isLost, setLost] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const end = useRef((_job: JobRow) => undefined as undefined);
  end.current = (ended) => {
    toast(`${jobWords(ended)}: ${resultWords(ended.counts)}.`);
    onEnd();
    router.refresh();
  };
  useEffect(() => {
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      try {
        const response = await fetch(`/${workspace}/jobs/${jobId}/progress`, { signal: abort.signal });
        if (!response.ok) throw new Error(String(response.status));
        const now = (await response.json()) as JobRow;
        setJob(now);
        setLost(false);
        if (hasEnded(now.state)) return end.current(now);
      } catch {
        if (abort.signal.aborted) return;
        setLost(true);
      }
      timer = setTimeout(look, ASK_EVERY_MS);
    };
    void look();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [workspace, jobId]);
  return (
    <span role="status" className="inline-flex flex-wrap items-center gap-x-3 gap-y-1">
      {job && <ProgressBar counts={job.counts} total={job.total} className="w-32" />}
      <span className="text-ink-2">
        {isLost
          ? "No answer, asking again"
          : !job
            ? "Asked for"
            : hasEnded(job.state)
              ? resultWords(job.counts)
              : `${countWords(job.total - job.counts.waiting)} of ${countWords(job.total)}`}
      </span>
      <Link href={`/${workspace}/jobs/${jobId}`} className="link">
        Open the job
      </Link>
    </span>
  );
}
