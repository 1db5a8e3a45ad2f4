import { type GraphArtifact, type GraphEdge, type GraphStep, type RunGraph, stepKey } from "@/lib/runs/graph-schema";

// Which nodes of a run's graph are shown: groups of mapped steps and chains of one-in-one-out may be closed to one node each. What belongs
// to which group or chain never changes while a run goes on; only what is closed does.

export const COLLAPSE_FROM_NODES = 60;
const CHAIN_FROM_STEPS = 3;
const MOST_SHOWN = 45;

export type ViewNode = {
  key: string;
  kind: "step" | "artifact" | "model" | "dataset" | "group" | "chain";
  label: string;
  width: number;
  height: number;
  step?: GraphStep;
  artifact?: GraphArtifact;
  /** The steps that a closed group or chain stands for. */
  members?: GraphStep[];
  /** The group or chain that closes over this node. */
  fold: string | null;
};

export type View = {
  nodes: ViewNode[];
  edges: GraphEdge[];
  /** Every key of the run's graph → the node that shows it. */
  shownBy: ReadonlyMap<string, string>;
};

/** What can be closed: key → name, steps and everything inside. */
export type Fold = { key: string; kind: "group" | "chain"; label: string; members: GraphStep[]; keys: string[] };

export type Folding = { closed: ReadonlySet<string> /** Keys that stay outside of their closed group. */; apart: ReadonlySet<string> };

/** Groups first, then the chains between them. */
export function foldsOf(graph: RunGraph): Fold[] {
  const stepsOf = new Map<string, GraphStep[]>();
  const groupOfStep = new Map<string, string>();
  for (const step of graph.steps) {
    if (!step.group) continue;
    groupOfStep.set(step.name, step.group);
    stepsOf.set(step.group, [...(stepsOf.get(step.group) ?? []), step]);
  }
  const artifactsOf = new Map<string, string[]>();
  const holder = new Map<string, string>();
  for (const step of graph.steps) holder.set(step.key, step.group ?? step.key);
  for (const artifact of graph.artifacts) {
    const group = artifact.producer === null ? undefined : groupOfStep.get(artifact.producer);
    holder.set(artifact.key, group ?? artifact.key);
    if (group) artifactsOf.set(group, [...(artifactsOf.get(group) ?? []), artifact.key]);
  }
  const groups = graph.groups.map((group): Fold => {
    const members = stepsOf.get(group.key) ?? [];
    return { key: group.key, kind: "group", label: group.name, members, keys: [...members.map((step) => step.key), ...(artifactsOf.get(group.key) ?? [])] };
  });
  return [...groups, ...chainsOf(graph, holder)];
}

function chainsOf(graph: RunGraph, holder: ReadonlyMap<string, string>): Fold[] {
  const isGroup = new Set(graph.groups.map((group) => group.key));
  const out = new Map<string, Set<string>>();
  const into = new Map<string, Set<string>>();
  for (const [source, target] of graph.edges) {
    const [from, to] = [holder.get(source), holder.get(target)];
    if (!from || !to || from === to) continue;
    out.set(from, (out.get(from) ?? new Set()).add(to));
    into.set(to, (into.get(to) ?? new Set()).add(from));
  }
  /** The one node that comes after, when it comes after nothing else. */
  const next = (key: string): string | undefined => {
    const [only, ...more] = out.get(key) ?? [];
    if (only === undefined || more.length > 0 || isGroup.has(only) || isGroup.has(key) || into.get(only)?.size !== 1) return undefined;
    return only;
  };
  const steps = new Map(graph.steps.map((step) => [step.key, step]));
  const hasBefore = new Set([...holder.values()].flatMap((key) => next(key) ?? []));
  const folds: Fold[] = [];
  for (const key of new Set(holder.values())) {
    if (isGroup.has(key) || hasBefore.has(key)) continue;
    const keys = [key];
    for (let after = next(key); after !== undefined && !keys.includes(after); after = next(after)) keys.push(after);
    const members = keys.flatMap((one) => steps.get(one) ?? []);
    const [first, last] = [members[0], members.at(-1)];
    if (members.length >= CHAIN_FROM_STEPS && first && last)
      folds.push({ key: `c:${first.name}`, kind: "chain", label: `${first.name} … ${last.name}`, members, keys });
  }
  return folds;
}

/** How many nodes the graph has when nothing is closed. */
export const countNodes = (graph: RunGraph): number => graph.steps.length + graph.artifacts.length;

/**
 * What is closed when the graph opens: nothing in a small one; in a large one everything but the way to what failed and the selection, which
 * stands apart from its groups.
 */
