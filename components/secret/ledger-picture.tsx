"use client";

import { type KeyboardEvent, useMemo, useState } from "react";
import { cx } from "@/components/ui/class-names";
import { useClock } from "@/components/ui/clock";
import { Icon, type IconName } from "@/components/ui/icon";
import { counted, countWords, exactTime } from "@/components/ui/time-words";
import type { LaneKind, LedgerLane, SecretLedger } from "@/lib/secrets/ledger-schema";

export const LANE_ICONS: Record<LaneKind, IconName> = {
  stack: "layers",
  component: "plug",
  pipeline: "workflow",
  step: "workflow",
  user: "user-round",
  service_account: "bot",
};

const VIEWS = [
  { id: "both", label: "Could and did use" },
  { id: "did", label: "Did use" },
  { id: "could", label: "Could use" },
] as const;
type View = (typeof VIEWS)[number]["id"];
type Stroke = { at: string; count: number; lane: string; what: string };

const HEIGHT = 31;
const TICKS = 6;

/** Who could use a secret, when, and who did: a lane each. `←` and `→` go from use to use. */
export function LedgerPicture({ ledger, label }: { ledger: SecretLedger; label: string }) {
  const { zone } = useClock();
  const [view, setView] = useState<View>("both");
  const [cursor, setCursor] = useState<number | null>(null);
  const [from, to] = [Date.parse(ledger.from), Date.parse(ledger.to)];
  const percent = (at: string) => ((Date.parse(at) - from) / Math.max(1, to - from)) * 100;
  const lanes = ledger.lanes.filter((lane) => (view === "did" ? lane.uses > 0 : view === "could" ? lane.could.length > 0 : true));
  const strokes = useMemo(() => strokesOf(ledger), [ledger]);
  const chosen = cursor === null ? null : (strokes[cursor] ?? null);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step || strokes.length === 0) return;
    event.preventDefault();
    setCursor((at) => (at === null ? (step > 0 ? 0 : strokes.length - 1) : Math.min(strokes.length - 1, Math.max(0, at + step))));
  };
  const common = { percent, chosen: chosen ? percent(chosen.at) : null, versions: ledger.versions.map((one) => percent(one.at)) };
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <fieldset className="inline-flex overflow-hidden rounded-1 border border-control">
          <legend className="sr-only">What the ledger shows</legend>
          {VIEWS.map((one, index) => (
            <button
              key={one.id}
              type="button"
              aria-pressed={view === one.id}
              onClick={() => setView(one.id)}
              className={cx(
                "px-2.5 py-0.5 max-md:py-2.5",
                index > 0 && "border-l border-rule-strong",
                view === one.id ? "bg-select font-medium text-ink" : "text-ink-2 hover:text-ink",
              )}
            >
              {one.label}
            </button>
          ))}
        </fieldset>
        <span className="ml-auto text-ink-3 max-md:ml-0">
          {countWords(ledger.lanes.filter((lane) => lane.could.length > 0).length)} could, {countWords(ledger.lanes.filter((lane) => lane.uses > 0).length)}{" "}
          did, <b className="text-ink">{countWords(ledger.uses)}</b> {ledger.uses === 1 ? "use" : "uses"},{" "}
          <span className={ledger.refusals > 0 ? "text-fail" : undefined}>{countWords(ledger.refusals)} refused</span>
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: its keys go from use to use */}
      <section aria-label={label} tabIndex={0} onKeyDown={onKey} className="pr-2 focus-visible:outline-offset-2">
        <Axis from={from} to={to} zone={zone} versions={ledger.versions} percent={percent} />
        {lanes.map((lane) => (
          <Lane key={lane.key} lane={lane} {...common} />
        ))}
        {ledger.refused.length > 0 && view !== "could" && (
          <Row icon="shield-x" name="Refused" how="" title={`Refused: ${countWords(ledger.refusals)}`}>
            <Marks strokes={ledger.refused} className="stroke-fail" percent={percent} />
            <Cursor at={common.chosen} />
          </Row>
        )}
        {lanes.length === 0 && <p className="border-b border-rule py-3 text-ink-3">Nobody in this time.</p>}
        <p aria-live="polite" className="min-h-6 pt-1.5 text-meta text-ink-3">
          {chosen ? (
            <>
              <span className="text-ink">{exactTime(chosen.at, zone)}</span> {chosen.what}
            </>
          ) : (
            strokes.length > 0 && "Each stroke is a use. The keys ← and → go from one to the next."
          )}
        </p>
      </section>
    </>
  );
}

