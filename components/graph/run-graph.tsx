"use client";

import dynamic from "next/dynamic";
import { useCallback, useState } from "react";
import { runPath } from "@/components/project/paths";
import { Status } from "@/components/ui/status";
import { NOT_STARTED, type RunGraph as Graph } from "@/lib/runs/graph-schema";
import { stateWord, stepNote } from "./node-words";
import type { Selected } from "./run-graph-canvas";

const OUTLINED = 60;
const Canvas = dynamic(() => import("./run-graph-canvas").then((module) => module.RunGraphCanvas), { ssr: false });

/**
 * A run's steps and artifacts as a graph, filling the box it is put in (which needs a height and `position: relative`). `selected` comes
 * from the URL, and a node is a link to the URL that selects it. `project` is the project's path. Until the graph's script has come, and
 * without scripts, the same box holds the steps as a list.
 */
export function RunGraph({ graph, selected, project }: { graph: Graph; selected: Selected; project: string }) {
  const [isReady, setReady] = useState(false);
  const onReady = useCallback(() => setReady(true), []);
  return (
    <div className="absolute inset-0 overflow-hidden bg-desk">
      {!isReady && <Outline graph={graph} project={project} />}
      <Canvas graph={graph} selected={selected} project={project} onReady={onReady} />
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
