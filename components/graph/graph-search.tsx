"use client";

import { useMemo, useState } from "react";
import { Icon } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { counted } from "@/components/ui/time-words";
import type { RunGraph } from "@/lib/runs/graph-schema";

const LISTED = 8;

export type Hit = { key: string; name: string /** The closed group or chain it is in. */; inside: string | null };

/** Steps and artifacts by name: ↵ goes from hit to hit, ↓ into the graph. */
export function GraphSearch({
  graph,
  insideOf,
  onHit,
  onEnter,
}: {
  graph: RunGraph;
  insideOf: (key: string) => string | null;
  /** The hit to show; null when there is none any more. */
  onHit: (hit: Hit | null) => void;
  /** Goes to the hit's node in the graph. */
  onEnter: (hit: Hit) => void;
}) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(-1);
  const hits = useMemo(() => {
    const wanted = query.trim().toLowerCase();
    if (!wanted) return [];
    return [...graph.steps, ...graph.artifacts].filter((thing) => thing.name.toLowerCase().includes(wanted));
  }, [graph, query]);
  const hitAt = (index: number): Hit | null => {
    const hit = hits[index];
    return hit ? { key: hit.key, name: hit.name, inside: insideOf(hit.key) } : null;
  };
  const goTo = (index: number) => {
    setAt(index);
    onHit(hitAt(index));
  };
  const close = () => {
    setQuery("");
    setAt(-1);
    onHit(null);
  };
  const current = hitAt(at);
  const first = Math.max(0, Math.min(at - 3, hits.length - LISTED));
  return (
    <search className="w-[190px] rounded-1 bg-paper">
      <label className="flex h-7 items-center gap-2 rounded-1 border border-control px-2 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-focus">
        <Icon name="search" size={14} className="text-ink-3" />
        <span className="sr-only">Find step</span>
        <input
          type="text"
          data-page-search
          placeholder="Find step"
          value={query}
          className="min-w-0 flex-1 bg-transparent text-ink outline-none placeholder:text-ink-3"
          onChange={(event) => {
            setQuery(event.target.value);
            setAt(-1);
            onHit(null);
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && hits.length > 0) goTo((at + (event.shiftKey ? hits.length - 1 : 1) + hits.length) % hits.length);
            else if (event.key === "ArrowDown") {
              const hit = current ?? hitAt(0);
              if (hit) onEnter(hit);
            } else if (event.key === "Escape") {
              if (query) event.stopPropagation();
              close();
              event.currentTarget.blur();
            } else return;
            event.preventDefault();
          }}
        />
        {query ? <span className="tabular text-meta text-ink-3">{at >= 0 ? `${at + 1}/${hits.length}` : hits.length}</span> : <Kbd>/</Kbd>}
      </label>
      {query && (
        <ul className="mt-1 rounded-1 border border-rule-strong bg-paper py-1 shadow-pop">
          {hits.slice(first, first + LISTED).map((hit, index) => (
            <li key={hit.key}>
              <button
                type="button"
                tabIndex={-1}
                aria-current={first + index === at || undefined}
                className="block w-full truncate px-2 py-0.5 text-left text-ink hover:bg-hover aria-current:bg-select"
                title={hit.name}
                onClick={() => {
                  goTo(first + index);
                  const chosen = hitAt(first + index);
                  if (chosen) onEnter(chosen);
                }}
              >
                {hit.name}
              </button>
            </li>
          ))}
          {hits.length === 0 && <li className="px-2 py-0.5 text-ink-3">No step or artifact has this in its name</li>}
          {hits.length > LISTED && <li className="px-2 py-0.5 text-meta text-ink-3">{hits.length} hits, ↵ for the next</li>}
        </ul>
      )}
      <span role="status" className="sr-only">
        {query && (current ? `${at + 1} of ${hits.length}: ${current.name}${current.inside ? `, in ${current.inside}` : ""}` : counted(hits.length, "hit"))}
      </span>
    </search>
  );
}
