import Link from "next/link";
import type { ReactNode } from "react";
import { credentialWords } from "@/components/audit/credential-words";
import { cx } from "@/components/ui/class-names";
import { Icon, type IconName } from "@/components/ui/icon";
import { originWord } from "@/components/ui/origin";
import { Duration, Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { statusWord } from "@/components/ui/status-words";
import type { RunHead } from "@/lib/runs/head-schema";

type Links = { request: string | null; stack: string | null; run: string; audit: string | null };
type Cell = { label: string; icon: IconName; tone: string; turning?: boolean; main: ReactNode; note: ReactNode; href: string | null };

const EVENTS: Record<string, string> = {
  cli: "By hand, at a terminal",
  ui: "By hand, in the browser",
  ci: "CI job",
  api: "Call of the API",
  agent: "Agent",
  schedule: "Schedule",
  system: "Reeve itself",
};

/** From what set the run off to the evidence of it: the cells that are known to be true, each leading to its record. */
export function RunChain({ run, links }: { run: RunHead; links: Links }) {
  const { icon, tone, turning } = statusWord(run.status);
  const cells: Cell[] = [
    {
      label: "Event",
      icon: run.schedule ? "calendar-clock" : originWord(run.origin).icon,
      tone: "text-proof",
      main: run.schedule ? <span title={`${run.schedule.name}: ${run.schedule.plan}`}>Schedule {run.schedule.name}</span> : (EVENTS[run.origin] ?? run.origin),
      note: run.schedule?.slot ? (
        <>
          slot of <Time at={run.schedule.slot} isStamp />
        </>
      ) : run.claimed.client ? (
        <span title={`${run.claimed.client}, as the client says`}>{clientWord(run.claimed.client)} claimed</span>
      ) : (
        run.pipeline
      ),
      href: links.request,
    },
    { label: "Request", icon: "ticket", tone: "text-proof", main: credentialWords(run), note: <Time at={run.createdAt} isStamp />, href: links.request },
    ...(run.orchestrator
      ? [
          {
            label: "Dispatch",
            icon: "server" as const,
            tone: "text-proof",
            main: run.orchestrator.name,
            note: run.orchestratorRunId ? `${run.orchestrator.flavor}, ${shortId(run.orchestratorRunId)}` : run.orchestrator.flavor,
            href: links.stack,
          },
        ]
      : []),
    {
      label: "Run",
      icon: run.status === "completed" ? "circle-play" : icon,
      tone: { ok: "text-proof", idle: "text-ink-3", run: "text-run", wait: "text-wait", warn: "text-warn", fail: "text-fail", proof: "text-proof" }[tone],
      turning,
      main: <Duration start={run.startedAt} end={run.endedAt} seconds={run.durationS} />,
      note: run.steps.failed[0] ? `failed in ${run.steps.failed[0]}` : run.endedAt ? <Time at={run.endedAt} isStamp /> : stepsWords(run),
      href: links.run,
    },
    ...(run.entries
      ? [
          {
            label: "Evidence",
            icon: "scroll-text" as const,
            tone: "text-ink-3", // recorded, not sealed
            main: counted(run.entries.count, "audit entry", "audit entries"),
            note:
              run.entries.count === 0
                ? "none that you may read"
                : run.entries.count === 1
                  ? `№ ${countWords(run.entries.first)}`
                  : `№ ${countWords(run.entries.first)} to ${countWords(run.entries.last)}`,
            href: links.audit,
          },
        ]
      : []),
  ];
  return (
    <section aria-label="Chain" className="pad-x shrink-0 pt-3.5">
      <ol className="flex overflow-x-auto border-y border-rule max-md:-mx-(--gutter) max-md:px-(--gutter)">
        {cells.map((cell) => (
          <li key={cell.label} className="relative min-w-0 shrink-0 grow border-l border-rule pl-3 first:border-0 first:pl-0">
            <CellLink href={cell.href} label={cell.label}>
              <Icon name={cell.icon} size={14} className={cx("mt-px", cell.tone, cell.turning && "animate-turn")} />
              <span className="min-w-0">
                <span className="block text-label text-ink-3">{cell.label}</span>
                <b className="block max-w-56 truncate leading-[18px]">{cell.main}</b>
                <span className="block max-w-56 truncate text-meta leading-[18px] text-ink-3">{cell.note}</span>
              </span>
            </CellLink>
          </li>
        ))}
      </ol>
    </section>
  );
}

const CELL = "flex gap-2 py-2 pr-3";

function CellLink({ href, label, children }: { href: string | null; label: string; children: ReactNode }) {
  if (!href) return <div className={CELL}>{children}</div>;
  return (
    <Link
      href={href}
      scroll={false}
      title={`${label}: its record`}
      className={cx(CELL, "hover:[&_b]:underline hover:[&_b]:decoration-rule-strong hover:[&_b]:underline-offset-3 focus-visible:outline-offset-[-2px]")}
    >
      {children}
    </Link>
  );
}

const shortId = (id: string) => (id.length > 12 ? `${id.slice(0, 4)}…${id.slice(-4)}` : id);

/** "zenml/0.98.0" of a longer user agent. */
const clientWord = (agent: string) => agent.split(" ")[0]?.slice(0, 40) ?? agent;

function stepsWords({ steps, inProgress }: RunHead): string {
  const done = steps.total - (steps.counts.not_started ?? 0) - (steps.counts.running ?? 0) - (steps.counts.initializing ?? 0);
  return inProgress ? `${countWords(done)} of ${counted(steps.total, "step")}` : counted(steps.total, "step");
}
