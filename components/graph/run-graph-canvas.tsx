"use client";

import "@xyflow/react/dist/base.css";
import { type Node, type NodeProps, ReactFlow, ReactFlowProvider, useStore, ViewportPortal } from "@xyflow/react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { runPath } from "@/components/project/paths";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { useClock } from "@/components/ui/clock";
import { Tally } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import { counted } from "@/components/ui/time-words";
import type { RunGraph } from "@/lib/runs/graph-schema";
import { edgePath } from "./edge-paths";
import { savePicture } from "./export-picture";
import { GraphOverview } from "./graph-overview";
import { GraphSearch, type Hit } from "./graph-search";
import { GraphTools } from "./graph-tools";
import { FarContext, GraphNode, type NodeState } from "./node";
import { type Box, firstView, MAX_ZOOM, MIN_ZOOM, useCamera } from "./use-camera";
import { type Picture, usePicture } from "./use-layout";
import { foldsOf, openingOf, type ViewNode, viewOf } from "./view";
import { reach, sibling, type Walk, walkOf } from "./walk";

const OVERVIEW_FROM_NODES = 200;
const FAR_ZOOM = 0.3;

export type Selected = { step?: string; artifact?: string };
export type CanvasProps = { graph: RunGraph; selected: Selected; project: string; onReady: () => void };

/** The graph itself. Loaded when it is looked at; everything it shows comes from its props. */
export function RunGraphCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  );
}

/** The key of what the URL selects; a step may come with its try behind it. */
function keyOf(graph: RunGraph, { step, artifact }: Selected): string | null {
  if (artifact) return graph.artifacts.find((one) => one.versionId === artifact)?.key ?? null;
  if (!step) return null;
  const known = graph.steps.find((one) => one.name === step) ?? graph.steps.find((one) => one.name === step.replace(/~\d+$/, ""));
  return known?.key ?? null;
}

