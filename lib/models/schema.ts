// What pages see of models and their versions: plain data, ISO times.

export const STAGES = [
  { value: "staging", label: "Staging" },
  { value: "production", label: "Production" },
  { value: "archived", label: "Archived" },
] as const;

/** The documentation of a model, in the order of its page. */
export const DOCUMENTATION = [
  { key: "description", label: "Description", help: "What the model does and what it was made for." },
  { key: "use_cases", label: "Use cases", help: "What it may be used for." },
  { key: "audience", label: "Audience", help: "Who uses it, and what they should know." },
  { key: "limitations", label: "Limitations", help: "Where it should not be used." },
  { key: "trade_offs", label: "Trade-offs", help: "What was weighed against what." },
  { key: "ethics", label: "Ethics", help: "Whom it may affect, and how that was looked at." },
  { key: "license", label: "License", help: "Under which terms it may be used." },
] as const;
export type DocumentationKey = (typeof DOCUMENTATION)[number]["key"];

type Who = { name: string; kind: string } | null;
/** The latest value of a number that was logged on a version. */
export type Metric = { key: string; value: number };
export type ProducerRun = { id: string; number: number; name: string; pipeline: string | null };

export type ModelTableRow = {
  id: string;
  name: string;
  description: string | null;
  versions: number;
  latest: { name: string; at: string } | null;
  production: string | null;
  staging: string | null;
  tags: string[];
  by: Who;
  createdAt: string;
};

export type ModelVersionTableRow = {
  id: string;
  model: string;
  version: string;
  number: number;
  stage: string | null;
  /** The first run that worked on it. */
  run: ProducerRun | null;
  /** It comes from a run, which the reader may not see. */
  isRunHidden: boolean;
  /** The first few, by key. */
  metrics: Metric[];
  tags: string[];
  by: Who;
  createdAt: string;
};

/** A stretch of time that a version held a stage. `entry` is null for who reads no entries, and for what has none. */
export type StageInterval = {
  version: string;
  stage: string;
  from: string;
  to: string | null;
  entry: { seq: number; actor: string } | null;
};

export type ModelPage = {
  id: string;
  name: string;
  documentation: Record<DocumentationKey, string | null>;
  ownerId: string | null;
  by: Who;
  createdAt: string;
  updatedAt: string;
  tags: string[];
  versions: number;
  latest: { name: string; at: string } | null;
  production: string | null;
  staging: string | null;
  stages: StageInterval[];
};

export type VersionArtifact = { id: string; artifact: string; version: string; type: string; contentHash: string | null; createdAt: string };

export type VersionRun = {
  id: string;
  number: number;
  name: string;
  status: string;
  pipeline: string | null;
  startedAt: string | null;
  by: Who;
  origin: string;
};

/** A number over the versions of the model, oldest first; the page's own version is in it. */
export type MetricHistory = {
  key: string;
  value: number;
  before: { version: string; value: number } | null;
  history: { version: string; value: number | null }[];
};

export type ModelVersionPage = {
  id: string;
  model: Omit<ModelPage, "stages">;
  version: string;
  number: number;
  stage: string | null;
  description: string | null;
  ownerId: string | null;
  by: Who;
  createdAt: string;
  updatedAt: string;
  tags: string[];
  /** It comes from a run, which the reader may not see. */
  isProducerHidden: boolean;
  producer:
    | (ProducerRun & {
        status: string;
        startedAt: string | null;
        endedAt: string | null;
        durationS: number | null;
        startedBy: Who;
        onBehalfOf: string | null;
        origin: string;
        codeDigest: string | null;
      })
    | null;
  /** What the producing run read and did not make itself. */
  data: VersionArtifact[];
  artifacts: VersionArtifact[];
  runs: VersionRun[];
  metrics: MetricHistory[];
  /** Everything logged that is no number. */
  texts: { key: string; value: string; type: string; at: string }[];
  stages: StageInterval[];
  /** Neighbours by number, for going from one to the next. */
  previous: string | null;
  next: string | null;
};
