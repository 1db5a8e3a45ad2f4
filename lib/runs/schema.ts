// What pages see of a run: plain data, ISO times, no secrets. The states are zenml's, and two of ours (waiting, lost: see shown-status);
// words and groups are ours.

/** The states by the word that people filter with. */
export const RUN_STATES = [
  { value: "running", label: "Running", states: ["running", "resuming"] },
  { value: "queued", label: "Queued", states: ["initializing", "provisioning", "queued"] },
  { value: "retrying", label: "Retrying", states: ["retrying"] },
  { value: "stopping", label: "Stopping", states: ["stopping", "cancelling"] },
  { value: "waiting", label: "Waiting for input", states: ["waiting"] },
  { value: "paused", label: "Paused", states: ["paused"] },
  { value: "lost", label: "Lost", states: ["lost"] },
  { value: "succeeded", label: "Succeeded", states: ["completed"] },
  { value: "cached", label: "Cached", states: ["cached"] },
  { value: "skipped", label: "Skipped", states: ["skipped"] },
  { value: "failed", label: "Failed", states: ["failed"] },
  { value: "stopped", label: "Stopped", states: ["stopped", "cancelled"] },
  { value: "retried", label: "Retried", states: ["retried"] },
] as const;

export type RunRow = {
  id: string;
  number: number;
  name: string;
  status: string;
  pipeline: string | null;
  stack: string | null;
  startedBy: { name: string; kind: string } | null;
  onBehalfOf: string | null;
  origin: string;
  model: { name: string; version: string } | null;
  /** Digest of the code as the client recorded it, lower-case hex; null when it recorded none. */
  codeDigest: string | null;
  tags: string[];
  startedAt: string | null;
  endedAt: string | null;
  durationS: number | null;
  createdAt: string;
  /** How many of the steps, planned ones too, have ended; null where it was not asked for. */
  steps: { ended: number; total: number } | null;
  /** The latest values of the keys of metadata that were asked for, as people read them. */
  metadata: Record<string, string>;
};

export type RunException = { message: string | null; type: string | null; traceback: string; userCodeLine: number | null };

export type Parameter = { name: string; value: string };

export type StepArtifact = { name: string; artifact: string; version: string; artifactVersionId: string; type: string; contentHash: string | null };

export type MetadataRow = { about: string; key: string; value: string; type: string; at: string };

export type RunEnvironment = {
  pythonVersion: string | null;
  clientVersion: string | null;
  operatingSystem: string | null;
  kind: string | null;
  packages: { name: string; version: string }[] | null;
};
