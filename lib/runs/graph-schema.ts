// What a run's graph and its timeline know: plain data, ISO times. A key names a node in the same way in every run of a snapshot, so that
// a layout fits all of them: "s:<step>", "a:<step>:<output>" and, for what no step of the run made, "x:<artifact version id>".

export type GraphTry = { id: string; version: number; status: string; startedAt: string | null; endedAt: string | null };

export type GraphStep = {
  key: string;
  name: string;
  /** Of the latest try; `not_started` for a step that the snapshot has and the run has not begun. */
  status: string;
  /** Oldest first; empty when not started. */
  tries: GraphTry[];
  isCached: boolean;
  /** Key of the group that mapped or repeated steps of one template form; null outside of any. */
  group: string | null;
  /** Names of the steps that it comes after. */
  upstream: string[];
};

export type GraphArtifact = {
  key: string;
  /** Null when the snapshot announces it and no step has written it. */
  versionId: string | null;
  /** The artifact's name; of one that is not written yet the name of the output. */
  name: string;
  version: string | null;
  type: string;
  contentHash: string | null;
  /** The step that gave it; null for an input from elsewhere. */
  producer: string | null;
};

export type GraphGroup = { key: string; name: string };

/** From one key to another. */
export type GraphEdge = [source: string, target: string];

export type RunGraph = {
  runId: string;
  snapshotId: string;
  inProgress: boolean;
  startedAt: string;
  endedAt: string | null;
  steps: GraphStep[];
  artifacts: GraphArtifact[];
  groups: GraphGroup[];
  edges: GraphEdge[];
  /** True when the run has more than fits: the rest is left out. */
  isCut: boolean;
};

export const NOT_STARTED = "not_started";

/** From how many steps on a run opens as an outline, with the graph one key away. */
export const OUTLINE_FROM_STEPS = 500;

/** Whether a run of so many steps opens as an outline first. */
export const opensAsOutline = (steps: number): boolean => steps > OUTLINE_FROM_STEPS;

export const stepKey = (name: string): string => `s:${name}`;
export const outputKey = (step: string, output: string, nth = 0): string => `a:${step}:${output}${nth > 0 ? `:${nth}` : ""}`;
export const externalKey = (versionId: string): string => `x:${versionId}`;
