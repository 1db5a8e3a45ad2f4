// Generated from the migrated database by `npm run generate`. Don't edit it: write a migration.
import type { ColumnType, Generated } from "kysely";

export type Json = JsonValue;
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue | undefined };
/** Read as text: ISO 8601 in UTC with microseconds and Z. */
export type Timestamp = ColumnType<string, string | Date | undefined, string | Date>;
/** A timestamp without default and not null: an insert has to say it. */
export type RequiredTimestamp = ColumnType<string, string | Date, string | Date>;
/** Computed by the database: it can be read only. */
export type Computed<T> = ColumnType<T, never, never>;

export interface AccessRequest {
  id: string;
  organization_id: string;
  principal_id: string;
  role: string;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  permission: string | null;
  thing: string | null;
  reason: string;
  grant_until: Timestamp | null;
  state: Generated<string>;
  decided_by: string | null;
  decided_at: Timestamp | null;
  comment: string | null;
  grant_id: string | null;
  expires_at: RequiredTimestamp;
  created_at: Timestamp;
}

export interface AccessReview {
  id: string;
  organization_id: string;
  workspace_ref: string | null;
  role: string | null;
  name: string;
  note: Generated<string>;
  due_at: RequiredTimestamp;
  state: Generated<string>;
  created_by: string;
  created_at: Timestamp;
  closed_by: string | null;
  closed_at: Timestamp | null;
  comment: string | null;
  digest: string | null;
}

export interface AccessReviewItem {
  id: string;
  review_id: string;
  grant_id: string;
  subject_kind: string;
  subject_id: string;
  who: string;
  members: Generated<Json>;
  role: string;
  scope_kind: string;
  workspace_ref: string | null;
  workspace: string | null;
  project_ref: string | null;
  project: string | null;
  source: string;
  through: string | null;
  granted_by: string | null;
  since: RequiredTimestamp;
  until: Timestamp | null;
  last_used_at: Timestamp | null;
  risks: Generated<string[]>;
  decision: string | null;
  reason: string | null;
  decided_by: string | null;
  decided_by_name: string | null;
  decided_at: Timestamp | null;
  thing_type: string | null;
  thing_id: string | null;
  thing_name: string | null;
  delegated_to: string | null;
  delegated_to_name: string | null;
  delegated_by_name: string | null;
}

export interface ApiKey {
  id: string;
  organization_id: string;
  principal_id: string;
  name: string;
  description: Generated<string>;
  secret_hmac: Buffer;
  previous_hmac: Buffer | null;
  previous_until: Timestamp | null;
  retain_period_minutes: Generated<number>;
  generation: Generated<number>;
  active: Generated<boolean>;
  expires_at: Timestamp | null;
  last_login_at: Timestamp | null;
  last_rotated_at: Timestamp | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  issued_to: string | null;
  scopes: string[] | null;
  last_used_at: Timestamp | null;
  last_used_address: string | null;
  previous_used_at: Timestamp | null;
  previous_used_address: string | null;
  previous_used_agent: string | null;
}

export interface Artifact {
  id: string;
  workspace_id: string;
  project_id: string;
  name: string;
  has_custom_name: Generated<boolean>;
  version_number: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  version_count: Generated<number>;
  latest_version_id: string | null;
  latest_version_at: Timestamp;
}

