// What pages see of a workspace: plain data.

export type WorkspaceRow = {
  id: string;
  slug: string;
  displayName: string;
  description: string;
  state: string;
  projects: number;
  members: number;
  runs7d: number;
  failed7d: number;
  lastRunAt: string | null;
  createdAt: string;
};

/** One run as a stroke: its state and how long it took. */
export type Stroke = { status: string; durationS: number | null };

export type WorkspaceCell = {
  slug: string;
  displayName: string;
  description: string;
  state: string;
  /** The project that its figures lead to. */
  project: string;
  canReadRuns: boolean;
  /** The last 48 runs, oldest first. */
  strokes: Stroke[];
  runs: number;
  running: number;
  failed7d: number;
};
