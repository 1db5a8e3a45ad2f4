import ELK, { type ElkExtendedEdge, type ElkNode } from "elkjs/lib/elk-api";
import type { View } from "./view";

// Places the nodes of a view in a worker, once per picture: what was placed is kept in memory and for the session.

export type Layout = {
  width: number;
  height: number;
  /** Key → left and top. */
  nodes: Record<string, [x: number, y: number]>;
  /** The corners of each edge of the view, in its order: x, y, x, y, … */
  edges: number[][];
};

const OPTIONS = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.padding": "[top=8,left=8,bottom=8,right=8]",
  "elk.spacing.nodeNode": "28",
  "elk.spacing.edgeNode": "16",
  "elk.spacing.edgeEdge": "12",
  "elk.layered.spacing.nodeNodeBetweenLayers": "30",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "10",
  "elk.layered.mergeEdges": "true",
  "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
  "elk.layered.nodePlacement.bk.fixedAlignment": "BALANCED",
  "elk.layered.considerModelOrder.strategy": "PREFER_NODES",
};
const STORED_BYTES = 200_000;
const PREFIX = "reeve.layout.";

const placed = new Map<string, Promise<Layout>>();
let elk: InstanceType<typeof ELK> | undefined;

/** The picture of that key, if it was made before. */
export function storedLayout(key: string): Layout | null {
  try {
    const text = sessionStorage.getItem(PREFIX + key);
    return text ? (JSON.parse(text) as Layout) : null;
  } catch {
    return null; // no storage here, or not ours
  }
}

/** Places the view. `key` names the picture: the same key is never placed twice. */
export function layOut(key: string, view: View): Promise<Layout> {
  let layout = placed.get(key);
  if (!layout) {
    const stored = storedLayout(key);
    layout = stored ? Promise.resolve(stored) : place(view);
    placed.set(key, layout);
    layout.then(
      (made) => !stored && store(key, made),
      () => placed.delete(key),
    );
  }
  return layout;
}

async function place(view: View): Promise<Layout> {
  elk ??= new ELK({ workerFactory: () => new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" }) });
  const root: ElkNode = {
    id: "root",
    layoutOptions: OPTIONS,
    children: view.nodes.map(({ key, width, height }) => ({ id: key, width, height })),
    edges: view.edges.map(([source, target], index) => ({ id: String(index), sources: [source], targets: [target] })),
  };
  const made: ElkNode = await elk.layout(root);
  const nodes: Layout["nodes"] = {};
  for (const child of made.children ?? []) nodes[child.id] = [Math.round(child.x ?? 0), Math.round(child.y ?? 0)];
  return { width: Math.ceil(made.width ?? 0), height: Math.ceil(made.height ?? 0), nodes, edges: (made.edges ?? []).map(cornersOf) };
}

const cornersOf = (edge: ElkExtendedEdge): number[] =>
  (edge.sections ?? []).flatMap(({ startPoint, bendPoints = [], endPoint }) =>
    [startPoint, ...bendPoints, endPoint].flatMap(({ x, y }) => [Math.round(x * 2) / 2, Math.round(y * 2) / 2]),
  );

function store(key: string, layout: Layout): void {
  const text = JSON.stringify(layout);
  if (text.length > STORED_BYTES) return;
  try {
    sessionStorage.setItem(PREFIX + key, text);
  } catch {
    // Full: it is placed again next time.
  }
}
