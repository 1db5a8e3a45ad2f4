import "server-only";
import { CODE_REPOSITORY_ENDPOINTS } from "./code-repositories";
import type { Endpoint } from "./endpoint";
import { PIPELINE_ENDPOINTS } from "./pipelines";
import { PROJECT_ENDPOINTS } from "./projects";
import { RUN_ENDPOINTS } from "./runs";
import { SNAPSHOT_ENDPOINTS } from "./snapshots";
import { STACK_ENDPOINTS } from "./stacks";
import { STEP_ENDPOINTS } from "./steps";
import { USER_ENDPOINTS } from "./users";

/** The endpoint table: every call of a zenml client that Reeve answers. Literal paths stand before parameters. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...USER_ENDPOINTS,
  ...PROJECT_ENDPOINTS,
  ...STACK_ENDPOINTS,
  ...CODE_REPOSITORY_ENDPOINTS,
  ...PIPELINE_ENDPOINTS,
  ...SNAPSHOT_ENDPOINTS,
  ...RUN_ENDPOINTS,
  ...STEP_ENDPOINTS,
];
