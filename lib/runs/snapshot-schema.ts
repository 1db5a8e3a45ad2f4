// What a run was started with, as its snapshot records it, beside what was seen when it ran. Plain data; no values of variables or secrets.
import type { Parameter, RunEnvironment } from "./schema";

export type RunSnapshot = {
  id: string;
  name: string | null;
  createdAt: string;
  isDynamic: boolean;
  stepCount: number;
  clientVersion: string | null;
  serverVersion: string | null;
  /** The pipeline's own version hash, as the client computed it. */
  versionHash: string | null;
  codeDigest: string | null;
  /** Where the client put the code, when it did. */
  codePath: string | null;
  pipelineSource: string | null;
  pipeline: string | null;
  stack: { id: string; name: string } | null;
  components: { id: string; type: string; name: string; flavor: string }[];
  parameters: Parameter[];
  /** Names of secrets that the configuration asks for, with the steps that do; null stands for the pipeline. */
  secrets: { name: string; of: string | null }[];
  /** The pipeline's configuration as JSON, without the values of variables and of what looks like a secret. */
  configuration: string | null;
  /** The machine that compiled it. */
  declared: RunEnvironment;
  /** The machine on which the orchestrator ran it; null when the client recorded none. */
  observed: RunEnvironment | null;
};
