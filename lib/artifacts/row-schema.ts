// What the lists of artifacts and versions, and a version's page, show: plain data, ISO times.
import type { MetadataRow } from "@/lib/runs/schema";

/** The client's kinds of artifact by the word that people use. */
export const ARTIFACT_KINDS = [
  { value: "DataArtifact", label: "Data" },
  { value: "ModelArtifact", label: "Model" },
  { value: "DataAnalysisArtifact", label: "Data analysis" },
  { value: "SchemaArtifact", label: "Schema" },
  { value: "ServiceArtifact", label: "Service" },
  { value: "StatisticsArtifact", label: "Statistics" },
  { value: "BaseArtifact", label: "Other" },
] as const;

/** How the client saved a version. */
export const SAVE_TYPES = [
  { value: "step_output", label: "Output of a step" },
  { value: "manual", label: "Saved by hand" },
  { value: "preexisting", label: "Linked data" },
  { value: "external", label: "Uploaded" },
] as const;

/** What uses an artifact or a version. */
export const USES = [
  { value: "runs", label: "Runs" },
  { value: "models", label: "Models" },
  { value: "nothing", label: "Nothing" },
] as const;

/** A count that stopped: `isExact` is false when there may be more. */
export type BoundedCount = { count: number; isExact: boolean };

/** The step that made a version; without a step when it is gone, or when a run made it outside of steps. */
export type Producer = {
  runId: string;
  /** Null when the run is gone. */
  runNumber: number | null;
  pipeline: string | null;
  stepRunId: string | null;
  step: string | null;
};

export type ArtifactTableRow = {
  id: string;
  name: string;
  versions: number;
  /** The newest version; null when the artifact has none any more. */
  latest: { id: string; version: string; type: string; dataType: string; items: number | null; sizeBytes: number | null; store: string | null } | null;
  producer: Producer | null;
  /** Runs that read one of the newest twenty versions, and the models that these are linked to; exact where there are no more versions. */
  readBy: BoundedCount;
  models: BoundedCount;
  tags: string[];
  updatedAt: string;
};

export type VersionTableRow = {
  id: string;
  artifact: string;
  version: string;
  type: string;
  dataType: string;
  saveType: string;
  producer: Producer | null;
  store: string | null;
  uri: string;
  contentHash: string | null;
  items: number | null;
  sizeBytes: number | null;
  readBy: BoundedCount;
  models: BoundedCount;
  tags: string[];
  by: { name: string; kind: string } | null;
  createdAt: string;
};

/** A version in the rail beside an open one. */
export type RailVersion = { id: string; version: string; contentHash: string | null; createdAt: string };
export type Rail = { versions: RailVersion[]; hasNewer: boolean; hasOlder: boolean };

/** A step that read or gave out a version. */
export type VersionUse = {
  stepRunId: string;
  step: string;
  status: string;
  /** The name of the step's input or output. */
  as: string;
  runId: string;
  runNumber: number;
  pipeline: string | null;
  startedAt: string;
};

export type LinkedModel = { model: string; version: string; stage: string | null; at: string };

/** What two versions are compared by, and what a version's page shows beside its data. */
export type VersionFacts = VersionTableRow & {
  materializer: string;
  updatedAt: string;
  metadata: MetadataRow[];
};

export type VersionPage = VersionFacts & {
  artifactId: string;
  /** Who made it, for what only its maker may. */
  ownerId: string;
  versionCount: number;
  isLatest: boolean;
  storeId: string | null;
  storeFlavor: string | null;
  /** The first of them, newest first; `readBy` of the row counts all. */
  readers: VersionUse[];
  /** Steps that gave it out, also those that took it from the cache. */
  writers: VersionUse[];
  linkedModels: LinkedModel[];
  visualizations: { id: string; type: string; uri: string }[];
  requestId: string;
};
