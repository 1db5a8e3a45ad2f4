"use client";

import dynamic from "next/dynamic";
import { useCallback, useEffect, useState } from "react";
import { runPath } from "@/components/project/paths";
import { Status } from "@/components/ui/status";
import { NOT_STARTED, type RunGraph as Graph } from "@/lib/runs/graph-schema";
import { GraphNotice } from "./graph-notice";
import { stateWord, stepNote } from "./node-words";
import type { Selected } from "./run-graph-canvas";
import { useRunGraph } from "./use-run-graph";

const OUTLINED = 60;
const loadCanvas = () => import("./run-graph-canvas");
const Canvas = dynamic(() => loadCanvas().then((module) => module.RunGraphCanvas), { ssr: false });

type Props = { /** Where the graph is read. */ source: string; runId: string; selected: Selected; project: string };

/**
 * A run's steps and artifacts as a graph, filling the box it is put in (which needs a height and `position: relative`). `selected` comes
 * from the URL, and a node is a link to the URL that selects it. `project` is the project's path. Until the graph is placed, the same box
 * holds the steps as a list.
 */
export function RunGraph({ source, runId, selected, project }: Props) {
  const { graph, failure, retry } = useRunGraph(source);
  const [isReady, setReady] = useState(false);
  const onReady = useCallback(() => setReady(true), []);
  useEffect(() => void loadCanvas(), []); // at once, not when the graph has come
  return (
    <div className="absolute inset-0 overflow-hidden bg-desk">
      {!graph && (
        <div className="p-4">
          <GraphNotice failure={failure} onRetry={retry} outlineHref={runPath(project, runId, { tab: "steps" })} />
        </div>
      )}
      {graph && !isReady && <Outline graph={graph} project={project} />}
      {graph && <Canvas graph={graph} selected={selected} project={project} onReady={onReady} />}
    </div>
  );
}

/** Seen only when the graph keeps one waiting. */
function Outline({ graph, project }: { graph: Graph; project: string }) {
  return (
    <ol className="late absolute inset-0 overflow-auto py-3 pr-4 pl-56">
      {graph.steps.slice(0, OUTLINED).map((step) => (
        <li key={step.key} className="flex h-7 items-center gap-2">
          <Status state={step.status === NOT_STARTED ? "queued" : step.status} iconOnly size={14} />
          <a href={runPath(project, graph.runId, { tab: "graph", step: step.name })} className="truncate text-ink hover:underline">
            {step.name}
          </a>
          <span className="tabular text-meta text-ink-3">{stepNote(step) || stateWord(step.status)}</span>
        </li>
      ))}
      {graph.steps.length > OUTLINED && <li className="h-7 text-meta text-ink-3">and {graph.steps.length - OUTLINED} more</li>}
    </ol>
  );
}