function Canvas({ graph, selected, project, onReady }: CanvasProps) {
  const router = useRouter();
  const { preferences } = useShell();
  const { now } = useClock();
  const pane = useRef<HTMLDivElement>(null);
  const camera = useCamera(pane);
  const isFar = useStore((store) => store.transform[2] < FAR_ZOOM);
  const selectedKey = keyOf(graph, selected);
  const folds = useMemo(() => foldsOf(graph), [graph]);
  const [folding, setFolding] = useState(() => openingOf(graph, folds, selectedKey));
  const view = useMemo(() => viewOf(graph, folds, folding), [graph, folds, folding]);
  const { picture, isPlacing, failure } = usePicture(graph.snapshotId, view);
  const walk = useMemo(() => picture && walkOf(picture.view, picture.layout), [picture]);
  const [stop, setStop] = useState<string | null>(null);
  const [focusOn, setFocusOn] = useState<string | null>(null);
  const [hit, setHit] = useState<Hit | null>(null);
  const [said, say] = useState("");
  const wanted = useRef<string | null>(null); // the node that gets the focus as soon as it is drawn

  const shown = useCallback(
    (key: string | null) => (key === null ? null : (picture?.view.shownBy.get(key) ?? (picture?.layout.nodes[key] ? key : null))),
    [picture],
  );
  const boxOf = useCallback((key: string | null) => (key && picture ? boxIn(picture, key) : undefined), [picture]);
  const selectedNode = shown(selectedKey);
  const focusNode = focusOn && picture?.layout.nodes[focusOn] ? focusOn : null;
  const lit = useMemo(() => (walk && focusNode ? new Set([...reach(focusNode, walk.before), ...reach(focusNode, walk.after)]) : null), [walk, focusNode]);
  const isLit = useCallback((key: string) => lit === null || lit.has(key), [lit]);
  const stopNode = [stop, selectedNode, walk?.layers[0]?.[0] ?? null].find((key) => key && picture?.layout.nodes[key] && isLit(key)) ?? focusNode;

  const hrefOf = useCallback(
    (node: ViewNode) =>
      node.artifact
        ? runPath(project, graph.runId, { tab: "graph", artifact: node.artifact.versionId ?? undefined })
        : runPath(project, graph.runId, { tab: "graph", step: node.step?.name }),
    [project, graph.runId],
  );

  const nodes = useNodes(picture, { selectedNode, stopNode, hitNode: shown(hit?.key ?? null), isLit, hrefOf });

  /** Gives a node the keyboard: at once, or when the camera has brought it in. */
  const enter = useCallback(
    (key: string) => {
      const box = boxOf(key);
      if (!box) return;
      setStop(key);
      camera.show(box);
      const element = pane.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(key)}"]`);
      wanted.current = element ? null : key;
      element?.focus({ preventScroll: true });
    },
    [boxOf, camera],
  );
  useEffect(() => {
    const root = pane.current;
    if (!root) return;
    const observer = new MutationObserver(() => {
      const key = wanted.current;
      const element = key === null ? null : root.querySelector<HTMLElement>(`[data-node="${CSS.escape(key)}"]`);
      if (!element) return;
      wanted.current = null;
      element.focus({ preventScroll: true });
    });
    observer.observe(root, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);

  // A group was opened or closed: what was acted on stays where it is.
  const anchor = useRef<{ key: string; becomes: string; x: number; y: number } | null>(null);
  const fold = useCallback(
    (key: string) => {
      if (!picture) return;
      const node = picture.view.nodes.find((one) => one.key === key);
      const target = node?.fold && folds.find((one) => one.key === node.fold);
      const box = boxIn(picture, key);
      if (!node || !target || !box) return;
      const isOpening = node.key === target.key;
      const inside = target.keys.find((one) => !folding.apart.has(one)) ?? target.keys[0] ?? key;
      anchor.current = { key: picture.key, becomes: isOpening ? inside : target.key, x: box.x, y: box.y };
      setFolding(({ closed, apart }) => {
        const next = new Set(closed);
        if (isOpening) next.delete(target.key);
        else next.add(target.key);
        const out = new Set(apart);
        if (!isOpening) for (const one of target.keys) out.delete(one);
        return { closed: next, apart: out };
      });
      say(isOpening ? `${target.label} opened, ${counted(target.members.length, "step")}` : `${target.label} closed`);
    },
    [picture, folds, folding],
  );
  useLayoutEffect(() => {
    const from = anchor.current;
    if (!picture || !from || picture.key === from.key) return;
    anchor.current = null;
    const box = boxIn(picture, from.becomes);
    if (!box) return;
    camera.jumpBy(from.x - box.x, from.y - box.y);
    setStop(from.becomes);
    wanted.current = from.becomes;
  }, [picture, camera]);

  // The selection is a URL: when it changes from elsewhere, or the pane became smaller, it comes into view.
  const selectionBox = useRef<Box | undefined>(undefined);
  selectionBox.current = boxOf(selectedNode);
  const hasPicture = picture !== null;
  useEffect(() => {
    if (!hasPicture || selectedNode === null) return;
    const frame = requestAnimationFrame(() => selectionBox.current && camera.show(selectionBox.current));
    return () => cancelAnimationFrame(frame);
  }, [hasPicture, selectedNode, camera]);

  const failed = useMemo(() => [...new Set(graph.steps.filter((step) => step.status === "failed").flatMap((step) => shown(step.key) ?? []))], [graph, shown]);
  const toNextFailed = useCallback(() => {
    const next = failed[(failed.indexOf(selectedNode ?? stop ?? "") + 1) % failed.length];
    if (next === undefined) {
      say("No step failed");
      return;
    }
    enter(next);
    const node = picture?.view.nodes.find((one) => one.key === next);
    if (node?.step) router.replace(hrefOf(node), { scroll: false });
  }, [failed, selectedNode, stop, enter, picture, router, hrefOf]);

  const current = useCallback(() => {
    const element = document.activeElement as HTMLElement | null;
    return (pane.current?.contains(element) && element?.dataset.node) || selectedNode || stop;
  }, [selectedNode, stop]);
  const toggleFocus = useCallback(() => {
    const key = focusOn === null ? current() : null;
    setFocusOn(key);
    if (key && walk)
      say(`Only what is before and after ${label(picture, key)}: ${counted(reach(key, walk.before).size + reach(key, walk.after).size - 2, "node")}`);
    else if (focusOn !== null) say("All of the graph");
  }, [focusOn, current, walk, picture]);

  useEffect(() => {
    if (!preferences.hasKeys) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (isTyping(event) || !picture) return;
      const key = current();
      if (event.key === "f") toggleFocus();
      else if (event.key === "n") toNextFailed();
      else if (event.key === "e" && key) fold(key);
      else if (event.key === "+" || event.key === "=") camera.zoomBy(1.3);
      else if (event.key === "-") camera.zoomBy(1 / 1.3);
      else if (event.key === "0") camera.fit(wholeOf(picture));
      else if (event.key === "Escape" && focusOn !== null) setFocusOn(null);
      else return;
      event.preventDefault();
    };
    // Before the page's own keys: in the graph `n` and Esc are the graph's.
    window.addEventListener("keydown", onKey, { capture: true });
    return () => window.removeEventListener("keydown", onKey, { capture: true });
  }, [preferences.hasKeys, picture, current, toggleFocus, toNextFailed, fold, camera, focusOn]);

  const onNodeKey = (event: KeyboardEvent) => {
    const key = (event.target as HTMLElement).dataset.node;
    if (!key || !walk || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = stepTo(walk, key, event, isLit);
    if (to === undefined) return;
    event.preventDefault();
    if (to) enter(to);
  };

  useEffect(() => {
    if (hasPicture) onReady();
  }, [hasPicture, onReady]);

  const closed = view.nodes.filter((node) => node.members).length;
  const tally = graph.artifacts.find((artifact) => artifact.contentHash)?.contentHash;
  const first = useFirstView(pane, picture, boxOf(selectedNode ?? failed[0] ?? null));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and clicks of the nodes inside, which are links and buttons
    <div
      ref={pane}
      className="absolute inset-0 overflow-hidden"
      onKeyDown={onNodeKey}
      onClick={(event) => {
        const element = (event.target as HTMLElement).closest<HTMLElement>("[data-node]");
        if (!element || element.getAttribute("aria-disabled")) return;
        if (element.dataset.fold) fold(element.dataset.fold);
        // A plain click changes the URL in place; with a modifier the browser opens the link as it does.
        else if (element instanceof HTMLAnchorElement && !event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
          event.preventDefault();
          router.replace(element.href, { scroll: false });
        }
      }}
      onFocus={(event) => {
        const key = (event.target as HTMLElement).dataset.node;
        if (key) setStop(key);
      }}
    >
      {picture && first && (
        <FarContext value={isFar}>
          <ReactFlow
            aria-label={`Graph of the run: ${counted(graph.steps.length, "step")}. Arrow keys follow the edges, Tab goes to siblings.`}
            nodes={nodes}
            edges={NO_EDGES}
            nodeTypes={NODE_TYPES}
            defaultViewport={first}
            minZoom={MIN_ZOOM}
            maxZoom={MAX_ZOOM}
            onlyRenderVisibleElements
            nodesDraggable={false}
            nodesConnectable={false}
            nodesFocusable={false}
            elementsSelectable={false}
            zoomOnDoubleClick={false}
            panOnScroll
            deleteKeyCode={null}
            selectionKeyCode={null}
            multiSelectionKeyCode={null}
            panActivationKeyCode={null}
            disableKeyboardA11y
            proOptions={{ hideAttribution: true }}
          >
            <ViewportPortal>
              <Edges picture={picture} walk={walk} selected={selectedNode} lit={lit} />
            </ViewportPortal>
            {nodes.length >= OVERVIEW_FROM_NODES && <GraphOverview picture={picture} onPoint={camera.centerOn} />}
          </ReactFlow>
        </FarContext>
      )}
      <div className="absolute top-3 left-3 flex flex-col items-start gap-2">
        <GraphSearch
          graph={graph}
          insideOf={(key) => {
            const by = shown(key);
            return by === null || by === key ? null : (folds.find((one) => one.key === by)?.label ?? null);
          }}
          onHit={(next) => {
            setHit(next);
            const box = next && boxOf(shown(next.key));
            if (box) camera.center(box);
          }}
          onEnter={({ key }) => {
            const node = shown(key);
            if (node) enter(node);
          }}
        />
        <GraphTools
          onZoom={camera.zoomBy}
          onFit={() => picture && camera.fit(wholeOf(picture))}
          onLocate={selectedNode ? () => selectionBox.current && camera.center(selectionBox.current) : null}
          onFocus={toggleFocus}
          isFocused={focusNode !== null}
          onFold={() => {
            const key = current();
            if (key) fold(key);
          }}
          failed={failed.length}
          onFailed={toNextFailed}
          onSave={(kind) => {
            if (!picture) return;
            const foot = `Run ${graph.runId}, as of ${new Date(now).toISOString().slice(0, 19).replace("T", " ")} UTC`;
            savePicture(picture, kind, `run-${graph.runId.slice(0, 8)}-graph`, foot).catch((error: unknown) =>
              say(error instanceof Error ? error.message : String(error)),
            );
          }}
        />
      </div>
      <p className="pointer-events-none absolute right-3.5 bottom-3 left-3.5 flex flex-wrap gap-x-3.5 text-meta whitespace-nowrap text-ink-3">
        <span>
          {counted(graph.steps.length, "step")}, {counted(graph.artifacts.length, "artifact")}
          {graph.isCut && ", more are left out"}
        </span>
        {closed > 0 && (
          <span className="inline-flex items-center gap-1">
            <Icon name="square-stack" size={13} /> {closed} closed
          </span>
        )}
        {graph.steps.some((step) => step.isCached) && (
          <span className="inline-flex items-center gap-1">
            <Icon name="copy-check" size={13} /> cached
          </span>
        )}
        {tally && (
          <span className="inline-flex items-center gap-1">
            <Tally digest={tally} /> content digest
          </span>
        )}
      </p>
      {isPlacing && <p className="absolute top-3 right-3 text-meta text-ink-3">Arranging {counted(view.nodes.length, "node")}</p>}
      {failure && <p className="absolute right-3 bottom-3 text-meta text-fail">The graph can't be arranged: {failure}. The outline has the same steps.</p>}
      <span role="status" className="sr-only">
        {said}
      </span>
    </div>
  );
}

const NO_EDGES: never[] = [];

type FlowNode = Node<NodeState, "run">;
const NODE_TYPES = { run: ({ data }: NodeProps<FlowNode>) => <GraphNode {...data} /> };

const NODE_STYLE = { pointerEvents: "all", contain: "layout" } as const;

/** The nodes as the canvas takes them; one whose state is the same stays the same object. */
function useNodes(
  picture: Picture | null,
  {
    selectedNode,
    stopNode,
    hitNode,
    isLit,
    hrefOf,
  }: { selectedNode: string | null; stopNode: string | null; hitNode: string | null; isLit: (key: string) => boolean; hrefOf: (node: ViewNode) => string },
): FlowNode[] {
  const kept = useRef(new Map<string, FlowNode>());
  return useMemo(() => {
    if (!picture) return [];
    const next = new Map<string, FlowNode>();
    for (const node of picture.view.nodes) {
      const place = picture.layout.nodes[node.key];
      if (!place) continue;
      const [x, y] = place;
      const data: NodeState = {
        node,
        href: node.members ? "" : hrefOf(node),
        isSelected: node.key === selectedNode,
        isFaint: !isLit(node.key),
        isStop: node.key === stopNode,
        isHit: node.key === hitNode,
      };
      const before = kept.current.get(node.key);
      const isSame =
        before &&
        before.position.x === x &&
        before.position.y === y &&
        (Object.keys(data) as (keyof NodeState)[]).every((field) => before.data[field] === data[field]);
      next.set(
        node.key,
        isSame
          ? before
          : {
              id: node.key,
              type: "run",
              position: { x, y },
              width: node.width,
              height: node.height,
              measured: { width: node.width, height: node.height }, // nothing is left to observe
              handles: [],
              style: NODE_STYLE,
              domAttributes: { "aria-roledescription": undefined },
              data,
            },
      );
    }
    kept.current = next;
    const order = (a: FlowNode, b: FlowNode) => a.position.y - b.position.y || a.position.x - b.position.x;
    return [...next.values()].sort(order);
  }, [picture, selectedNode, stopNode, hitNode, isLit, hrefOf]);
}

/** All edges: plain ones, those on the way to the selection, and those that focus mode leaves out. */
const Edges = memo(function Edges({
  picture,
  walk,
  selected,
  lit,
}: {
  picture: Picture;
  walk: Walk | null;
  selected: string | null;
  lit: ReadonlySet<string> | null;
}) {
  const paths = useMemo(() => picture.layout.edges.map(edgePath), [picture.layout]);
  const way = useMemo(() => (walk && selected ? reach(selected, walk.before) : null), [walk, selected]);
  const [plain, strong, faint] = useMemo(() => {
    const lines = ["", "", ""];
    for (const [index, [source, target]] of picture.view.edges.entries()) {
      const path = paths[index] ?? "";
      const kind = lit && !(lit.has(source) && lit.has(target)) ? 2 : way?.has(source) && way.has(target) ? 1 : 0;
      lines[kind] += path;
    }
    return lines;
  }, [picture.view, paths, way, lit]);
  return (
    <svg
      width={picture.layout.width}
      height={picture.layout.height}
      aria-hidden="true"
      fill="none"
      strokeLinejoin="round"
      className="pointer-events-none absolute top-0 left-0 -z-1 overflow-visible"
    >
      {faint && <path d={faint} className="stroke-control opacity-25" />}
      <path d={plain} className="stroke-control" />
      {strong && <path d={strong} className="stroke-ink" strokeWidth="1.75" />}
    </svg>
  );
});

/** Where a key leads from a node: undefined when it isn't ours, null when there is nothing that way. */
function stepTo(walk: Walk, key: string, event: KeyboardEvent, isLit: (key: string) => boolean): string | null | undefined {
  const lit = (keys: readonly string[] | undefined) => keys?.find(isLit) ?? null;
  if (event.key === "ArrowDown") return lit(walk.after.get(key));
  if (event.key === "ArrowUp") return lit(walk.before.get(key));
  if (event.key === "ArrowRight") return sibling(walk, key, 1, isLit) ?? null;
  if (event.key === "ArrowLeft") return sibling(walk, key, -1, isLit) ?? null;
  if (event.key === "Tab") return sibling(walk, key, event.shiftKey ? -1 : 1, isLit); // at the end of the layer the page goes on
  return undefined;
}

/** The view that the graph opens with, once the pane has a size. */
function useFirstView(pane: React.RefObject<HTMLElement | null>, picture: Picture | null, matters: Box | undefined) {
  const [first, setFirst] = useState<ReturnType<typeof firstView> | null>(null);
  useLayoutEffect(() => {
    if (first || !picture || !pane.current) return;
    setFirst(firstView(wholeOf(picture), matters, { width: pane.current.clientWidth, height: pane.current.clientHeight }));
  }, [first, picture, matters, pane]);
  return first;
}

const wholeOf = ({ layout }: Picture): Box => ({ x: 0, y: 0, width: layout.width, height: layout.height });

function boxIn(picture: Picture, key: string): Box | undefined {
  const place = picture.layout.nodes[key];
  const node = picture.view.nodes.find((one) => one.key === key);
  return place && node && { x: place[0], y: place[1], width: node.width, height: node.height };
}

const label = (picture: Picture | null, key: string): string => picture?.view.nodes.find((node) => node.key === key)?.label ?? key;
