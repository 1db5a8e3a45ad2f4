import type { GraphEdge } from "@/lib/runs/graph-schema";
import type { Layout } from "./layout";
import type { View } from "./view";

// Walking a graph by keys: along its edges, and along the layers of its picture.

export type Walk = {
  after: ReadonlyMap<string, string[]>;
  before: ReadonlyMap<string, string[]>;
  /** Keys of each layer from left to right, layers from top to bottom. */
  layers: string[][];
  layerOf: ReadonlyMap<string, number>;
};

/** Neighbours and layers of a picture. */
export function walkOf(view: View, layout: Layout): Walk {
  const byX = (a: string, b: string) => (layout.nodes[a]?.[0] ?? 0) - (layout.nodes[b]?.[0] ?? 0);
  const after = neighbours(view.edges, 0);
  const before = neighbours(view.edges, 1);
  for (const keys of [...after.values(), ...before.values()]) keys.sort(byX);
  const top = (key: string) => layout.nodes[key]?.[1] ?? 0;
  const placed = view.nodes.filter((node) => layout.nodes[node.key]).sort((a, b) => top(a.key) - top(b.key));
  const layers: string[][] = [];
  let bottom = Number.NEGATIVE_INFINITY;
  for (const node of placed) {
    if (top(node.key) >= bottom) {
      layers.push([]);
      bottom = top(node.key) + node.height;
    } else bottom = Math.max(bottom, top(node.key) + node.height);
    layers.at(-1)?.push(node.key);
  }
  for (const layer of layers) layer.sort(byX);
  const layerOf = new Map(layers.flatMap((layer, index) => layer.map((key) => [key, index] as const)));
  return { after, before, layers, layerOf };
}

function neighbours(edges: readonly GraphEdge[], from: 0 | 1): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const edge of edges) {
    const [key, other] = [edge[from], edge[from === 0 ? 1 : 0]];
    const known = found.get(key);
    if (known) known.push(other);
    else found.set(key, [other]);
  }
  return found;
}

/** Everything that can be reached, the start included. */
export function reach(start: string, neighboursOf: ReadonlyMap<string, string[]>): Set<string> {
  const found = new Set([start]);
  for (const key of found) for (const next of neighboursOf.get(key) ?? []) found.add(next);
  return found;
}

/** The node beside in the same layer; undefined at the end of it. */
export function sibling(walk: Walk, key: string, by: 1 | -1, isOpen: (key: string) => boolean): string | undefined {
  const layer = (walk.layers[walk.layerOf.get(key) ?? -1] ?? []).filter((one) => one === key || isOpen(one));
  return layer[layer.indexOf(key) + by];
}
