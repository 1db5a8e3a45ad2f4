import type { Subject } from "./can";

// A workload token writes what its own run makes, and nothing else (PERMISSIONS §3 rule 11). Things that carry no run are its own where
// the token's owner made them.

/** No run has this id, so that `can` finds the thing outside every run. */
export const NO_RUN = "00000000-0000-0000-0000-000000000000";

/** The `runId` of a target for a write: the thing's own, or for a token none of its own when somebody else made the thing. */
export const runForWrite = (subject: Subject, ownerId: string | null, runId: string | null = null): string | null =>
  runId ?? (subject.workload && ownerId !== subject.id ? NO_RUN : null);

/** The same for a thing that is linked to runs: the token's run when it is among them. */
export const linkedRunForWrite = (subject: Subject, isLinked: boolean): string | null =>
  subject.workload ? (isLinked ? subject.workload.runId : NO_RUN) : null;
