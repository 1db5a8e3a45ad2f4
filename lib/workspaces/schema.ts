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

/** The roles that an account which a client makes may start with (PERMISSIONS §3 rule 10). */
export const WIRE_ROLES = ["contributor", "viewer", "stack-admin", "runner"] as const;

/** One workspace for the page that manages it. */
export type ManagedWorkspace = {
  id: string;
  slug: string;
  displayName: string;
  description: string;
  state: string;
  graceDays: number;
  wireRole: string;
  /** Networks beyond public addresses that its outgoing calls may reach. */
  allowNetworks: string[];
  createdAt: string;
  changedAt: string | null;
  changedBy: string | null;
  /** What would end with it; null for those who can't delete it. */
  cascade: { projects: number; runs: number; artifacts: number; models: number; stacks: number; grants: number; serviceAccounts: number } | null;
};
