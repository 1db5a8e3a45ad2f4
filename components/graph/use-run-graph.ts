"use client";

import { useCallback, useEffect, useState } from "react";
import type { RunGraph } from "@/lib/runs/graph-schema";

// A run's graph is large, and its page is read anew with every step that one opens: it is fetched once for each time that it changed, and
// kept for the graph and the timeline alike.

const KEPT = 4;
const kept = new Map<string, Promise<RunGraph>>();

/** Reads the graph at `source`, or gives what was read. */
function readGraph(source: string): Promise<RunGraph> {
  let graph = kept.get(source);
  if (!graph) {
    graph = fetchGraph(source);
    kept.set(source, graph);
    graph.catch(() => kept.delete(source));
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  }
  return graph;
}

async function fetchGraph(source: string): Promise<RunGraph> {
  const response = await fetch(source);
  const answer = (await response.json()) as RunGraph & { error?: { message: string } };
  if (!response.ok) throw new Error(answer.error?.message ?? `The server answered ${response.status}.`);
  return answer;
}

/** The graph at `source`; while a newer one is on its way, the last one stays. */
export function useRunGraph(source: string): { graph: RunGraph | null; failure: string | null; retry: () => void } {
  const [graph, setGraph] = useState<RunGraph | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a further try reads again
  useEffect(() => {
    let isWanted = true;
    readGraph(source).then(
      (read) => {
        if (!isWanted) return;
        setGraph(read);
        setFailure(null);
      },
      (error: unknown) => isWanted && setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [source, tries]);
  return { graph, failure, retry: useCallback(() => setTries((before) => before + 1), []) };
}
