// What pages see of a pipeline: plain data. Figures are of its latest runs, as far as the reader may see them; the reads are bounded.

/** How many of the latest runs of a pipeline its figures are made of. */
export const FIGURES_OF = 100;
export const STROKES_OF = 20;
/** Snapshots are counted up to this. */
export const SNAPSHOTS_COUNTED = 100;
/** Changes of code are looked for in so many of the latest runs. */
export const CHANGES_OF = 2_000;

export type PipelineFigures = {
  lastRun: { id: string; number: number; status: string; at: string } | null;
  /** Oldest first. */
  strokes: { status: string; durationS: number | null }[];
  /** Runs of the last 30 days that ended, and how many of them succeeded. */
  ended: number;
  succeeded: number;
  /** The median of those that succeeded. */
  medianS: number | null;
  /** Names of the models that these runs worked on. */
  models: string[];
  snapshots: number;
};

type Who = { name: string; kind: string } | null;

/** A schedule of a pipeline, its plan in words. */
export type PipelineSchedule = { name: string; plan: string; isActive: boolean };

export type PipelineTableRow = PipelineFigures & {
  id: string;
  name: string;
  tags: string[];
  /** The first few that the reader may see. */
  schedules: PipelineSchedule[];
  by: Who;
  createdAt: string;
};

export type PipelinePage = Omit<PipelineTableRow, "schedules"> & {
  description: string | null;
  ownerId: string | null;
  /** Up to 10,001: what goes with the pipeline when it is deleted. */
  runs: number;
};

export type SnapshotTableRow = {
  id: string;
  name: string | null;
  codeDigest: string | null;
  packagesDigest: string | null;
  steps: number;
  isDynamic: boolean;
  clientVersion: string | null;
  stack: { id: string; name: string } | null;
  by: Who;
  createdAt: string;
  lastRun: { id: string; number: number; status: string; at: string } | null;
};

/** A stretch of runs with the same code. */
export type CodeChange = {
  codeDigest: string | null;
  firstRun: { id: string; number: number; name: string; at: string };
  lastAt: string;
  runs: number;
  failed: number;
  by: Who;
  origin: string;
};
