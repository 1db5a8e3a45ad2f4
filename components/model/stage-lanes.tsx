"use client";

import Link from "next/link";
import { modelVersionPath } from "@/components/project/paths";
import { versionWord } from "@/components/artifact/words";
import { useClock } from "@/components/ui/clock";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { countWords, relativeTime } from "@/components/ui/time-words";
import type { StageInterval } from "@/lib/models/schema";
import { StageBadge } from "./stage-badge";

const LANE = 36;
const AXIS = 20;
const LABEL = 104;
const WIDTH = 1080;
const BAR = 22;
const TIP = 8;
const TICKS = 6;
/** Only one version at a time holds these: archived ones overlap, and stand in the table alone. */
const STAGES = ["production", "staging"];

type Props = { base: string; model: string; intervals: StageInterval[]; auditPath: string };

/** When which version held a stage: one lane for each stage, a square end where it ended, an arrow where it holds still; and as a table. */
export function StageLanes({ base, model, intervals, auditPath }: Props) {
  const { now, zone } = useClock();
  if (intervals.length === 0)
    return (
      <EmptyState title="No version has held a stage.">
        <p>A stage is given by a client, and kept from then on with its beginning and end.</p>
      </EmptyState>
    );
  const start = Math.min(...intervals.map(({ from }) => Date.parse(from)));
  const span = Math.max(now - start, 1);
  const x = (at: number) => LABEL + ((at - start) / span) * (WIDTH - LABEL - TIP - 4);
  const lanes = STAGES.filter((stage) => intervals.some((one) => one.stage === stage));
  const height = AXIS + lanes.length * LANE + 4;
  const ticks = Array.from({ length: TICKS }, (_, index) => start + (span * index) / TICKS);
  return (
    <div className="flex flex-col gap-5">
      {lanes.length > 0 && (
        <svg viewBox={`0 0 ${WIDTH} ${height}`} className="w-full min-w-[640px] text-ink-2 max-md:hidden" aria-hidden="true" suppressHydrationWarning>
          {ticks.map((tick) => (
            <g key={tick}>
              <line x1={x(tick)} x2={x(tick)} y1={AXIS - 4} y2={height} className="stroke-rule" />
              <text x={x(tick)} y={11} fontSize={11} className="fill-ink-3">
                {relativeTime(new Date(tick).toISOString(), now, zone)}
              </text>
            </g>
          ))}
          {lanes.map((stage, lane) => (
            <g key={stage}>
              <text x={0} y={AXIS + lane * LANE + 19} fontSize={12} fill="currentColor">
                {stage}
              </text>
              {intervals
                .filter((one) => one.stage === stage)
                .map((one) => (
                  <Bar key={`${one.version} ${one.from}`} interval={one} x={x} y={AXIS + lane * LANE + 4} now={now} />
                ))}
            </g>
          ))}
          <line x1={0} x2={WIDTH} y1={height - 0.5} y2={height - 0.5} className="stroke-rule-strong" />
        </svg>
      )}
      <PlainTable
        label="Stages"
        columns={[{ label: "Version" }, { label: "Stage" }, { label: "From" }, { label: "Until" }, { label: "Given by" }, { label: "Entry", align: "right" }]}
        rows={intervals.map((one) => ({
          key: `${one.version} ${one.stage} ${one.from}`,
          cells: [
            <Link key="version" className="link text-ink" href={modelVersionPath(base, model, one.version)}>
              {versionWord(one.version)}
            </Link>,
            <StageBadge key="stage" stage={one.stage} />,
            <Time key="from" at={one.from} />,
            one.to ? <Time key="to" at={one.to} /> : "holds still",
            one.entry?.actor ?? "–",
            one.entry ? (
              <Link key="entry" className="link font-mono text-mono" href={`${auditPath}/${one.entry.seq}`}>
                {countWords(one.entry.seq)}
              </Link>
            ) : (
              "–"
            ),
          ],
        }))}
      />
    </div>
  );
}

function Bar({ interval, x, y, now }: { interval: StageInterval; x: (at: number) => number; y: number; now: number }) {
  const [from, to] = [x(Date.parse(interval.from)), Math.max(x(interval.to ? Date.parse(interval.to) : now), x(Date.parse(interval.from)) + 4)];
  const tip = interval.to === null ? TIP : 0;
  const word = versionWord(interval.version);
  const fits = to - from > word.length * 7 + 12;
  return (
    <g>
      <polygon
        points={`${from},${y} ${to},${y} ${to + tip},${y + BAR / 2} ${to},${y + BAR} ${from},${y + BAR}`}
        className={interval.to === null && interval.stage === "production" ? "fill-paper stroke-ink" : "fill-paper stroke-control"}
      />
      <text x={fits ? from + 7 : from - 5} y={y + 15} fontSize={12} textAnchor={fits ? "start" : "end"} className="fill-ink font-medium">
        {word}
      </text>
    </g>
  );
}