function strokesOf(ledger: SecretLedger): Stroke[] {
  const times = (count: number) => (count === 1 ? "" : `, ${countWords(count)} times close together`);
  const did = ledger.lanes.flatMap((lane) => lane.did.map((use) => ({ ...use, lane: lane.key, what: `used by ${lane.name}${times(use.count)}` })));
  const refused = ledger.refused.map((one) => ({ ...one, lane: "refused", what: `refused${times(one.count)}` }));
  const changes = ledger.versions.map((one) => ({ at: one.at, count: 1, lane: "versions", what: `version ${one.version} was written` }));
  return [...did, ...refused, ...changes].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

type Common = { percent: (at: string) => number; chosen: number | null; versions: number[] };

function Lane({ lane, percent, chosen, versions }: { lane: LedgerLane } & Common) {
  const words = `${lane.name}, ${lane.how}: ${lane.could.length > 0 ? "could use it" : "could not"}, ${counted(lane.uses, "use")}`;
  return (
    <Row icon={LANE_ICONS[lane.kind] ?? "user-round"} name={lane.name} how={lane.how} title={words}>
      {lane.could.map((span) => {
        const [start, end] = [percent(span.from), span.to === null ? 100 : percent(span.to)];
        return (
          <rect
            key={span.from}
            x={`${start}%`}
            width={`${Math.max(0.15, end - start)}%`}
            y={(HEIGHT - 13) / 2}
            height={13}
            className="fill-sunk stroke-control"
          />
        );
      })}
      {lane.could.some((span) => span.to === null) && (
        <svg x="100%" overflow="visible" aria-hidden="true">
          <path d={`M-1 ${(HEIGHT - 13) / 2}l6 6.5l-6 6.5`} className="fill-sunk stroke-control" />
        </svg>
      )}
      {versions.map((at) => (
        <line key={at} x1={`${at}%`} x2={`${at}%`} y1={0} y2={HEIGHT} strokeDasharray="2 3" className="stroke-ink-3" />
      ))}
      <Marks strokes={lane.did} className="stroke-ink" percent={percent} />
      <Cursor at={chosen} />
    </Row>
  );
}

function Row({ icon, name, how, title, children }: { icon: IconName; name: string; how: string; title: string; children: React.ReactNode }) {
  return (
    <div className="grid grid-cols-[250px_minmax(0,1fr)] items-center border-b border-rule max-md:grid-cols-1 max-md:pt-1.5" title={title}>
      <span className="flex min-w-0 items-center gap-2 pr-4">
        <Icon name={icon} className="shrink-0 text-ink-3" />
        <b className="min-w-16 flex-1 truncate font-medium text-ink">{name}</b>
        <span className="min-w-0 truncate text-meta text-ink-3">{how}</span>
        <span className="sr-only">{title}</span>
      </span>
      <svg width="100%" height={HEIGHT} aria-hidden="true" className="block overflow-visible">
        {children}
      </svg>
    </div>
  );
}

const Marks = ({ strokes, className, percent }: { strokes: { at: string }[]; className: string; percent: (at: string) => number }) =>
  strokes.map(({ at }) => <line key={at} x1={`${percent(at)}%`} x2={`${percent(at)}%`} y1={5} y2={HEIGHT - 5} strokeWidth={2} className={className} />);

const Cursor = ({ at }: { at: number | null }) =>
  at === null ? null : <line x1={`${at}%`} x2={`${at}%`} y1={0} y2={HEIGHT} strokeWidth={1} className="stroke-run" />;

type AxisProps = { from: number; to: number; zone: string; versions: SecretLedger["versions"]; percent: (at: string) => number };

/** Days, or hours where the time is shorter; and where a version began. */
function Axis({ from, to, zone, versions, percent }: AxisProps) {
  const isShort = to - from < 3 * 86_400_000;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    ...(isShort ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" }),
  });
  const ticks = Array.from({ length: TICKS }, (_, at) => from + ((to - from) * at) / TICKS);
  const last = versions.at(-1);
  return (
    <div className="grid grid-cols-[250px_minmax(0,1fr)] border-b border-rule max-md:grid-cols-1">
      <span className="max-md:hidden" />
      <svg width="100%" height={34} aria-hidden="true" className="block overflow-visible text-label">
        {ticks.map((at, index) => (
          <text key={at} x={`${(index / TICKS) * 100}%`} y={31} className={cx("fill-ink-3", index % 2 === 1 && "max-md:hidden")}>
            {format.format(at)}
          </text>
        ))}
        {last && (
          <text x={`${percent(last.at)}%`} y={14} textAnchor={percent(last.at) > 80 ? "end" : "start"} className="fill-ink">
            v{last.version} from {format.format(Date.parse(last.at))}
          </text>
        )}
      </svg>
    </div>
  );
}
