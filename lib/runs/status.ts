// A run's status as the server computes it from its steps (WIRE §7), and which states are ends.

export const STATUSES = [
  "initializing",
  "provisioning",
  "queued",
  "running",
  "failed",
  "completed",
  "cached",
  "skipped",
  "retrying",
  "retried",
  "cancelling",
  "cancelled",
  "paused",
  "resuming",
  "stopped",
  "stopping",
] as const;

export type Status = (typeof STATUSES)[number];

const FINISHED: ReadonlySet<string> = new Set(["failed", "completed", "cached", "skipped", "retried", "cancelled", "stopped"]);

/** Whether a run or step in this status can't change any more by itself. */
export const isFinished = (status: string): boolean => FINISHED.has(status);

/** The statuses that something can still be stopped in. */
export const RUNNING = STATUSES.filter((status) => !FINISHED.has(status));

/** Step statuses that count as done well. */
export const isSuccessful = (status: string): boolean => status === "completed" || status === "cached" || status === "skipped";

export type Computed = { status: Status; inProgress: boolean };

/**
 * The status of a static run from the latest try of each of its steps. `expected` is the number of steps in the snapshot.
 * Dynamic runs are never computed: their client reports them.
 */
export function computeRunStatus(current: Status, steps: readonly Status[], expected: number): Computed {
  const anyRunning = steps.some((step) => !isFinished(step));
  if (current === "stopping") return anyRunning ? { status: "stopping", inProgress: true } : { status: "stopped", inProgress: false };
  if (current === "stopped" || current === "cancelled") return { status: current, inProgress: anyRunning };
  if (steps.includes("failed")) return { status: "failed", inProgress: anyRunning };
  if (anyRunning) return { status: "running", inProgress: true };
  if (steps.length < expected)
    return { status: steps.length === 0 && (current === "initializing" || current === "provisioning") ? current : "running", inProgress: true };
  return { status: "completed", inProgress: false };
}
