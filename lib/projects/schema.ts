// What pages see of a project: plain data.

export type ProjectRow = {
  id: string;
  name: string;
  displayName: string;
  description: string;
  runs: number;
  models: number;
  artifacts: number;
  pipelines: number;
  /** People and accounts with a grant on this project alone. */
  grants: number;
  lastRunAt: string | null;
  createdBy: string | null;
  createdAt: string;
};
