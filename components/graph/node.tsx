"use client";

import { createContext, memo, type ReactNode, useContext } from "react";
import { artifactIcon, versionWord } from "@/components/artifact/words";
import { cx } from "@/components/ui/class-names";
import { Tally } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { statusWord } from "@/components/ui/status-words";
import { Duration } from "@/components/ui/time";
import { counted } from "@/components/ui/time-words";
import { NOT_STARTED } from "@/lib/runs/graph-schema";
import { spokenName, stateOfAll, stepNote } from "./node-words";
import { cutName, type ViewNode } from "./view";

export type NodeState = {
  node: ViewNode;
  href: string;
  isSelected: boolean;
  /** Outside of what focus mode shows. */
  isFaint: boolean;
  /** The graph's one tab stop. */
  isStop: boolean;
  isHit: boolean;
};

const ICON_TONE: Record<string, string> = {
  ok: "text-ok",
  idle: "text-idle",
  run: "text-run",
  wait: "text-wait",
  warn: "text-warn",
  fail: "text-fail",
  proof: "text-proof",
};

/** True while the graph is so small that no name can be read: nodes are shapes then. */
export const FarContext = createContext(false);

/** One node: a link to what its panel shows (the pane follows it), in the shape of its kind. A closed group is a button that opens it. */
export const GraphNode = memo(function GraphNode({ node, href, isSelected, isFaint, isStop, isHit }: NodeState) {
  const isFar = useContext(FarContext);
  const isGroup = node.members !== undefined;
  const common = {
    "data-node": node.key,
    "aria-label": spokenName(node),
    tabIndex: isStop && !isFaint ? 0 : -1,
    title: node.label,
    className: cx("group relative block outline-offset-2", isFaint && "opacity-25", isHit && "outline-2 outline-dashed outline-control"),
    style: { width: node.width, height: node.height, contain: "strict" },
  };
  const inside = isFar ? (
    <span className={cx("block h-full border-4", FAR_LOOK[farLook(node)], node.kind === "artifact" ? "rounded-full" : "rounded-1")} />
  ) : (
    <Shape node={node} isSelected={isSelected}>
      <Content node={node} />
    </Shape>
  );
  if (isGroup)
    return (
      <button type="button" {...common} aria-expanded={false} aria-disabled={isFaint || undefined} data-fold={node.key}>
        {inside}
      </button>
    );
  return (
    <a {...common} href={href} draggable={false} aria-current={isSelected ? "true" : undefined} aria-disabled={isFaint || undefined}>
      {inside}
    </a>
  );
});

const FAR_LOOK = { plain: "border-control bg-paper", fail: "border-fail bg-fail-soft", run: "border-run bg-run-soft", toCome: "border-rule-strong bg-desk" };

function farLook({ step, artifact, members }: ViewNode): keyof typeof FAR_LOOK {
  const state = members ? stateOfAll(members) : (step?.status ?? (artifact?.versionId === null ? NOT_STARTED : "completed"));
  if (state === "failed") return "fail";
  if (state === "running" || state === "retrying") return "run";
  return state === NOT_STARTED ? "toCome" : "plain";
}

