// What pages see of one step of a run: plain data, ISO times, no values of environment variables.
import type { MetadataRow, RunEnvironment, RunException, StepArtifact } from "./schema";

/** `default`: equal to the default of the step's function; `set`: given by the pipeline, the snapshot or a configuration; the default stands beside it. */
export type StepParameter = { name: string; value: string; origin: "default" | "set"; default: string | null };

/** `kind` is how it came in: the output of a step, something external, loaded by the model. `producer` is the step that made it. */
export type StepPageArtifact = StepArtifact & {
  kind: string;
  dataType: string;
  producer: { runId: string; stepRunId: string | null; step: string | null } | null;
};

/** One try of the step; the last has the highest number. */
export type StepTry = { id: string; version: number; status: string; startedAt: string | null; endedAt: string | null };

/** An environment variable: its name and a keyed mark of its value, equal for equal values of that name in the workspace. */
export type StepVariable = { name: string; mark: string };

export type StepPage = {
  id: string;
  name: string;
  /** The try, from 1. */
  version: number;
  status: string;
  kind: string | null;
  startedAt: string | null;
  endedAt: string | null;
  /** When the last of the steps before it had ended: what lies between that and the start is waiting. */
  readyAt: string | null;
  docstring: string | null;
  /** `module.attribute` of the step's function. */
  source: string | null;
  sourceCode: string | null;
  codeHash: string | null;
  run: { id: string; number: number; name: string; status: string; pipeline: string | null; stack: string | null; startedAt: string | null };
  startedBy: { name: string; kind: string } | null;
  origin: string;
  onBehalfOf: string | null;
  model: { name: string; version: string } | null;
  exception: RunException | null;
  cache: { key: string | null; isEnabled: boolean | null; expiresAt: string | null; isHit: boolean; from: StepOrigin | null };
  parameters: StepParameter[];
  inputs: StepPageArtifact[];
  outputs: StepPageArtifact[];
  upstream: { id: string; name: string; status: string }[];
  tries: StepTry[];
  retries: number;
  /** The steps' own configuration as JSON, without the values of environment variables and of what looks like a secret. */
  configuration: string | null;
  resources: { name: string; value: string }[];
  variables: StepVariable[];
  environment: RunEnvironment;
  metadata: MetadataRow[];
  requestId: string;
};

/** The step whose result was taken: null for the parts that the reader may not see. */
export type StepOrigin = { stepRunId: string; runId: string; runNumber: number; runName: string };

/** A step in the list of steps. */
export type StepRow = {
  id: string;
  name: string;
  try: number;
  status: string;
  run: { id: string; number: number; name: string };
  pipeline: string | null;
  by: { name: string; kind: string } | null;
  origin: string;
  model: { name: string; version: string } | null;
  codeHash: string | null;
  cacheKey: string | null;
  docstring: string | null;
  /** Of the run. */
  tags: string[];
  startedAt: string;
  endedAt: string | null;
  durationS: number | null;
};
