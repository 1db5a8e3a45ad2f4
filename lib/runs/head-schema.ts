// What the head of a run's page knows: facts, the chain from its start to its evidence, and its steps in figures.
import type { RunAttention } from "@/lib/waits/schema";
import type { RunException, RunRow } from "./schema";

/** Steps by the state of their latest try; `not_started` are those that the snapshot has and the run has not begun. */
export type StepFigures = { total: number; counts: Record<string, number>; failed: string[] };

/** The failure that ended the run, with the code of the step in which it arose. */
export type RunFailure = RunException & { step: string | null; source: string | null };

export type RunHead = Omit<RunRow, "stack" | "steps" | "metadata"> & {
  ownerId: string;
  /** What the client last said; `status` is what people see. */
  clientStatus: string;
  statusReason: string | null;
  inProgress: boolean;
  stack: { id: string; name: string } | null;
  /** The orchestrator of the stack as it is now. */
  orchestrator: { name: string; flavor: string } | null;
  orchestratorRunId: string | null;
  /** The schedule of its snapshot, its times in words, and the slot that the run started in. */
  schedule: { name: string; plan: string; slot: string | null } | null;
  /** What the client said of itself when it started the run. */
  claimed: Record<string, string>;
  credentialKind: string;
  credentialLabel: string | null;
  requestId: string;
  /** Of the list as it was sent; null when none was. */
  packages: { count: number; digest: string | null } | null;
  steps: StepFigures;
  /** When the run or one of its steps last changed: what is drawn of it stays the same until then. */
  changedAt: string;
  /** Of runs that may ask, and of lost ones. */
  attention: RunAttention | null;
  /** Null where it was not asked for, and for runs that did not fail. */
  failure: RunFailure | null;
  /** The entries of the trail about the run that the reader may see; null for who may read none. */
  entries: { count: number; first: number; last: number } | null;
};
