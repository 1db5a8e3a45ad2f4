// What the outline of a run knows: its steps in the order in which one reads them, in pages, with figures over all of them.
import { RUN_STATES } from "./schema";

export const STEPS_PER_PAGE = 50;
/** Longer runs fold steps of one template. */
export const FOLDS_FROM_STEPS = 60;
export const NOT_STARTED = "not_started";

/** The states of steps by the word that people narrow by. */
export const STEP_STATES = [...RUN_STATES, { value: NOT_STARTED, label: "Not started", states: [NOT_STARTED] }] as const;

export type OutlineArtifact = { name: string; artifact: string; version: string; artifactVersionId: string; type: string; contentHash: string | null };

export type OutlineStep = {
  name: string;
  /** Of the last try; `not_started` when there is none. */
  status: string;
  /** Its last try; 0 when it has not started. */
  version: number;
  startedAt: string | null;
  endedAt: string | null;
  upstream: string[];
  /** Null in long pages, where the step's panel shows them. */
  inputs: OutlineArtifact[] | null;
  outputs: OutlineArtifact[] | null;
};

/** Steps of one template, folded into a row: how many are in which state, and over which time. */
export type OutlineGroup = {
  key: string;
  name: string;
  counts: Record<string, number>;
  total: number;
  isOpen: boolean;
  startedAt: string | null;
  endedAt: string | null;
};

export type OutlineRow = ({ kind: "step"; isInGroup: boolean } & OutlineStep) | ({ kind: "group" } & OutlineGroup);

export type RunOutline = {
  rows: OutlineRow[];
  /** Rows in this view, and the first of this page, from 0. */
  total: number;
  from: number;
  /** Steps by state in the whole run. */
  counts: Record<string, number>;
  /** What the bars are drawn against. */
  startedAt: string | null;
  endedAt: string | null;
  /** True when the run has more steps than are read. */
  isCut: boolean;
};