/** The outline is drawn by hand only where a border can't: cut corners. */
function Shape({ node, isSelected, children }: { node: ViewNode; isSelected: boolean; children: ReactNode }) {
  const line = isSelected ? "border-ink shadow-[inset_0_0_0_1px_var(--ink)]" : "border-control group-hover:border-ink";
  const row = "flex items-center gap-2 whitespace-nowrap text-body";
  const isToCome = node.step?.status === NOT_STARTED || (node.artifact !== undefined && node.artifact.versionId === null);
  const paper = isToCome ? "border-dashed bg-desk" : "bg-paper";
  if (node.kind === "artifact") return <span className={cx(row, "h-full rounded-full border px-3", paper, line)}>{children}</span>;
  if (node.kind === "dataset")
    return (
      <span className="block h-full border-b border-control pb-0.5">
        <span className={cx(row, "h-full rounded-t-1 border px-2.5", paper, line)}>{children}</span>
      </span>
    );
  if (node.kind === "model") {
    const [w, h, cut] = [node.width, node.height, 10];
    return (
      <span className="relative block h-full">
        <svg width={w} height={h} aria-hidden="true" className="absolute inset-0">
          <path
            d={`M${cut} .5H${w - cut}L${w - 0.5} ${cut}V${h - cut}L${w - cut} ${h - 0.5}H${cut}L.5 ${h - cut}V${cut}z`}
            className={cx(isToCome ? "fill-desk" : "fill-paper", isSelected ? "stroke-ink" : "stroke-control group-hover:stroke-ink")}
            strokeWidth={isSelected ? 1.75 : 1}
            strokeDasharray={isToCome ? "4 3" : undefined}
          />
        </svg>
        <span className={cx(row, "relative h-full px-3.5")}>{children}</span>
      </span>
    );
  }
  if (node.members)
    return (
      <span className="relative block h-full">
        <span className="absolute inset-0 top-2 left-2 rounded-1 border border-rule-strong bg-paper" />
        <span className="absolute inset-0 top-1 right-1 bottom-1 left-1 rounded-1 border border-rule-strong bg-paper" />
        <span className={cx(row, "absolute inset-0 right-2 bottom-2 rounded-1 border bg-paper px-2.5", line)}>{children}</span>
      </span>
    );
  return (
    <span className={cx(row, "h-full rounded-1 border px-2.5", node.step?.status === "failed" && !isSelected ? "border-fail bg-paper" : cx(paper, line))}>
      {children}
    </span>
  );
}

function Content({ node }: { node: ViewNode }) {
  const { step, artifact, members } = node;
  if (members) {
    const state = stateOfAll(members);
    const failed = members.filter((member) => member.status === "failed").length;
    return (
      <>
        <StateIcon state={state} />
        <span className="text-ink">{cutName(node.label, node.width - 122)}</span>
        <span className="ml-auto pl-2 text-meta text-ink-3">
          {failed > 0 ? <span className="text-fail">{failed} failed</span> : counted(members.length, "step")}
        </span>
      </>
    );
  }
  if (step) {
    const isRunning = step.tries.length > 0 && step.tries.at(-1)?.endedAt === null;
    return (
      <>
        <StateIcon state={step.status} />
        <span className={step.status === NOT_STARTED ? "text-ink-3" : "text-ink"}>{cutName(step.name, node.width - 112)}</span>
        <span className="tabular ml-auto pl-2 text-meta text-ink-3">
          {isRunning ? <Duration start={step.tries.at(-1)?.startedAt ?? null} end={null} seconds={null} /> : stepNote(step)}
        </span>
      </>
    );
  }
  if (!artifact) return null;
  const version = artifact.version === null ? "" : versionWord(artifact.version);
  const icon = <Icon name={node.kind === "dataset" ? "database" : artifactIcon(artifact.type)} size={14} className="text-ink-3" />;
  const tally = artifact.contentHash && <Tally digest={artifact.contentHash} className="ml-auto text-ink-2" />;
  if (node.kind === "dataset")
    return (
      <>
        {icon}
        <span className="min-w-0 leading-4">
          <span className="block text-ink">{cutName(artifact.name, node.width - 76)}</span>
          <span className="block text-meta text-ink-3">{version}</span>
        </span>
        {tally}
      </>
    );
  return (
    <>
      {icon}
      <span className={artifact.versionId === null ? "text-ink-3" : "text-ink"}>{cutName(artifact.name, node.width - 98)}</span>
      <span className="text-meta text-ink-3">{version}</span>
      {tally}
    </>
  );
}

function StateIcon({ state }: { state: string }) {
  const { icon, tone, turning } = state === NOT_STARTED ? { icon: "circle-dashed" as const, tone: "idle" as const, turning: false } : statusWord(state);
  return <Icon name={icon} size={14} className={cx(ICON_TONE[tone], turning && "animate-turn")} />;
}
