import Link from "next/link";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { EmptyState } from "@/components/ui/states";
import { Status } from "@/components/ui/status";
import { statusWord } from "@/components/ui/status-words";
import { buttonClass } from "@/components/ui/button";
import { Duration } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { type OutlineArtifact, type OutlineGroup, type OutlineStep, type RunOutline, STEPS_PER_PAGE } from "@/lib/runs/outline-schema";
import { ArtifactChip } from "./artifact-chip";
import { STEP_STATES } from "@/lib/runs/outline-schema";
import { FindBox } from "./find-box";
import { StepBar } from "./step-bar";
import { runViewHref, type RunView } from "./run-view";

type Props = { outline: RunOutline; path: string; view: RunView };

/** The run as an outline: failed steps first, then in order; by state, by text, and a page at a time. */
export function StepOutline({ outline, path, view }: Props) {
  const all = Object.values(outline.counts).reduce((sum, count) => sum + count, 0);
  if (all === 0) return <EmptyState title="No step has started yet." />;
  const until = outline.from + outline.rows.length;
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pb-3">
        <FindBox path={path} view={view} label="Find a step" />
        <nav aria-label="Steps by state" className="flex flex-wrap gap-1">
          <StateLink href={runViewHref(path, { ...view, status: null, group: null, from: 0 })} isCurrent={!view.status} count={all}>
            All
          </StateLink>
          {stateGroups(outline.counts).map(({ key, word, icon, className, count }) => (
            <StateLink key={key} href={runViewHref(path, { ...view, status: key, group: null, from: 0 })} isCurrent={view.status === key} count={count}>
              <Icon name={icon} size={14} className={className} />
              {word}
            </StateLink>
          ))}
        </nav>
        {outline.total > STEPS_PER_PAGE && (
          <span className="ml-auto text-meta text-ink-3">
            {countWords(outline.from + 1)}–{countWords(until)} of {countWords(outline.total)}
          </span>
        )}
      </div>
      {outline.rows.length === 0 ? (
        <EmptyState title={`No step matches${view.find ? ` “${view.find}”` : ""}${view.status ? " in this state" : ""}.`}>
          <Link className="link" href={runViewHref(path, { ...view, find: "", status: null, group: null, from: 0 })} scroll={false}>
            Show all {countWords(all)}
          </Link>
        </EmptyState>
      ) : (
        <ol className="border-t border-rule-strong" start={outline.from + 1}>
          {outline.rows.map((row) =>
            row.kind === "group" ? (
              <GroupLine key={row.key} group={row} outline={outline} path={path} view={view} />
            ) : (
              <StepLine key={row.name} step={row} isInGroup={row.isInGroup} outline={outline} path={path} view={view} />
            ),
          )}
        </ol>
      )}
      {outline.isCut && <p className="mt-2 text-meta text-ink-3">The run has more steps than an outline holds; the list of steps shows all of them.</p>}
      {outline.total > STEPS_PER_PAGE && (
        <nav aria-label="Pages of the outline" className="flex gap-2 pt-3">
          {outline.from > 0 && (
            <Link className={buttonClass()} href={runViewHref(path, { ...view, from: Math.max(0, outline.from - STEPS_PER_PAGE) })}>
              Previous {STEPS_PER_PAGE}
            </Link>
          )}
          {until < outline.total && (
            <Link className={buttonClass()} href={runViewHref(path, { ...view, from: until })}>
              Next {countWords(Math.min(STEPS_PER_PAGE, outline.total - until))}
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

function StateLink({ href, isCurrent, count, children }: { href: string; isCurrent: boolean; count: number; children: React.ReactNode }) {
  return (
    <Link
      href={href}
      scroll={false}
      aria-current={isCurrent ? "true" : undefined}
      className={cx(
        "inline-flex h-7 items-center gap-1.5 rounded-1 px-2 hover:bg-hover max-md:h-10",
        isCurrent ? "bg-select font-medium text-ink" : "text-ink-2",
      )}
    >
      {children}
      <span className="font-normal text-ink-3">{countWords(count)}</span>
    </Link>
  );
}

/** Steps of one template in one row; its link unfolds them. */
function GroupLine({ group, outline, path, view }: { group: OutlineGroup; outline: RunOutline; path: string; view: RunView }) {
  const states = stateGroups(group.counts);
  const failed = states.find(({ key }) => key === "failed");
  return (
    <li className="border-b border-rule px-2 py-1 hover:bg-hover">
      <div className="flex min-h-7 flex-wrap items-center gap-x-2.5">
        <Icon name="square-stack" size={15} className={failed ? "text-fail" : "text-ink-3"} />
        <Link
          href={runViewHref(path, { ...view, group: group.isOpen ? null : group.key, from: group.isOpen ? 0 : view.from })}
          scroll={false}
          aria-expanded={group.isOpen}
          title={`${group.isOpen ? "Fold" : "Unfold"} ${group.name}`}
          className="inline-flex min-w-0 items-center gap-1 font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3"
        >
          <span className="truncate">{group.name}</span>
          <Icon name={group.isOpen ? "chevron-down" : "chevron-right"} size={14} className="text-ink-3" />
        </Link>
        <span className="text-ink-3">{counted(group.total, "step")}</span>
        <span className="flex flex-wrap items-center gap-x-3 max-md:w-full max-md:pl-[25px]">
          {states.map(({ key, word, icon, className, count }) => (
            <span key={key} className="inline-flex items-center gap-1 text-meta text-ink-2" title={word}>
              <Icon name={icon} size={13} className={className} />
              {countWords(count)}
              <span className="sr-only"> {word.toLowerCase()}</span>
            </span>
          ))}
        </span>
        <span className="ml-auto flex shrink-0 items-center gap-3 pl-2 max-md:hidden">
          {group.startedAt && outline.startedAt && (
            <StepBar
              status={failed ? "failed" : "completed"}
              start={group.startedAt}
              end={group.endedAt ?? outline.endedAt}
              runStart={outline.startedAt}
              runEnd={outline.endedAt}
            />
          )}
          <span className="min-w-20 text-right">
            {group.startedAt && <Duration start={group.startedAt} end={group.endedAt ?? outline.endedAt} seconds={null} />}
          </span>
        </span>
      </div>
    </li>
  );
}

type LineProps = { step: OutlineStep; isInGroup: boolean; outline: RunOutline; path: string; view: RunView };

function StepLine({ step, isInGroup, outline, path, view }: LineProps) {
  const isOpen = view.step?.name === step.name;
  const artifactHref = (artifact: OutlineArtifact) => runViewHref(path, { ...view, step: null, artifact: artifact.artifactVersionId });
  if (step.version === 0)
    return (
      <li className={cx("flex min-h-9 items-center gap-2.5 border-b border-dashed border-rule px-2 py-1 text-ink-3", isInGroup && "pl-8")}>
        <Icon name="circle-dashed" size={15} />
        <span className="min-w-0 truncate">{step.name}</span>
        <span className="ml-auto shrink-0 text-meta">not started</span>
      </li>
    );
  return (
    <li className={cx("border-b border-rule px-2 py-1", isInGroup && "pl-8", isOpen ? "bg-select shadow-[inset_2px_0_0_var(--ink)]" : "hover:bg-hover")}>
      <div className="flex min-h-7 items-center gap-x-2.5">
        <Status state={step.status} iconOnly />
        <Link
          href={runViewHref(path, { ...view, step: { name: step.name, version: null }, pane: "overview" })}
          scroll={false}
          prefetch={false}
          aria-current={isOpen ? "true" : undefined}
          title={step.name}
          className="min-w-0 truncate font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3"
        >
          {step.name}
        </Link>
        {step.version > 1 && <span className="shrink-0 text-meta text-ink-3">try {step.version}</span>}
        {step.upstream.length > 0 && step.inputs && <span className="truncate text-meta text-ink-3 max-md:hidden">after {step.upstream.join(", ")}</span>}
        <span className="ml-auto flex shrink-0 items-center gap-3 pl-2">
          {step.startedAt && outline.startedAt && (
            <StepBar status={step.status} start={step.startedAt} end={step.endedAt} runStart={outline.startedAt} runEnd={outline.endedAt} />
          )}
          <span className="min-w-20 text-right">
            {step.status === "cached" ? <span className="text-ink-3">cached</span> : <Duration start={step.startedAt} end={step.endedAt} seconds={null} />}
          </span>
        </span>
      </div>
      {((step.inputs?.length ?? 0) > 0 || (step.outputs?.length ?? 0) > 0) && (
        <dl className="mt-0.5 mb-1 grid grid-cols-[24px_minmax(0,1fr)] gap-x-2 gap-y-1 pl-[25px] text-meta">
          <ArtifactLine word="in" artifacts={step.inputs ?? []} hrefOf={artifactHref} />
          <ArtifactLine word="out" artifacts={step.outputs ?? []} hrefOf={artifactHref} />
        </dl>
      )}
    </li>
  );
}

function ArtifactLine({ word, artifacts, hrefOf }: { word: string; artifacts: OutlineArtifact[]; hrefOf: (artifact: OutlineArtifact) => string }) {
  if (artifacts.length === 0) return null;
  return (
    <>
      <dt className="leading-5 text-ink-3">{word}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-4 gap-y-1">
        {artifacts.map((artifact) => (
          <ArtifactChip key={`${artifact.name} ${artifact.artifactVersionId}`} artifact={artifact} href={hrefOf(artifact)} />
        ))}
      </dd>
    </>
  );
}

/** The states that occur, as people call them: those that want attention first. */
function stateGroups(counts: Record<string, number>) {
  return STEP_STATES.flatMap(({ value, label, states }) => {
    const count = states.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
    const { icon, tone } = statusWord(states[0]);
    return count > 0 ? [{ key: value, word: label, icon, count, className: TONES[tone], rank: RANKS.indexOf(tone) }] : [];
  }).sort((a, b) => a.rank - b.rank);
}

const RANKS = ["fail", "warn", "wait", "run", "ok", "proof", "idle"];
const TONES = { ok: "text-ok", idle: "text-idle", run: "text-run", wait: "text-wait", warn: "text-warn", fail: "text-fail", proof: "text-proof" };