export interface ArtifactVersion {
  id: string;
  workspace_id: string;
  project_id: string;
  artifact_id: string;
  version: string;
  version_number: number | null;
  uri: string;
  type: string;
  materializer: Json;
  data_type: Json;
  save_type: string;
  content_hash: string | null;
  item_count: number | null;
  artifact_store_id: string | null;
  producer_step_run_id: string | null;
  producer_run_id: string | null;
  request_id: string;
  created_by: string;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface ArtifactVisualization {
  id: string;
  workspace_id: string;
  artifact_version_id: string;
  type: string;
  uri: string;
  created_at: Timestamp;
}

export interface AuditEntry {
  organization_id: string;
  seq: number;
  workspace_id: string | null;
  project_ref: string | null;
  at: RequiredTimestamp;
  actor_id: string | null;
  actor_kind: string;
  actor_name: string;
  on_behalf_of: string | null;
  on_behalf_of_name: string | null;
  credential_kind: string;
  credential_id: string | null;
  credential_label: string | null;
  origin: string;
  claimed: Json | null;
  request_id: string;
  client_request_id: string | null;
  address: string | null;
  action: string;
  target_type: string;
  target_id: string | null;
  target_name: string | null;
  outcome: string;
  reason: string | null;
  count: Generated<number>;
  before: Json | null;
  after: Json | null;
}

export interface AuditHead {
  organization_id: string;
  last_seq: Generated<number>;
}

export interface BulkItem {
  id: Generated<string>;
  workspace_id: string;
  job_id: string;
  position: number;
  thing_id: string;
  name: string;
  outcome: Generated<string>;
  reason: string | null;
  done_at: Timestamp | null;
}

export interface BulkJob {
  id: string;
  workspace_id: string;
  project_id: string;
  list: string;
  act: string;
  settings: Generated<Json>;
  filters: Json | null;
  state: Generated<string>;
  reason: string | null;
  total: number;
  done: Generated<number>;
  unchanged: Generated<number>;
  refused: Generated<number>;
  failed: Generated<number>;
  credential_kind: string;
  credential_id: string;
  credential_label: string;
  limits: Json | null;
  epoch: number;
  origin: string;
  address: string | null;
  request_id: string;
  created_by: string;
  created_at: Timestamp;
  started_at: Timestamp | null;
  ended_at: Timestamp | null;
  updated_at: Timestamp;
  form_id: string | null;
}

export interface CanaryRound {
  id: string;
  organization_id: string;
  asked_by: string | null;
  at: Timestamp;
  ended_at: Timestamp | null;
  failure: string | null;
}

export interface CanaryTrial {
  id: string;
  round_id: string;
  organization_id: string;
  at: Timestamp;
  cause: string;
  surface: string;
  canary: string;
  seconds: number | null;
  failure: string | null;
}

export interface Component {
  id: string;
  workspace_id: string;
  name: string;
  type: string;
  flavor_id: string;
  configuration: Generated<Json>;
  environment: Generated<Json>;
  labels: Json | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  connector_id: string | null;
  connector_resource_id: string | null;
}

export interface ComponentConnection {
  component_id: string;
  connector_id: string;
  workspace_id: string;
  valid_from: RequiredTimestamp;
  valid_to: Timestamp | null;
}

export interface Connector {
  id: string;
  workspace_id: string;
  name: string;
  type: string;
  method: string;
  description: Generated<string>;
  resource_types: string[];
  resource_id: string | null;
  configuration: Generated<Json>;
  secret_id: string | null;
  secret_keys: Generated<string[]>;
  expires_at: Timestamp | null;
  expires_skew_seconds: number | null;
  expiration_seconds: number | null;
  labels: Generated<Json>;
  verified_at: Timestamp | null;
  last_error: string | null;
  last_error_at: Timestamp | null;
  last_issued_at: Timestamp | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  next_version: number | null;
  next_error: string | null;
  next_since: Timestamp | null;
  next_by: string | null;
  expiry_told_at: Timestamp | null;
  next_expires_at: Timestamp | null;
}

export interface ConnectorIssue {
  id: string;
  workspace_id: string;
  connector_id: string;
  connector_name: string;
  secret_version: number | null;
  principal_id: string;
  credential_kind: string;
  credential_id: string | null;
  run_id: string | null;
  purpose: string;
  outcome: string;
  reason: string | null;
  resource_type: string | null;
  resource_id: string | null;
  method: string | null;
  reach: string | null;
  acts_as: string | null;
  is_capped: Generated<boolean>;
  issued_at: Timestamp;
  expires_at: Timestamp | null;
  peer_request_id: string | null;
  request_id: string;
  renews: string | null;
  peer_limit_seconds: number | null;
  ending: Json | null;
  ending_secret_id: string | null;
  revoked_at: Timestamp | null;
  revoked_by: string | null;
  revoked_request_id: string | null;
  revoking_at: Timestamp | null;
  revoking_by: string | null;
  revoking_request_id: string | null;
}

export interface CustomRole {
  organization_id: string;
  name: string;
  base: string;
  created_by: string | null;
  created_at: Timestamp;
  ended_at: Timestamp | null;
}

export interface CustomRoleRevision {
  organization_id: string;
  role: string;
  number: number;
  summary: string;
  rights: Json;
  valid_from: Timestamp;
  valid_to: Timestamp | null;
  created_by: string | null;
  request_id: string;
}

export interface DefaultProject {
  principal_id: string;
  workspace_ref: string;
  project_ref: string;
}

export interface Device {
  id: string;
  organization_id: string;
  workspace_ref: string;
  client_id: string;
  principal_id: string | null;
  status: string;
  user_code_hmac: Buffer | null;
  device_code_hmac: Buffer | null;
  codes_expire_at: Timestamp | null;
  failed_attempts: Generated<number>;
  interval_s: Generated<number>;
  last_poll_at: Timestamp | null;
  refused_at: Timestamp | null;
  is_trusted: Generated<boolean>;
  generation: Generated<number>;
  expires_at: Timestamp | null;
  address: string | null;
  host_name: string | null;
  os: string | null;
  python_version: string | null;
  client_version: string | null;
  approved_at: Timestamp | null;
  approved_address: string | null;
  last_used_at: Timestamp | null;
  last_used_address: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  locked_by: string | null;
}

export interface Directory {
  id: string;
  organization_id: string;
  slug: string;
  name: string;
  provider: string;
  active: Generated<boolean>;
  silent_after_hours: Generated<number>;
  last_event_at: Timestamp | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  hold_percent: Generated<number>;
  silent_alarmed_at: Timestamp | null;
}

export interface DirectoryGroup {
  id: string;
  directory_id: string;
  display_name: string;
  external_id: string | null;
  version: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
}

export interface DirectoryHold {
  id: string;
  directory_id: string;
  at: Timestamp;
  people: number;
  ended_before: number;
  most: number;
  decision: string | null;
  decided_at: Timestamp | null;
  decided_by: string | null;
}

export interface DirectoryMember {
  group_id: string;
  user_id: string;
  created_at: Timestamp;
}

export interface DirectoryRemoval {
  id: string;
  directory_id: string;
  at: Timestamp;
  user_id: string;
  group_id: string | null;
  kind: string;
  hold_id: string | null;
  withdrawn_at: Timestamp | null;
}

export interface DirectoryRequest {
  id: string;
  directory_id: string;
  at: Timestamp;
  method: string;
  subject: string;
  status: number;
  duration_ms: number;
  detail: string | null;
  body: Json | null;
  address: string | null;
  request_id: string;
}

export interface DirectoryToken {
  id: string;
  directory_id: string;
  secret_sha256: Buffer;
  ending: string;
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  last_used_address: string | null;
  created_by: string | null;
  created_at: Timestamp;
}

export interface DirectoryUser {
  id: string;
  directory_id: string;
  principal_id: string;
  user_name: string;
  external_id: string | null;
  active: boolean;
  attributes: Generated<Json>;
  version: Generated<number>;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
}

export interface Document {
  workspace_id: string;
  sha256: Buffer;
  body: string;
}

export interface EntityCount {
  workspace_id: string;
  project_id: string;
  kind: string;
  slot: number;
  total: Generated<number>;
}

export interface FileTicket {
  token_sha256: Buffer;
  workspace_id: string;
  project_id: string;
  purpose: string;
  artifact_version_id: string;
  visualization_id: string | null;
  principal_id: string;
  credential_kind: string;
  credential_id: string;
  credential_generation: number | null;
  request_id: string;
  created_at: Timestamp;
  expires_at: RequiredTimestamp;
  used_at: Timestamp | null;
}

export interface Flavor {
  id: string;
  workspace_id: string | null;
  name: string;
  type: string;
  display_name: string;
  integration: string | null;
  source: string;
  config_schema: Json;
  connector_type: string | null;
  connector_resource_type: string | null;
  connector_resource_id_attr: string | null;
  logo_url: string | null;
  docs_url: string | null;
  sdk_docs_url: string | null;
  is_custom: Generated<boolean>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface GroupRule {
  id: string;
  organization_id: string;
  group_id: string;
  role: string | null;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  created_by: string | null;
  created_at: Timestamp;
  ended_at: Timestamp | null;
  team_id: string | null;
}

export interface Idempotency {
  credential_id: string;
  key: string;
  method: string;
  path: string;
  body_sha256: Buffer;
  status: number | null;
  sealed_answer: Buffer | null;
  created_at: Timestamp;
  expires_at: RequiredTimestamp;
}

export interface Installation {
  singleton: Generated<boolean>;
  server_id: string;
  created_at: Timestamp;
}

export interface Invitation {
  id: string;
  organization_id: string;
  token_sha256: Buffer;
  email: string;
  full_name: Generated<string>;
  role: string;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  grant_until: Timestamp | null;
  note: Generated<string>;
  created_by: string;
  created_at: Timestamp;
  expires_at: RequiredTimestamp;
  mailed_at: Timestamp | null;
  accepted_at: Timestamp | null;
  accepted_by: string | null;
  revoked_at: Timestamp | null;
}

export interface KeptKey {
  purpose: string;
  sealed: Buffer;
  created_at: Timestamp;
}

export interface LocalPassword {
  principal_id: string;
  hash: string;
  changed_at: Timestamp;
}

export interface LogRecord {
  id: string;
  workspace_id: string;
  project_id: string;
  source: string;
  uri: string | null;
  artifact_store_id: string | null;
  log_store_id: string | null;
  run_id: string | null;
  step_run_id: string | null;
  request_id: string | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface MasterKey {
  id: string;
  state: string;
  began_at: Timestamp;
  began_by: string | null;
  began_by_name: string | null;
  request_id: string | null;
  total: number | null;
  moved: Generated<number>;
  failed: Generated<number>;
  moved_at: Timestamp | null;
  retired_at: Timestamp | null;
  wrapped: string | null;
}

export interface MetadataEntry {
  id: string;
  workspace_id: string;
  project_id: string;
  resource_type: string;
  resource_id: string;
  key: string;
  value: string;
  value_number: number | null;
  type: string;
  publisher_step_id: string | null;
  request_id: string | null;
  created_by: string | null;
  created_at: Timestamp;
  is_latest: Generated<boolean>;
}

export interface Model {
  id: string;
  workspace_id: string;
  project_id: string;
  name: string;
  license: string | null;
  description: string | null;
  audience: string | null;
  use_cases: string | null;
  limitations: string | null;
  trade_offs: string | null;
  ethics: string | null;
  save_models_to_registry: Generated<boolean>;
  version_number: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  version_count: Generated<number>;
}

export interface ModelStageInterval {
  workspace_id: string;
  model_version_id: string;
  stage: string;
  valid_from: RequiredTimestamp;
  valid_to: Timestamp | null;
  opened_request_id: string;
  closed_request_id: string | null;
}

export interface ModelVersion {
  id: string;
  workspace_id: string;
  project_id: string;
  model_id: string;
  number: number;
  name: string;
  description: string | null;
  stage: string | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface ModelVersionArtifact {
  id: string;
  workspace_id: string;
  model_version_id: string;
  artifact_version_id: string;
  created_by: string | null;
  request_id: string | null;
  created_at: Timestamp;
}

export interface ModelVersionRun {
  id: string;
  workspace_id: string;
  model_version_id: string;
  run_id: string;
  created_at: Timestamp;
}

export interface OneUseLink {
  token_sha256: Buffer;
  principal_id: string;
  purpose: string;
  created_by: string | null;
  created_at: Timestamp;
  expires_at: RequiredTimestamp;
  used_at: Timestamp | null;
}

export interface Organization {
  id: string;
  name: string;
  time_zone: Generated<string>;
  allow_networks: Generated<string[]>;
  created_at: Timestamp;
  updated_at: Timestamp;
  session_hours: Generated<number>;
  token_days: Generated<number>;
  canaries_on: Generated<boolean>;
  canaries_next_at: Timestamp;
}

export interface OrganizationSecret {
  id: string;
  organization_id: string;
  name: string;
  kind: Generated<string>;
  description: Generated<string>;
  everywhere: Generated<boolean>;
  version: Generated<number>;
  key_names: string[];
  expires_at: Timestamp | null;
  rotated_at: Timestamp;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
  deleted_by: string | null;
  expiry_told_at: Timestamp | null;
}

export interface OrganizationSecretVersion {
  secret_id: string;
  version: number;
  key_names: string[];
  master_key_id: string | null;
  wrapped_key: Buffer | null;
  sealed: Buffer | null;
  commitment: Buffer;
  restored_from: number | null;
  created_by: string | null;
  created_at: Timestamp;
  request_id: string;
  destroyed_at: Timestamp | null;
}

export interface Outbox {
  id: Computed<number>;
  workspace_id: string | null;
  topic: string;
  payload: Json;
  created_at: Timestamp;
  available_at: Timestamp;
  attempts: Generated<number>;
  leased_until: Timestamp | null;
  lease_token: string | null;
  last_error: string | null;
}

export interface PersonalToken {
  id: string;
  organization_id: string;
  principal_id: string;
  name: string;
  secret_hmac: Buffer;
  scopes: string[] | null;
  workspace_ref: string | null;
  project_ref: string | null;
  generation: Generated<number>;
  expires_at: RequiredTimestamp;
  revoked_at: Timestamp | null;
  last_used_at: Timestamp | null;
  last_used_address: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface Pipeline {
  id: string;
  workspace_id: string;
  project_id: string;
  name: string;
  description: string | null;
  run_index: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  run_count: Generated<number>;
}

export interface Principal {
  id: string;
  organization_id: string;
  kind: string;
  home_workspace_id: string | null;
  name: string;
  email: string | null;
  full_name: Generated<string>;
  description: Generated<string>;
  active: Generated<boolean>;
  ended_by: string | null;
  ended_at: Timestamp | null;
  epoch: Generated<number>;
  preferences: Generated<Json>;
  last_seen_at: Timestamp | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
}

export interface Project {
  id: string;
  workspace_id: string;
  name: string;
  display_name: string;
  description: Generated<string>;
  run_number: Generated<number>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface RevealRequest {
  id: string;
  workspace_id: string;
  secret_id: string;
  principal_id: string;
  reason: string;
  state: Generated<string>;
  expires_at: RequiredTimestamp;
  decided_by: string | null;
  decided_at: Timestamp | null;
  comment: string | null;
  used_at: Timestamp | null;
  created_at: Timestamp;
}

export interface RoleGrant {
  id: string;
  organization_id: string;
  principal_id: string;
  role: string;
  effect: Generated<string>;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  source: string;
  valid_from: Timestamp;
  valid_to: Timestamp | null;
  ended_by: string | null;
  opened_request_id: string | null;
  closed_request_id: string | null;
  created_by: string | null;
  reason: string | null;
  group_rule_id: string | null;
  team_grant_id: string | null;
  thing_type: string | null;
  thing_id: string | null;
  thing_name: string | null;
}

export interface Run {
  id: string;
  workspace_id: string;
  project_id: string;
  pipeline_id: string | null;
  snapshot_id: string;
  stack_id: string | null;
  model_version_id: string | null;
  name: string;
  number: number;
  index: number;
  status: string;
  status_reason: string | null;
  in_progress: boolean;
  is_dynamic: Generated<boolean>;
  orchestrator_run_id: string | null;
  orchestrator_environment_sha256: Buffer | null;
  python_packages_sha256: Buffer | null;
  trigger_info: Json | null;
  exception_info: Json | null;
  enable_heartbeat: Generated<boolean>;
  start_time: Timestamp;
  end_time: Timestamp | null;
  duration_s: Computed<number | null>;
  code_digest: string | null;
  origin: string;
  credential_kind: string;
  credential_id: string | null;
  claimed: Json | null;
  request_id: string;
  created_by: string;
  on_behalf_of: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  lost_at: Timestamp | null;
}

export interface RunPastStack {
  run_id: string;
  workspace_id: string;
  stack_id: string;
}

export interface SavedView {
  id: string;
  organization_id: string;
  workspace_ref: string | null;
  project_ref: string | null;
  list: string;
  name: string;
  query: string;
  is_shared: Generated<boolean>;
  created_by: string;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface Schedule {
  id: string;
  workspace_id: string;
  project_id: string;
  pipeline_id: string | null;
  orchestrator_id: string | null;
  name: string;
  active: Generated<boolean>;
  cron_expression: string | null;
  start_time: Timestamp | null;
  end_time: Timestamp | null;
  interval_s: number | null;
  catchup: Generated<boolean>;
  run_once_start_time: Timestamp | null;
  is_archived: Generated<boolean>;
  request_id: string;
  created_by: string;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface Secret {
  id: string;
  workspace_id: string;
  name: string;
  kind: Generated<string>;
  description: Generated<string>;
  private_to: string | null;
  version: Generated<number>;
  key_names: string[];
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  rotated_at: Timestamp;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
  deleted_by: string | null;
  tested_at: Timestamp | null;
  tested_version: number | null;
  test_outcome: string | null;
  test_words: string | null;
  project_id: string | null;
  expiry_told_at: Timestamp | null;
  organization_secret_id: string | null;
}

export interface SecretBinding {
  id: string;
  workspace_id: string;
  secret_id: string;
  kind: string;
  target_id: string;
  target_name: string;
  step: string | null;
  path: string;
  fields: Generated<string[]>;
  opened_by: string | null;
  opened_request_id: string;
  valid_from: RequiredTimestamp;
  closed_by: string | null;
  closed_request_id: string | null;
  valid_to: Timestamp | null;
}

export interface SecretCopy {
  secret_id: string;
  version: number;
  workspace_id: string;
  move_id: string;
  store_id: string | null;
  store_copy: string | null;
  master_key_id: string | null;
  wrapped_key: Buffer | null;
  sealed: Buffer | null;
  error: string | null;
}

export interface SecretLeak {
  id: string;
  workspace_id: string;
  secret_id: string;
  since: RequiredTimestamp;
  reason: string;
  version: number;
  bindings: number;
  touched: Json;
  opened_by: string | null;
  opened_request_id: string;
  opened_at: RequiredTimestamp;
  closed_by: string | null;
  closed_request_id: string | null;
  closed_reason: string | null;
  closed_at: Timestamp | null;
}

export interface SecretMove {
  id: string;
  workspace_id: string;
  from_store_id: string | null;
  to_store_id: string | null;
  state: string;
  reason: string | null;
  created_by: string | null;
  created_at: Timestamp;
  cut_over_at: Timestamp | null;
  ended_at: Timestamp | null;
  acts_for: string | null;
  stopped_at: Timestamp | null;
}

export interface SecretState {
  secret_id: string;
  workspace_id: string;
  owner_id: string | null;
  private_to: string | null;
  valid_from: RequiredTimestamp;
  valid_to: Timestamp | null;
}

export interface SecretStore {
  id: string;
  workspace_id: string;
  type: string;
  configuration: Json;
  credential_names: Generated<string[]>;
  credentials_sealed: Buffer | null;
  verified_at: Timestamp | null;
  last_error: string | null;
  last_error_at: Timestamp | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  removed_at: Timestamp | null;
}

export interface SecretStoreCheck {
  id: string;
  workspace_id: string;
  store_id: string;
  secret_id: string;
  version: number;
  copy: string;
  due_at: RequiredTimestamp;
  claimed_at: Timestamp | null;
  last_error: string | null;
}

export interface SecretUse {
  id: string;
  workspace_id: string;
  secret_id: string;
  version: number;
  purpose: string;
  reason: string | null;
  principal_id: string;
  credential_kind: string;
  credential_id: string | null;
  request_id: string;
  at: Timestamp;
  run_id: string | null;
  step_run_id: string | null;
  binding_id: string | null;
  exactness: string | null;
  process: string | null;
  valid_until: Timestamp | null;
}

export interface SecretVersion {
  secret_id: string;
  version: number;
  workspace_id: string;
  key_names: string[];
  master_key_id: string | null;
  wrapped_key: Buffer | null;
  sealed: Buffer | null;
  commitment: Buffer;
  restored_from: number | null;
  created_by: string | null;
  created_at: Timestamp;
  request_id: string;
  destroyed_at: Timestamp | null;
  store_id: string | null;
  store_copy: string | null;
}

export interface Session {
  id: string;
  principal_id: string;
  token_sha256: Buffer;
  address: string | null;
  user_agent: string | null;
  created_at: Timestamp;
  last_seen_at: Timestamp;
  expires_at: RequiredTimestamp;
  kind: Generated<string>;
  sso_connection_id: string | null;
  sso_subject: string | null;
  sso_index: string | null;
  view_role: string | null;
  view_workspace_ref: string | null;
  view_project_ref: string | null;
  view_place: string | null;
  view_until: Timestamp | null;
}

export interface SetupApplied {
  sha256: Buffer;
  applied_at: Timestamp;
}

export interface SetupSecret {
  sha256: Buffer;
  created_at: Timestamp;
  expires_at: RequiredTimestamp;
  used_at: Timestamp | null;
}

export interface Snapshot {
  id: string;
  workspace_id: string;
  project_id: string;
  pipeline_id: string;
  stack_id: string | null;
  name: string | null;
  description: string | null;
  run_name_template: string;
  is_dynamic: Generated<boolean>;
  step_count: Generated<number>;
  client_version: string | null;
  server_version: string | null;
  pipeline_version_hash: string | null;
  code_path: string | null;
  code_sha256: Buffer | null;
  source_code_sha256: Buffer | null;
  pipeline_configuration_sha256: Buffer;
  client_environment_sha256: Buffer;
  python_packages_sha256: Buffer | null;
  pipeline_spec_sha256: Buffer | null;
  request_id: string | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  schedule_id: string | null;
}

export interface SnapshotSecret {
  snapshot_id: string;
  workspace_id: string;
  secret_id: string;
  step: string | null;
  run_id: string | null;
}

export interface SnapshotStep {
  workspace_id: string;
  snapshot_id: string;
  name: string;
  position: number;
  upstream: Generated<string[]>;
  body_sha256: Buffer;
}

export interface SsoAssertion {
  connection_id: string;
  assertion_sha256: Buffer;
  ends_at: RequiredTimestamp;
}

export interface SsoAttempt {
  id: string;
  organization_id: string;
  connection_id: string;
  mode: string;
  started_by: string | null;
  relay_sha256: Buffer | null;
  request_id: string | null;
  code_sha256: Buffer | null;
  exchanged_at: Timestamp | null;
  outcome: Generated<string>;
  refusal: string | null;
  principal_id: string | null;
  session_id: string | null;
  email: string | null;
  steps: Generated<Json>;
  result: Json | null;
  address: string | null;
  user_agent: string | null;
  request_ref: string;
  at: Timestamp;
  ended_at: Timestamp | null;
  answer: string | null;
  version: number | null;
}

export interface SsoConnection {
  id: string;
  organization_id: string;
  slug: string;
  name: string;
  provider: string;
  protocol: string;
  state: Generated<string>;
  settings: Generated<Json>;
  secret_sealed: Buffer | null;
  attributes: Generated<Json>;
  makes_accounts: Generated<boolean>;
  allows_unsolicited: Generated<boolean>;
  allows_sha1: Generated<boolean>;
  directory_id: string;
  version: Generated<number>;
  registered_version: number | null;
  tested_version: number | null;
  tested_at: Timestamp | null;
  tested_by: string | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  deleted_at: Timestamp | null;
}

export interface SsoDomain {
  id: string;
  organization_id: string;
  connection_id: string;
  domain: string;
  proof_token: string;
  proof: string | null;
  proven_at: Timestamp | null;
  proven_by: string | null;
  enforced_at: Timestamp | null;
  enforced_by: string | null;
  created_by: string | null;
  created_at: Timestamp;
}

export interface SsoEvidence {
  id: string;
  organization_id: string;
  connection_id: string;
  attempt_id: string;
  version: number;
  outcome: string;
  tested_by: string | null;
  tested_at: RequiredTimestamp;
  kept_by: string;
  kept_at: Timestamp;
  sha256: string;
  record: string;
}

export interface SsoIdentity {
  id: string;
  connection_id: string;
  subject: string;
  principal_id: string;
  email: string | null;
  claims: Generated<Json>;
  linked_at: Timestamp;
  last_at: Timestamp | null;
}

export interface SsoIndex {
  namespace: string;
  name: string;
  value: string;
  store_key: string;
}

export interface SsoStore {
  namespace: string;
  key: string;
  value: string;
  iv: string | null;
  tag: string | null;
  created_at: Timestamp;
  modified_at: Timestamp;
  expires_at: Timestamp | null;
}

export interface Stack {
  id: string;
  workspace_id: string;
  name: string;
  description: Generated<string>;
  stack_spec_path: string | null;
  environment: Generated<Json>;
  labels: Json | null;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface StackComponent {
  workspace_id: string;
  stack_id: string;
  component_id: string;
  position: Generated<number>;
}

export interface StackPart {
  stack_id: string;
  component_id: string;
  workspace_id: string;
  valid_from: RequiredTimestamp;
  valid_to: Timestamp | null;
}

export interface StepRun {
  id: string;
  workspace_id: string;
  project_id: string;
  run_id: string;
  snapshot_id: string;
  name: string;
  version: Generated<number>;
  is_retriable: Generated<boolean>;
  type: string | null;
  status: string;
  start_time: Timestamp;
  end_time: Timestamp | null;
  cache_key: string | null;
  cache_expires_at: Timestamp | null;
  code_hash: string | null;
  docstring: string | null;
  source_code_sha256: Buffer | null;
  body_sha256: Buffer;
  exception_info: Json | null;
  original_step_run_id: string | null;
  model_version_id: string | null;
  heartbeat_threshold: number | null;
  latest_heartbeat_at: Timestamp | null;
  request_id: string;
  created_by: string;
  created_at: Timestamp;
  updated_at: Timestamp;
  duration_s: Computed<number | null>;
}

export interface StepRunInput {
  workspace_id: string;
  step_run_id: string;
  name: string;
  artifact_version_id: string;
  type: Generated<string>;
  position: Generated<number>;
}

export interface StepRunOutput {
  workspace_id: string;
  step_run_id: string;
  name: string;
  artifact_version_id: string;
  position: Generated<number>;
}

export interface StepRunParent {
  workspace_id: string;
  step_run_id: string;
  parent_id: string;
}

export interface Tag {
  id: string;
  workspace_id: string;
  name: string;
  color: string;
  exclusive: Generated<boolean>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface TagResource {
  id: string;
  workspace_id: string;
  tag_id: string;
  resource_id: string;
  resource_type: string;
  created_at: Timestamp;
}

export interface Team {
  id: string;
  organization_id: string;
  name: string;
  description: Generated<string>;
  created_by: string | null;
  created_at: Timestamp;
  updated_at: Timestamp;
  ended_at: Timestamp | null;
}

export interface TeamGrant {
  id: string;
  organization_id: string;
  team_id: string;
  role: string;
  effect: Generated<string>;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  source: string;
  reason: string | null;
  valid_from: Timestamp;
  valid_to: Timestamp | null;
  ended_by: string | null;
  created_by: string | null;
  opened_request_id: string | null;
  closed_request_id: string | null;
  thing_type: string | null;
  thing_id: string | null;
  thing_name: string | null;
}

export interface TeamMember {
  id: string;
  team_id: string;
  principal_id: string;
  group_rule_id: string | null;
  source: string;
  since: Timestamp;
  until: Timestamp | null;
  ended_by: string | null;
  created_by: string | null;
  opened_request_id: string | null;
  closed_request_id: string | null;
}

export interface Throttle {
  key: string;
  failures: Generated<number>;
  first_at: Timestamp;
  blocked_until: Timestamp | null;
  reported_at: Timestamp | null;
}

export interface WaitCondition {
  id: string;
  workspace_id: string;
  project_id: string;
  run_id: string;
  name: string;
  type: string;
  question: string | null;
  data_schema: string | null;
  metadata: Generated<string>;
  status: Generated<string>;
  resolution: string | null;
  result: string | null;
  poller_id: string | null;
  poller_lease_until: Timestamp | null;
  last_polled_at: Timestamp | null;
  resolved_at: Timestamp | null;
  resolved_by: string | null;
  request_id: string;
  created_by: string;
  created_at: Timestamp;
  updated_at: Timestamp;
}

export interface WaitingGroupRule {
  id: string;
  organization_id: string;
  directory_id: string;
  group_name: string;
  role: string | null;
  team_id: string | null;
  scope_kind: string;
  workspace_ref: string | null;
  project_ref: string | null;
  created_at: Timestamp;
  withdrawn_at: Timestamp | null;
  withdrawn_by: string | null;
}

export interface Workspace {
  id: string;
  organization_id: string;
  slug: string;
  display_name: string;
  description: Generated<string>;
  state: Generated<string>;
  allow_networks: Generated<string[]>;
  created_at: Timestamp;
  updated_at: Timestamp;
  state_changed_at: Timestamp | null;
  state_changed_by: string | null;
  created_by: string | null;
  wire_role: Generated<string>;
  leaver_grace_days: Generated<number>;
  long_lived_keys_leave: Generated<boolean>;
  secret_store_id: string | null;
  reveals_need_second: Generated<boolean>;
}

export interface DB {
  access_request: AccessRequest;
  access_review: AccessReview;
  access_review_item: AccessReviewItem;
  api_key: ApiKey;
  artifact: Artifact;
  artifact_version: ArtifactVersion;
  artifact_visualization: ArtifactVisualization;
  audit_entry: AuditEntry;
  audit_head: AuditHead;
  bulk_item: BulkItem;
  bulk_job: BulkJob;
  canary_round: CanaryRound;
  canary_trial: CanaryTrial;
  component: Component;
  component_connection: ComponentConnection;
  connector: Connector;
  connector_issue: ConnectorIssue;
  custom_role: CustomRole;
  custom_role_revision: CustomRoleRevision;
  default_project: DefaultProject;
  device: Device;
  directory: Directory;
  directory_group: DirectoryGroup;
  directory_hold: DirectoryHold;
  directory_member: DirectoryMember;
  directory_removal: DirectoryRemoval;
  directory_request: DirectoryRequest;
  directory_token: DirectoryToken;
  directory_user: DirectoryUser;
  document: Document;
  entity_count: EntityCount;
  file_ticket: FileTicket;
  flavor: Flavor;
  group_rule: GroupRule;
  idempotency: Idempotency;
  installation: Installation;
  invitation: Invitation;
  kept_key: KeptKey;
  local_password: LocalPassword;
  log_record: LogRecord;
  master_key: MasterKey;
  metadata_entry: MetadataEntry;
  model: Model;
  model_stage_interval: ModelStageInterval;
  model_version: ModelVersion;
  model_version_artifact: ModelVersionArtifact;
  model_version_run: ModelVersionRun;
  one_use_link: OneUseLink;
  organization: Organization;
  organization_secret: OrganizationSecret;
  organization_secret_version: OrganizationSecretVersion;
  outbox: Outbox;
  personal_token: PersonalToken;
  pipeline: Pipeline;
  principal: Principal;
  project: Project;
  reveal_request: RevealRequest;
  role_grant: RoleGrant;
  run: Run;
  run_past_stack: RunPastStack;
  saved_view: SavedView;
  schedule: Schedule;
  secret: Secret;
  secret_binding: SecretBinding;
  secret_copy: SecretCopy;
  secret_leak: SecretLeak;
  secret_move: SecretMove;
  secret_state: SecretState;
  secret_store: SecretStore;
  secret_store_check: SecretStoreCheck;
  secret_use: SecretUse;
  secret_version: SecretVersion;
  session: Session;
  setup_applied: SetupApplied;
  setup_secret: SetupSecret;
  snapshot: Snapshot;
  snapshot_secret: SnapshotSecret;
  snapshot_step: SnapshotStep;
  sso_assertion: SsoAssertion;
  sso_attempt: SsoAttempt;
  sso_connection: SsoConnection;
  sso_domain: SsoDomain;
  sso_evidence: SsoEvidence;
  sso_identity: SsoIdentity;
  sso_index: SsoIndex;
  sso_store: SsoStore;
  stack: Stack;
  stack_component: StackComponent;
  stack_part: StackPart;
  step_run: StepRun;
  step_run_input: StepRunInput;
  step_run_output: StepRunOutput;
  step_run_parent: StepRunParent;
  tag: Tag;
  tag_resource: TagResource;
  team: Team;
  team_grant: TeamGrant;
  team_member: TeamMember;
  throttle: Throttle;
  wait_condition: WaitCondition;
  waiting_group_rule: WaitingGroupRule;
  workspace: Workspace;
}
