"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import { type KeyboardEvent, type PointerEvent, useCallback, useMemo, useRef, useState } from "react";
import { GraphNotice } from "@/components/graph/graph-notice";
import { useRunGraph } from "@/components/graph/use-run-graph";
import { runPath } from "@/components/project/paths";
import { Button, IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { useClock } from "@/components/ui/clock";
import { Status } from "@/components/ui/status";
import { clockTime, durationWords, zoneName } from "@/components/ui/time-words";
import type { RunGraph } from "@/lib/runs/graph-schema";
import { TimelineLane } from "./timeline-lane";
import { nextChange, ticksOf, timelineOf, wordsAt } from "./timeline-model";
import { TimelineTable } from "./timeline-table";

const LANE = 32;
const TICKS = 6;
/** In percent: what begins after it does not fit on a phone. */
const LAST_LABEL = 86;
const ZOOM = 1.6;
const LEAST_SPAN_MS = 200;
const FIRST_RECT = { width: 1000, height: 640 };

type Props = { /** Where the run's graph is read. */ source: string; runId: string; selected?: string; project: string };

/** When each step of a run waited and ran, with the path that made it take as long. */
export function RunTimeline({ source, runId, selected, project }: Props) {
  const { graph, failure, retry } = useRunGraph(source);
  if (!graph) return <GraphNotice failure={failure} onRetry={retry} outlineHref={runPath(project, runId, { tab: "steps" })} />;
  return <Timeline graph={graph} selected={selected} project={project} />;
}

/** The cursor says in words what went on at its moment. */
function Timeline({ graph, selected, project }: { graph: RunGraph; selected?: string; project: string }) {
  const { now, zone } = useClock();
  const timeline = useMemo(() => timelineOf(graph, now), [graph, now]);
  const { lanes, start, end, changes, notStarted } = timeline;
  const [span, setSpan] = useState<[number, number] | null>(null); // null: all of the run
  const [moment, setMoment] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const [from, to] = span ?? [start, end];
  const at = moment ?? (graph.inProgress ? Math.min(now, end) : start + (end - start) / 2);
  const percent = useCallback((value: number) => ((value - from) / (to - from)) * 100, [from, to]);
  const scroller = useRef<HTMLDivElement>(null);
  const chart = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lanes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LANE,
    overscan: 8,
    initialRect: FIRST_RECT,
  });

  const zoom = (factor: number) => {
    const length = Math.max(LEAST_SPAN_MS, Math.min(end - start, (to - from) / factor));
    if (length >= end - start) return setSpan(null);
    const begin = Math.max(start, Math.min(end - length, at - ((at - from) / (to - from)) * length));
    setSpan([begin, begin + length]);
  };
  const moveTo = (value: number) => {
    const next = Math.max(start, Math.min(end, value));
    setMoment(next);
    if (!span || (next >= from && next <= to)) return;
    const length = to - from;
    const begin = Math.max(start, Math.min(end - length, next - length / 2));
    setSpan([begin, begin + length]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by !== 0) moveTo(event.shiftKey ? nextChange(changes, at, by as 1 | -1) : at + (by * (to - from)) / 100);
    else if (event.key === "Home") moveTo(start);
    else if (event.key === "End") moveTo(end);
    else if (event.key === "+" || event.key === "=") zoom(ZOOM);
    else if (event.key === "-") zoom(1 / ZOOM);
    else return;
    event.preventDefault();
  };
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = chart.current?.getBoundingClientRect();
    if (box && box.width > 0) moveTo(from + ((event.clientX - box.left) / box.width) * (to - from));
  };

  const iso = (value: number) => new Date(value).toISOString();
  const words = wordsAt(timeline, at);
  const clock = clockTime(iso(at), zone);
  const ticks = ticksOf(from, to, TICKS, offsetOf(zone, from));
  if (lanes.length === 0) return <p className="text-ink-3">No step has begun: there is nothing to place in time.</p>;
  return (
    <section aria-label="Timeline of the run">
      <div className="mb-2 flex min-h-7 flex-wrap items-center gap-x-4 gap-y-1">
        <p>
          <span className="tabular font-medium text-ink">At {clock}</span>: {words}
        </p>
        <span className="ml-auto flex items-center gap-1">
          {!isTable && (
            <>
              <IconButton icon="minus" label="Zoom out (−)" onClick={() => zoom(1 / ZOOM)} />
              <IconButton icon="plus" label="Zoom in (+)" onClick={() => zoom(ZOOM)} />
            </>
          )}
          <Button onClick={() => setTable(!isTable)} aria-pressed={isTable}>
            {isTable ? "Show as timeline" : "Show as table"}
          </Button>
        </span>
      </div>
      {isTable ? (
        <TimelineTable timeline={timeline} hrefOf={(step) => runPath(project, graph.runId, { tab: "timeline", step })} />
      ) : (
        <div ref={scroller} className="max-h-[70vh] overflow-x-hidden overflow-y-auto border-y border-rule-strong" style={{ contain: "content" }}>
          <div className="sticky top-0 z-1 grid grid-cols-[minmax(104px,24%)_minmax(0,1fr)] border-b border-rule bg-paper">
            <span className="self-end pb-1 text-label text-ink-3">{zoneName(zone, start)}</span>
            <div ref={chart} className="relative mr-3 h-8">
              <div
                role="slider"
                tabIndex={0}
                aria-label="Moment of the run"
                aria-valuemin={0}
                aria-valuemax={Math.round((end - start) / 1000)}
                aria-valuenow={Math.round((at - start) / 1000)}
                aria-valuetext={`${clock}: ${words}`}
                onKeyDown={onKeyDown}
                onPointerDown={follow}
                onPointerMove={follow}
                className="absolute inset-0 cursor-ew-resize touch-none focus-visible:outline-offset-[-2px]"
              >
                <svg width="100%" height="100%" aria-hidden="true" className="overflow-visible text-label">
                  {ticks.map((tick) => (
                    <g key={tick}>
                      <line x1={`${percent(tick)}%`} x2={`${percent(tick)}%`} y1="26" y2="32" className="stroke-control" />
                      <text x={`${percent(tick)}%`} y="18" dx="3" className={cx("tabular fill-ink-3", percent(tick) > LAST_LABEL && "max-md:hidden")}>
                        {clockTime(iso(tick), zone).slice(0, to - from < TICKS * 60_000 ? 8 : 5)}
                      </text>
                    </g>
                  ))}
                  {at >= from && at <= to && (
                    <svg x={`${percent(at)}%`} overflow="visible" aria-hidden="true">
                      <path d="M-5 22h10l-5 8z" className="fill-ink" />
                    </svg>
                  )}
                </svg>
              </div>
            </div>
          </div>
          <div className="relative" style={{ height: virtual.getTotalSize() }}>
            {virtual.getVirtualItems().map((item) => {
              const lane = lanes[item.index];
              if (!lane) return null;
              return (
                <div
                  key={lane.step.key}
                  className={cx(
                    "absolute inset-x-0 grid grid-cols-[minmax(104px,24%)_minmax(0,1fr)] border-b border-rule",
                    lane.step.name === selected && "bg-select",
                  )}
                  style={{ height: LANE, top: item.start }}
                >
                  <span className="flex min-w-0 items-center gap-2 pr-3">
                    <Status state={lane.step.status} iconOnly size={14} />
                    <Link
                      href={runPath(project, graph.runId, { tab: "timeline", step: lane.step.name })}
                      replace
                      scroll={false}
                      prefetch={false}
                      title={lane.step.name}
                      className={cx("truncate hover:underline", lane.isCritical ? "font-medium text-ink" : "text-ink-2")}
                    >
                      {lane.step.name}
                    </Link>
                  </span>
                  <TimelineLane lane={lane} percent={percent} end={end} height={LANE} />
                </div>
              );
            })}
            <div className="pointer-events-none absolute inset-0 grid grid-cols-[minmax(104px,24%)_minmax(0,1fr)]">
              <svg width="100%" height="100%" aria-hidden="true" className="col-start-2 pr-3">
                {at >= from && at <= to && <line x1={`${percent(at)}%`} x2={`${percent(at)}%`} y1="0" y2="100%" className="stroke-ink" strokeWidth="2" />}
              </svg>
            </div>
          </div>
        </div>
      )}
      <p className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-meta text-ink-3">
        <Key className="bg-rule-strong">waited</Key>
        <Key className="bg-ink-3">ran</Key>
        <Key className="bg-ink">critical path, {durationWords((end - start) / 1000)} in all</Key>
        <Key className="hatch border border-dashed border-control">pulling images: not recorded</Key>
        {notStarted > 0 && <span>{notStarted.toLocaleString("en-US")} not started</span>}
      </p>
    </section>
  );
}

function Key({ className, children }: { className: string; children: React.ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={cx("h-2 w-4", className)} />
      {children}
    </span>
  );
}

/** How far a zone is from UTC at a moment, in ms. */
function offsetOf(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone: zone, timeZoneName: "longOffset" }).formatToParts(at);
  const match = /GMT([+-])(\d{2}):(\d{2})/.exec(parts.find((part) => part.type === "timeZoneName")?.value ?? "");
  return match ? (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000 : 0;
}
