// Kinds of stack components, and what pages see of components: plain data, no secret values.
import type { ConfigField } from "@/lib/flavors/config-schema";

/** The kinds in the order of a stack's parts list. `repeats`: a stack may hold several. */
export const COMPONENT_KINDS = [
  { type: "orchestrator", title: "Orchestrator", does: "Runs the steps of a pipeline." },
  { type: "artifact_store", title: "Artifact store", does: "Keeps what steps produce." },
  { type: "container_registry", title: "Container registry", does: "Keeps the images that steps run in." },
  { type: "image_builder", title: "Image builder", does: "Builds these images." },
  { type: "step_operator", title: "Step operator", does: "Runs single steps elsewhere.", repeats: true },
  { type: "experiment_tracker", title: "Experiment tracker", does: "Records parameters and metrics.", repeats: true },
  { type: "model_registry", title: "Model registry", does: "Keeps models and their versions." },
  { type: "model_deployer", title: "Model deployer", does: "Serves models." },
  { type: "deployer", title: "Deployer", does: "Serves pipelines over HTTP." },
  { type: "data_validator", title: "Data validator", does: "Checks data against expectations." },
  { type: "feature_store", title: "Feature store", does: "Serves features." },
  { type: "annotator", title: "Annotator", does: "Collects labels." },
  { type: "alerter", title: "Alerter", does: "Sends messages.", repeats: true },
  { type: "log_store", title: "Log store", does: "Keeps the logs of runs." },
  { type: "sandbox", title: "Sandbox", does: "Runs code apart from the rest.", repeats: true },
] as const satisfies readonly { type: string; title: string; does: string; repeats?: true }[];

export type ComponentType = (typeof COMPONENT_KINDS)[number]["type"];
export const COMPONENT_TYPES = COMPONENT_KINDS.map((kind) => kind.type) as [ComponentType, ...ComponentType[]];

/** The kind in words. */
export const kindTitle = (type: string): string => COMPONENT_KINDS.find((kind) => kind.type === type)?.title ?? type.replaceAll("_", " ");

/** The client's command for a kind: `artifact-store`. */
export const kindCommand = (type: string): string => type.replaceAll("_", "-");

/** Whether a stack may hold several of a kind. */
export const mayRepeat = (type: string): boolean => COMPONENT_KINDS.some((kind) => kind.type === type && "repeats" in kind);

export type Owner = { name: string; kind: string } | null;

export type ComponentRow = {
  id: string;
  name: string;
  type: string;
  flavor: string;
  flavorTitle: string;
  integration: string | null;
  isCustom: boolean;
  /** What being local means for others; null when it is not. */
  local: string | null;
  stacks: number;
  owner: Owner;
  createdAt: string;
  updatedAt: string;
};

/** One configured value. A secret's value is never here: only that it is set, or which secret it refers to. */
export type ConfigValue =
  | { name: string; label: string; kind: "reference"; secret: string; key: string }
  | { name: string; label: string; kind: "secret" }
  | { name: string; label: string; kind: "text" | "json"; text: string };

export type ComponentPage = ComponentRow & {
  /** Through which it gets its credentials. */
  connector: { id: string; name: string; resourceId: string | null } | null;
  ownerId: string | null;
  isDefault: boolean;
  flavorId: string;
  labels: [string, string][];
  /** The names of the environment variables. */
  variables: string[];
  /** With their values; null for who may not change them. */
  environment: [string, string][] | null;
  configuration: ConfigValue[];
  /** Fields that the flavor has and this component leaves at their default. */
  unset: ConfigField[];
  usedBy: { id: string; name: string }[];
  runs: StackRun[];
};

export type StackRun = { id: string; number: number; name: string; status: string; project: string; stack: string; startedAt: string | null };

/** What the edit form starts from. Secret values stay on the server: `kept` names the fields that have one. */
export type ComponentDraft = {
  id: string;
  name: string;
  type: string;
  flavor: string;
  fields: ConfigField[];
  /** JSON text by field. */
  values: Record<string, string>;
  kept: string[];
  labels: [string, string][];
  connection: { id: string; name: string; resourceId: string | null } | null;
  /** What of connectors its flavor takes; null for none. */
  needs: ConnectorNeeds | null;
  basedOn: string;
};

/** The resource type that a flavor is connected to, of one connector type or any, and the field that names the resource. */
export type ConnectorNeeds = { connectorType: string | null; resourceType: string; field: string | null };
/** A connector that fits and that the reader may use. */
export type ConnectorChoice = { id: string; name: string; type: string; method: string; resourceId: string | null };
