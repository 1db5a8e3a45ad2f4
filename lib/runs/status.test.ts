import { describe, expect, it } from "vitest";
import { computeRunStatus, isFinished, isSuccessful, STATUSES, type Status } from "./status";

type Case = [before: Status, steps: Status[], expected: number, status: Status, inProgress: boolean];

// The table of WIRE §7 for static pipelines: the server computes, the client never says.
const CASES: Case[] = [
  // nothing has begun
  ["initializing", [], 3, "initializing", true],
  ["provisioning", [], 3, "provisioning", true],
  ["running", [], 3, "running", true],
  // under way
  ["initializing", ["running"], 3, "running", true],
  ["running", ["completed"], 3, "running", true],
  ["running", ["completed", "completed"], 3, "running", true],
  ["running", ["completed", "completed", "running"], 3, "running", true],
  ["running", ["completed", "retrying"], 2, "running", true],
  ["running", ["queued"], 1, "running", true],
  // all there
  ["running", ["completed", "completed", "completed"], 3, "completed", false],
  ["initializing", ["cached", "cached"], 2, "completed", false],
  ["running", ["completed", "cached", "skipped"], 3, "completed", false],
  ["running", ["completed", "retried"], 2, "completed", false],
  // any failed step fails the run, which goes on while others work
  ["running", ["failed"], 3, "failed", false],
  ["running", ["completed", "failed", "running"], 3, "failed", true],
  ["running", ["completed", "completed", "failed"], 3, "failed", false],
  // stopping ends when the last step does
  ["stopping", ["completed", "running"], 3, "stopping", true],
  ["stopping", ["completed", "stopped"], 3, "stopped", false],
  ["stopping", ["failed"], 3, "stopped", false],
  ["stopping", [], 3, "stopped", false],
  // an end stays an end
  ["stopped", ["completed"], 3, "stopped", false],
  ["cancelled", ["running"], 3, "cancelled", true],
];

it.each(CASES)("%s with %j of %i steps is %s (in progress: %s)", (before, steps, expected, status, inProgress) => {
  expect(computeRunStatus(before, steps, expected)).toEqual({ status, inProgress });
});

it("doesn't depend on the order in which steps are reported", () => {
  const steps: Status[] = ["completed", "failed", "running", "cached"];
  const answers = steps.map((_, shift) => computeRunStatus("running", [...steps.slice(shift), ...steps.slice(0, shift)], 4));
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

describe("ends", () => {
  it("are these", () => {
    expect(STATUSES.filter(isFinished)).toEqual(["failed", "completed", "cached", "skipped", "retried", "cancelled", "stopped"]);
    expect(STATUSES.filter(isSuccessful)).toEqual(["completed", "cached", "skipped"]);
  });

  it("a run that is not in progress is at an end, whatever its steps did", () => {
    for (const before of STATUSES)
      for (const one of STATUSES)
        for (const other of STATUSES) {
          const { status, inProgress } = computeRunStatus(before, [one, other], 2);
          expect(inProgress || isFinished(status), `${before} ${one} ${other} → ${status}`).toBe(true);
        }
  });
});
