import {
  externalKey,
  type GraphArtifact,
  type GraphEdge,
  type GraphGroup,
  type GraphStep,
  type GraphTry,
  NOT_STARTED,
  outputKey,
  stepKey,
} from "./graph-schema";
import type { StepShape } from "./step-shape";

// A run's rows as nodes and edges. What the snapshot announces is there from the beginning (steps, outputs, what they are read by), so that
// the picture of a run doesn't move while it goes on.

export type PlannedStep = { name: string; upstream: readonly string[]; shape: StepShape };
export type TryRow = GraphTry & { name: string; shape: StepShape; parentIds: readonly string[] };
export type LinkRow = {
  stepRunId: string;
  isOutput: boolean;
  name: string;
  versionId: string;
  artifact: string;
  version: string;
  type: string;
  contentHash: string | null;
};

type Built = { steps: GraphStep[]; artifacts: GraphArtifact[]; groups: GraphGroup[]; edges: GraphEdge[] };

/** Nodes in the snapshot's order, then as they began. `tries` are in the order in which they were made. */
export function buildGraph(plan: readonly PlannedStep[], tries: readonly TryRow[], links: readonly LinkRow[]): Built {
  const triesOf = new Map<string, TryRow[]>(plan.map((step) => [step.name, []]));
  for (const row of tries) triesOf.set(row.name, [...(triesOf.get(row.name) ?? []), row]);
  const planned = new Map(plan.map((step) => [step.name, step]));
  const nameOf = new Map(tries.map((row) => [row.id, row.name]));
  const linksOf = new Map<string, LinkRow[]>();
  for (const link of links) {
    const own = linksOf.get(link.stepRunId);
    if (own) own.push(link);
    else linksOf.set(link.stepRunId, [link]);
  }
  const shapes = new Map([...triesOf].map(([name, rows]) => [name, planned.get(name)?.shape ?? rows.at(-1)?.shape]));
  const { groups, groupOf } = groupSteps(shapes);

  const steps = [...triesOf].map(([name, rows]): GraphStep => {
    const latest = rows.toSorted((a, b) => a.version - b.version).at(-1);
    const parents = (latest?.parentIds ?? []).flatMap((id) => nameOf.get(id) ?? []);
    return {
      key: stepKey(name),
      name,
      status: latest?.status ?? NOT_STARTED,
      tries: rows.map(({ id, version, status, startedAt, endedAt }) => ({ id, version, status, startedAt, endedAt })).sort((a, b) => a.version - b.version),
      isCached: latest?.status === "cached",
      group: groupOf.get(name) ?? null,
      upstream: [...new Set([...(planned.get(name)?.upstream ?? []), ...parents])].filter((upstream) => triesOf.has(upstream)),
    };
  });

  const artifacts = new Map<string, GraphArtifact>();
  const keyOfVersion = new Map<string, string>();
  const edges = new Set<string>();
  const connect = (source: string, target: string) => edges.add(`${source}\n${target}`);
  for (const { name, key, tries: own } of steps) {
    const given = new Map<string, number>();
    for (const link of linksOf.get(own.at(-1)?.id ?? "")?.filter((one) => one.isOutput) ?? []) {
      const at = given.get(link.name) ?? 0;
      const artifactKey = outputKey(name, link.name, at);
      given.set(link.name, at + 1);
      artifacts.set(artifactKey, artifactOf(artifactKey, link, name));
      if (!keyOfVersion.has(link.versionId)) keyOfVersion.set(link.versionId, artifactKey);
      connect(key, artifactKey);
    }
    for (const output of shapes.get(name)?.outputs ?? []) {
      if (given.has(output)) continue;
      const artifactKey = outputKey(name, output);
      artifacts.set(artifactKey, { key: artifactKey, versionId: null, name: output, version: null, type: "", contentHash: null, producer: name });
      connect(key, artifactKey);
    }
  }
  for (const { name, key, tries: own, upstream } of steps) {
    const read = new Set<string>(); // names of the steps whose artifacts it reads
    for (const link of linksOf.get(own.at(-1)?.id ?? "")?.filter((one) => !one.isOutput) ?? []) {
      const artifactKey = keyOfVersion.get(link.versionId) ?? externalKey(link.versionId);
      if (!artifacts.has(artifactKey)) artifacts.set(artifactKey, artifactOf(artifactKey, link, null));
      connect(artifactKey, key);
      const { producer } = artifacts.get(artifactKey) as GraphArtifact;
      if (producer) read.add(producer);
    }
    if (own.length === 0)
      for (const input of shapes.get(name)?.inputs ?? []) {
        const artifactKey = outputKey(input.step, input.output);
        if (!artifacts.has(artifactKey)) continue;
        connect(artifactKey, key);
        read.add(input.step);
      }
    for (const before of upstream) if (!read.has(before)) connect(stepKey(before), key);
  }
  return { steps, artifacts: [...artifacts.values()], groups, edges: [...edges].map((edge) => edge.split("\n") as GraphEdge) };
}

const artifactOf = (key: string, link: LinkRow, producer: string | null): GraphArtifact => ({
  key,
  versionId: link.versionId,
  name: link.artifact,
  version: link.version,
  type: link.type,
  contentHash: link.contentHash,
  producer,
});

const REPEATED = /^(.+)_(\d+)$/;
const MAPPED = /^map:(.+):(\d+)$/;

/**
 * The client's own groups first (mapped steps have one), then repetitions of one source: `score`, `score_2`, `score_3`. A group of one is
 * none. Its key comes from names, never from the client's ids: those are others in every run.
 */
export function groupSteps(shapes: ReadonlyMap<string, StepShape | undefined>): { groups: GraphGroup[]; groupOf: Map<string, string> } {
  const members = new Map<string, { name: string; steps: string[] }>();
  for (const [step, shape] of shapes) {
    const mapped = MAPPED.exec(step)?.[1];
    const repeated = REPEATED.exec(step)?.[1];
    const base = repeated !== undefined && (shapes.get(repeated)?.source ?? shape?.source) === shape?.source ? repeated : step;
    const id = shape?.group ? `id ${shape.group.id}` : mapped ? `map ${mapped}` : `base ${base} ${shape?.source}`;
    const group = members.get(id);
    if (group) group.steps.push(step);
    else members.set(id, { name: shape?.group?.name ?? mapped ?? base, steps: [step] });
  }
  const groups: GraphGroup[] = [];
  const groupOf = new Map<string, string>();
  const used = new Map<string, number>();
  for (const { name, steps } of members.values()) {
    if (steps.length < 2) continue;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    const key = `g:${name}${count > 1 ? `:${count}` : ""}`;
    groups.push({ key, name });
    for (const step of steps) groupOf.set(step, key);
  }
  return { groups, groupOf };
}
