import { describe, expect, it } from "vitest";
import type { GraphEdge, GraphStep, RunGraph } from "@/lib/runs/graph-schema";
import { cutName, foldsOf, layoutKey, openingOf, textWidth, viewOf } from "./view";
import { reach, sibling, walkOf } from "./walk";

const step = (name: string, more: Partial<GraphStep> = {}): GraphStep => ({
  key: `s:${name}`,
  name,
  status: "completed",
  tries: [{ id: name, version: 1, status: "completed", startedAt: "2026-11-28T08:00:00Z", endedAt: "2026-11-28T08:01:00Z" }],
  isCached: false,
  group: null,
  upstream: [],
  ...more,
});
const artifact = (producer: string | null, name: string) => ({
  key: producer === null ? `x:${name}` : `a:${producer}:${name}`,
  versionId: `${producer} ${name}`,
  name,
  version: "1",
  type: "DataArtifact",
  contentHash: null,
  producer,
});
const ALL_OPEN = { closed: new Set<string>(), apart: new Set<string>() };

/** plan → score × count (each with an artifact) → a chain of four. */
function mapped(count: number, failed: number[] = []): RunGraph {
  const scores = Array.from({ length: count }, (_, at) => step(`map:score:${at}`, { group: "g:score", status: failed.includes(at) ? "failed" : "completed" }));
  const chain = ["merge", "train", "test", "publish"].map((name) => step(name, { status: failed.length > 0 ? "not_started" : "completed" }));
  const edges: GraphEdge[] = scores.flatMap(({ key, name }): GraphEdge[] => [
    ["s:plan", key],
    [key, `a:${name}:scores`],
    [`a:${name}:scores`, "s:merge"],
  ]);
  for (const [at, { key }] of chain.entries()) if (chain[at + 1]) edges.push([key, (chain[at + 1] as GraphStep).key]);
  return {
    runId: "run",
    snapshotId: "snapshot",
    inProgress: false,
    startedAt: "2026-11-28T08:00:00Z",
    endedAt: null,
    steps: [step("plan"), ...scores, ...chain],
    artifacts: scores.map(({ name }) => artifact(name, "scores")),
    groups: [{ key: "g:score", name: "score" }],
    edges,
    isCut: false,
  };
}

const opened = (graph: RunGraph, selected: string | null = null) => {
  const folds = foldsOf(graph);
  return viewOf(graph, folds, openingOf(graph, folds, selected));
};
const keys = (graph: RunGraph, selected: string | null = null) => opened(graph, selected).nodes.map((node) => node.key);

describe("closing", () => {
  it("leaves a small graph open", () => {
    expect(keys(mapped(5))).toHaveLength(15);
  });

  it("closes mapped steps with their artifacts, and chains of one-in-one-out, above 60 nodes", () => {
    const view = opened(mapped(40));
    expect(view.nodes.map((node) => [node.key, node.members?.length])).toEqual([
      ["g:score", 40],
      ["c:merge", 4],
      ["s:plan", undefined],
    ]);
    expect(view.edges).toEqual([
      ["s:plan", "g:score"],
      ["g:score", "c:merge"],
    ]);
    expect(view.shownBy.get("a:map:score:7:scores")).toBe("g:score");
  });

  it("keeps what failed and the selection apart, with what they wrote", () => {
    const graph = mapped(40, [3]);
    expect(keys(graph, "s:map:score:9")).toEqual([
      "g:score",
      "c:merge",
      "s:plan",
      "s:map:score:3",
      "s:map:score:9",
      "a:map:score:3:scores",
      "a:map:score:9:scores",
    ]);
    expect(opened(graph).nodes[0]?.members).toHaveLength(39);
  });

  it("opens a chain in which something failed", () => {
    const graph = mapped(40);
    const broken = { ...graph, steps: graph.steps.map((one) => (one.name === "test" ? { ...one, status: "failed" } : one)) };
    expect(keys(broken)).toContain("s:test");
    expect(keys(broken)).toContain("s:merge");
  });

  it("doesn't open a hundred failures at once", () => {
    expect(
      keys(
        mapped(
          100,
          Array.from({ length: 100 }, (_, at) => at),
        ),
      ).length,
    ).toBeLessThan(60);
  });
});

describe("a layout's key", () => {
  const keyFor = (graph: RunGraph) => layoutKey(graph.snapshotId, viewOf(graph, foldsOf(graph), ALL_OPEN));
  it("stays while the run goes on and differs for another structure", () => {
    const graph = mapped(5);
    const running = { ...graph, steps: graph.steps.map((one) => ({ ...one, status: "running", tries: [] })) };
    expect(keyFor(running)).toBe(keyFor(graph));
    expect(keyFor(mapped(6))).not.toBe(keyFor(graph));
    expect(keyFor({ ...graph, edges: graph.edges.slice(1) })).not.toBe(keyFor(graph));
    expect(keyFor({ ...graph, snapshotId: "other" })).not.toBe(keyFor(graph));
  });
});

describe("walking", () => {
  const graph = mapped(3);
  const view = viewOf(graph, foldsOf(graph), ALL_OPEN);
  // A picture by hand: layer by kind, in a row.
  const row = (key: string) =>
    key === "s:plan" ? 0 : key.startsWith("s:map") ? 1 : key.startsWith("a:") ? 2 : 3 + ["s:merge", "s:train", "s:test", "s:publish"].indexOf(key);
  const nodes = Object.fromEntries(view.nodes.map((node, at): [string, [number, number]] => [node.key, [at * 200, row(node.key) * 80]]));
  const walk = walkOf(view, { width: 0, height: 0, nodes, edges: [] });

  it("knows layers, neighbours and siblings", () => {
    expect(walk.layers[1]).toEqual(["s:map:score:0", "s:map:score:1", "s:map:score:2"]);
    expect(walk.after.get("s:plan")).toEqual(walk.layers[1]);
    expect(sibling(walk, "s:map:score:0", 1, () => true)).toBe("s:map:score:1");
    expect(sibling(walk, "s:map:score:0", 1, (key) => key !== "s:map:score:1")).toBe("s:map:score:2");
    expect(sibling(walk, "s:map:score:2", 1, () => true)).toBeUndefined();
  });

  it("reaches everything before and after", () => {
    expect([...reach("s:merge", walk.after)]).toEqual(["s:merge", "s:train", "s:test", "s:publish"]);
    expect(reach("s:merge", walk.before).size).toBe(8);
  });
});

it("cuts names in the middle", () => {
  expect(cutName("train_model", 200)).toBe("train_model");
  const cut = cutName("build_merchant_risk_features_for_the_last_quarter", 150);
  expect(cut).toMatch(/^build_.+….+quarter$/);
  expect(textWidth(cut)).toBeLessThanOrEqual(150);
});
