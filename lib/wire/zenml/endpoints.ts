import "server-only";
import { API_TOKEN_ENDPOINTS } from "./api-token";
import { ARTIFACT_ENDPOINTS } from "./artifacts";
import { CODE_REPOSITORY_ENDPOINTS } from "./code-repositories";
import { COMPONENT_ENDPOINTS } from "./components";
import { CONNECTOR_ENDPOINTS } from "./connectors";
import { DEVICE_ENDPOINTS } from "./devices";
import type { Endpoint } from "./endpoint";
import { FLAVOR_ENDPOINTS } from "./flavors";
import { LOG_ENDPOINTS } from "./logs";
import { MODEL_ENDPOINTS } from "./models";
import { PIPELINE_ENDPOINTS } from "./pipelines";
import { PROJECT_ENDPOINTS } from "./projects";
import { RUN_METADATA_ENDPOINTS } from "./run-metadata";
import { RUN_ENDPOINTS } from "./runs";
import { SCHEDULE_ENDPOINTS } from "./schedules";
import { SECRET_ENDPOINTS } from "./secrets";
import { SERVICE_ACCOUNT_ENDPOINTS } from "./service-accounts";
import { SNAPSHOT_ENDPOINTS } from "./snapshots";
import { STACK_ENDPOINTS } from "./stacks";
import { STEP_ENDPOINTS } from "./steps";
import { TAG_ENDPOINTS } from "./tags";
import { USER_ENDPOINTS } from "./users";
import { WAIT_CONDITION_ENDPOINTS } from "./wait-conditions";

/** The endpoint table: every call of a zenml client that Reeve answers. Literal paths stand before parameters. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...API_TOKEN_ENDPOINTS,
  ...DEVICE_ENDPOINTS,
  ...USER_ENDPOINTS,
  ...PROJECT_ENDPOINTS,
  ...SERVICE_ACCOUNT_ENDPOINTS,
  ...STACK_ENDPOINTS,
  ...COMPONENT_ENDPOINTS,
  ...FLAVOR_ENDPOINTS,
  ...CODE_REPOSITORY_ENDPOINTS,
  ...PIPELINE_ENDPOINTS,
  ...SNAPSHOT_ENDPOINTS,
  ...SCHEDULE_ENDPOINTS,
  ...RUN_ENDPOINTS,
  ...STEP_ENDPOINTS,
  ...WAIT_CONDITION_ENDPOINTS,
  ...ARTIFACT_ENDPOINTS,
  ...MODEL_ENDPOINTS,
  ...SECRET_ENDPOINTS,
  ...CONNECTOR_ENDPOINTS,
  ...TAG_ENDPOINTS,
  ...RUN_METADATA_ENDPOINTS,
  ...LOG_ENDPOINTS,
];