export function openingOf(graph: RunGraph, folds: readonly Fold[], selected: string | null): Folding {
  if (countNodes(graph) <= COLLAPSE_FROM_NODES) return { closed: new Set(), apart: new Set() };
  const before = new Map<string, string[]>();
  for (const [source, target] of graph.edges) before.set(target, [...(before.get(target) ?? []), source]);
  const first = [...(selected ? [selected] : []), ...graph.steps.filter((step) => step.status === "failed").map((step) => step.key)];
  const foldOf = new Map(folds.flatMap((fold) => fold.keys.map((key) => [key, fold] as const)));
  const outputsOf = new Map<string, string[]>();
  for (const { key, producer } of graph.artifacts) if (producer !== null) outputsOf.set(stepKey(producer), [...(outputsOf.get(stepKey(producer)) ?? []), key]);
  const apart = new Set<string>();
  for (const start of first) {
    const way = [start];
    for (let at = 0; at < way.length; at++)
      for (const key of before.get(way[at] as string) ?? []) if (!way.includes(key) && foldOf.get(key)?.kind === "group") way.push(key);
    if (apart.size + way.length > MOST_SHOWN) break;
    for (const key of way) for (const one of [key, ...(outputsOf.get(key) ?? [])]) apart.add(one);
  }
  const isOpen = (fold: Fold) => fold.kind === "chain" && fold.keys.some((key) => apart.has(key));
  return { closed: new Set(folds.filter((fold) => !isOpen(fold)).map((fold) => fold.key)), apart };
}

/** The nodes and edges that are shown. */
export function viewOf(graph: RunGraph, folds: readonly Fold[], { closed, apart }: Folding): View {
  const shownBy = new Map<string, string>();
  const foldOf = new Map<string, string>();
  const nodes: ViewNode[] = [];
  for (const fold of folds) {
    for (const key of fold.keys) foldOf.set(key, fold.key);
    if (!closed.has(fold.key)) continue;
    const inside = fold.keys.filter((key) => !apart.has(key));
    const members = fold.members.filter((step) => !apart.has(step.key));
    if (members.length === 0) continue;
    for (const key of inside) shownBy.set(key, fold.key);
    nodes.push({
      key: fold.key,
      kind: fold.kind,
      label: fold.label,
      members,
      fold: fold.key,
      width: between(150, textWidth(fold.label) + 132, 300),
      height: 44,
    });
  }
  for (const step of graph.steps) {
    if (shownBy.has(step.key)) continue;
    shownBy.set(step.key, step.key);
    nodes.push({
      key: step.key,
      kind: "step",
      label: step.name,
      step,
      fold: foldOf.get(step.key) ?? null,
      width: between(150, textWidth(step.name) + 122, 300),
      height: 36,
    });
  }
  for (const artifact of graph.artifacts) {
    if (shownBy.has(artifact.key)) continue;
    shownBy.set(artifact.key, artifact.key);
    nodes.push(artifactNode(artifact, foldOf.get(artifact.key) ?? null));
  }
  const edges = new Map<string, GraphEdge>();
  for (const [source, target] of graph.edges) {
    const [from, to] = [shownBy.get(source), shownBy.get(target)];
    if (from && to && from !== to) edges.set(`${from}\n${to}`, [from, to]);
  }
  return { nodes, edges: [...edges.values()], shownBy };
}

function artifactNode(artifact: GraphArtifact, fold: string | null): ViewNode {
  const name = textWidth(artifact.name);
  const common = { key: artifact.key, label: artifact.name, artifact, fold };
  if (artifact.type === "ModelArtifact") return { ...common, kind: "model", width: between(150, name + 116, 300), height: 40 };
  if (artifact.producer === null) return { ...common, kind: "dataset", width: between(150, name + 84, 280), height: 46 };
  return { ...common, kind: "artifact", width: between(110, name + 110, 290), height: 28 };
}

const between = (least: number, value: number, most: number): number => Math.round(Math.max(least, Math.min(most, value)));

/** About how wide a name is at 13 px: the layout is made before anything is drawn. */
export function textWidth(text: string): number {
  let width = 0;
  for (const char of text) width += /[ijlI.,:;'|! ]/.test(char) ? 3.8 : /[mwMW…]/.test(char) ? 11 : /[A-Z]/.test(char) ? 8.8 : /[ftr]/.test(char) ? 5 : 7.4;
  return width;
}

/** The name, cut in the middle when it is wider than that. */
export function cutName(name: string, width: number): string {
  if (textWidth(name) <= width) return name;
  let kept = name.length;
  const cut = () => `${name.slice(0, Math.ceil(kept * 0.6))}…${name.slice(name.length - Math.floor(kept * 0.4))}`;
  while (kept > 6 && textWidth(cut()) > width) kept--;
  return cut();
}

/** Equal for equal pictures: the same nodes of the same size with the same edges. */
export function layoutKey(snapshotId: string, view: View): string {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  const add = (text: string) => {
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ (code + 0x7f), 0x85ebca6b);
    }
  };
  for (const { key, width, height } of view.nodes) add(`${key} ${width} ${height};`);
  for (const edge of view.edges) add(`${edge.join(">")};`);
  return `${snapshotId}:${(a >>> 0).toString(36)}${(b >>> 0).toString(36)}`;
}
