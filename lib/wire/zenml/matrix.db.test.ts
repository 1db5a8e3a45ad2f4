import { randomUUID } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { ROLES, ROLE_IDS, type RoleId, rightsOf } from "@/lib/authz/permissions";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { readDigests, tableDigests } from "@/lib/kernel/test-digests";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { provisionWorkspace } from "@/lib/workspaces/create-workspace";
import type { Endpoint } from "./endpoint";
import { ENDPOINTS } from "./endpoints";
import { serveZenml } from "./serve";

// Every row of the endpoint table × every role × own and foreign workspace, through the wire's own door with a real token: who may gets
// no refusal, who may not gets 403 (or 404 for what they can't even read), one `denied` entry, and nothing else changes.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const OTHER = "credit-risk";
const WIRE_ROLES = ROLE_IDS.filter((role) => role !== "member");

let organizationId = "";
let workspaceId = "";
let personId = "";
const tokens = {} as Record<RoleId | "maker" | "stranger", string>;

const stores = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-stores-")));
afterAll(() => fs.rmSync(stores, { recursive: true, force: true }));

beforeAll(async () => {
  process.env.REEVE_LOCAL_ARTIFACT_ROOTS = `${SLUG}=${stores}`;
  forgetEnvironment();
  organizationId = newId();
  await inScope([], async (tx) => {
    await tx.insertInto("organization").values({ id: organizationId, name: "Acme" }).execute();
  });
  const home = await inScope([], (tx) => provisionWorkspace(tx, { organizationId, slug: SLUG, displayName: SLUG, projects: ["default"], createdBy: null }));
  const other = await inScope([], (tx) => provisionWorkspace(tx, { organizationId, slug: OTHER, displayName: OTHER, projects: ["default"], createdBy: null }));
  workspaceId = home.id;
  personId = newId();
  await inScope([], async (tx) => {
    await tx
      .insertInto("principal")
      .values({ id: personId, organization_id: organizationId, kind: "user", name: "mira@acme.example", email: "mira@acme.example" })
      .execute();
    await tx
      .insertInto("role_grant")
      .values({
        id: newId(),
        organization_id: organizationId,
        principal_id: personId,
        role: "viewer",
        source: "setup",
        scope_kind: "workspace",
        workspace_ref: home.id,
      })
      .execute();
    // Somebody who is System Admin all the time: without one nobody could be deactivated.
    await tx
      .insertInto("role_grant")
      .values({ id: newId(), organization_id: organizationId, principal_id: personId, role: "system-admin", source: "setup", scope_kind: "organization" })
      .execute();
  });
  for (const role of WIRE_ROLES) tokens[role] = await tokenFor(role, role, home.id);
  tokens.maker = await tokenFor("maker", "workspace-admin", home.id);
  tokens.stranger = await tokenFor("stranger", "workspace-admin", other.id, OTHER);
});

/** A service account with one grant and a key, logged in over the wire. */
async function tokenFor(name: string, role: RoleId, workspace: string, slug = SLUG): Promise<string> {
  const principal = newId();
  const key = { id: newId(), secret: mintKeySecret() };
  const isOrganization = (ROLES[role].scope as readonly string[]).includes("organization");
  await inScope([], async (tx) => {
    await tx
      .insertInto("principal")
      .values({ id: principal, organization_id: organizationId, kind: "service_account", home_workspace_id: workspace, name })
      .execute();
    await tx
      .insertInto("role_grant")
      .values({
        id: newId(),
        organization_id: organizationId,
        principal_id: principal,
        role,
        source: "setup",
        scope_kind: isOrganization ? "organization" : "workspace",
        workspace_ref: isOrganization ? null : workspace,
      })
      .execute();
    await tx
      .insertInto("api_key")
      .values({ id: key.id, organization_id: organizationId, principal_id: principal, name: "default", secret_hmac: hashApiKey(key.secret) })
      .execute();
  });
  const form = new URLSearchParams({ grant_type: "zenml-api-key", password: formatApiKey(key.id, key.secret) });
  const answer = await serveZenml(
    new Request(`http://reeve.test/${slug}/api/v1/login`, { method: "POST", body: form, headers: { "content-type": "application/x-www-form-urlencoded" } }),
  );
  expect(answer.status, `${name} logs in`).toBe(200);
  return ((await answer.json()) as { access_token: string }).access_token;
}

type Answer = { status: number; body: unknown };

async function call(token: string, method: string, path: string, body?: unknown, slug = SLUG): Promise<Answer> {
  const answer = await serveZenml(
    new Request(`http://reeve.test/${slug}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    }),
  );
  return { status: answer.status, body: await answer.json() };
}

const idOf = (answer: Answer): string => {
  const value = Array.isArray(answer.body) ? answer.body[0] : answer.body;
  if (answer.status !== 200 || !value?.id) throw new Error(`the fixture failed: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`);
  return value.id;
};

type Fixture = Record<
  | "project"
  | "user"
  | "stack"
  | "component"
  | "secret"
  | "connector"
  | "connectorType"
  | "store"
  | "flavor"
  | "pipeline"
  | "snapshot"
  | "run"
  | "step"
  | "artifact"
  | "artifactVersion"
  | "model"
  | "modelVersion"
  | "tag"
  | "log"
  | "dynamicRun"
  | "question"
  | "schedule"
  | "serviceAccount"
  | "apiKey"
  | "unique",
  string
>;

const artifactBody = (project: string, name: string) => ({
  project,
  artifact_name: name,
  has_custom_name: true,
  type: "DataArtifact",
  uri: "/stores/a",
  materializer: { module: "m", attribute: "M", type: "internal" },
  data_type: { module: "builtins", attribute: "dict", type: "builtin" },
  save_type: "step_output",
  metadata: {},
});

/** Everything that paths can name, made over the wire by one account. */
async function makeFixture(token: string): Promise<Fixture> {
  const unique = newId().replaceAll("-", "");
  const get = async (path: string) => ((await call(token, "GET", path)).body as { items: { id: string }[] }).items[0]?.id as string;
  const project = await get("/projects");
  const newComponent = async (type: string, name: string) =>
    idOf(await call(token, "POST", "/components", { name: `${name}-${unique}`, type, flavor: "local", configuration: {} }));
  const orchestrator = await newComponent("orchestrator", "used");
  const store = await newComponent("artifact_store", "store");
  const stack = idOf(await call(token, "POST", "/stacks", { name: `stack-${unique}`, components: { orchestrator: [orchestrator], artifact_store: [store] } }));
  const component = await newComponent("orchestrator", "free");
  const flavor = idOf(
    await call(token, "POST", "/flavors", { name: `flavor-${unique}`, type: "alerter", source: "mine.Bell", config_schema: {}, integration: "custom" }),
  );
  const secret = idOf(await call(token, "POST", "/secrets", { name: `secret-${unique}`, private: false, values: { token: "x" } }));
  const connector = idOf(await call(token, "POST", "/service_connectors", connectorBody(`connector-${unique}`)));
  const user = await makeMember(`member-${unique}`);
  const pipeline = idOf(await call(token, "POST", "/pipelines", { project, name: `p-${unique}` }));
  const snapshot = idOf(await call(token, "POST", "/pipeline_snapshots", snapshotBody({ project, stack, pipeline })));
  const run = idOf(await call(token, "POST", "/runs", { project, name: `r-${unique}`, snapshot, status: "initializing", tags: [`t-${unique}`] }));
  const step = idOf(
    await call(token, "POST", "/steps", { project, name: "load", pipeline_run_id: run, status: "running", start_time: "2026-11-22T18:10:05.000001" }),
  );
  fs.mkdirSync(path.join(stores, store, "a"), { recursive: true });
  fs.writeFileSync(path.join(stores, store, "a", "data.json"), "{}");
  const artifactVersion = idOf(
    await call(token, "POST", "/artifact_versions", {
      ...artifactBody(project, `a-${unique}`),
      uri: path.join(stores, store, "a"),
      artifact_store_id: store,
      visualizations: [{ type: "json", uri: path.join(stores, store, "a", "data.json") }],
    }),
  );
  const artifact = await get(`/artifacts?name=a-${unique}`);
  const model = idOf(await call(token, "POST", "/models", { project, name: `m-${unique}` }));
  const modelVersion = idOf(await call(token, "POST", "/model_versions", { project, model, name: "one" }));
  const tag = await get(`/tags?name=t-${unique}`);
  const addLog = async (owner: { pipeline_run_id?: string; step_run_id?: string }) => {
    const id = randomUUID();
    fs.mkdirSync(path.join(stores, store, "logs"), { recursive: true });
    fs.writeFileSync(path.join(stores, store, "logs", `${id}.log`), "one line\n");
    const uri = path.join(stores, store, "logs", `${id}.log`);
    return idOf(await call(token, "POST", "/logs", { id, project, source: "client", uri, artifact_store_id: store, ...owner }));
  };
  const log = await addLog({});
  await addLog({ pipeline_run_id: run });
  await addLog({ step_run_id: step });
  const dynamic = idOf(await call(token, "POST", "/pipeline_snapshots", { ...snapshotBody({ project, stack, pipeline }), is_dynamic: true }));
  const dynamicRun = idOf(await call(token, "POST", "/runs", { project, name: `d-${unique}`, snapshot: dynamic, status: "running" }));
  const asking = idOf(await call(token, "POST", "/runs", { project, name: `q-${unique}`, snapshot: dynamic, status: "running", orchestrator_run_id: unique }));
  const question = idOf(await call(token, "POST", "/run_wait_conditions", questionBody(project, asking)));
  const schedule = idOf(await call(tokens.maker, "POST", "/schedules", scheduleBody({ project, component, pipeline }, `s-${unique}`)));
  const { serviceAccount, apiKey } = await makeRobot(`robot-${unique}`);
  return {
    project,
    user,
    stack,
    component,
    secret,
    connector,
    connectorType: "aws",
    store,
    flavor,
    pipeline,
    snapshot,
    run,
    step,
    artifact,
    artifactVersion,
    model,
    modelVersion,
    tag,
    log,
    dynamicRun,
    question,
    schedule,
    serviceAccount,
    apiKey,
    unique,
  };
}

/** A person who may read the workspace. */
async function makeMember(name: string): Promise<string> {
  const id = newId();
  await inScope([], async (tx) => {
    await tx.insertInto("principal").values({ id, organization_id: organizationId, kind: "user", name }).execute();
    const grant = { organization_id: organizationId, principal_id: id, role: "viewer", source: "setup", scope_kind: "workspace", workspace_ref: workspaceId };
    await tx
      .insertInto("role_grant")
      .values({ id: newId(), ...grant })
      .execute();
  });
  return id;
}

/** An account without a role, so that whoever may make its keys may do all that they do (KEY-12). Only admins can make one over the wire. */
async function makeRobot(name: string): Promise<{ serviceAccount: string; apiKey: string }> {
  const [serviceAccount, apiKey] = [newId(), newId()];
  await inScope([], async (tx) => {
    await tx
      .insertInto("principal")
      .values({ id: serviceAccount, organization_id: organizationId, kind: "service_account", home_workspace_id: workspaceId, name })
      .execute();
    await tx
      .insertInto("api_key")
      .values({ id: apiKey, organization_id: organizationId, principal_id: serviceAccount, name: "k", secret_hmac: hashApiKey(mintKeySecret()) })
      .execute();
  });
  return { serviceAccount, apiKey };
}

const scheduleBody = (at: { project: string; component: string; pipeline: string }, name: string) => ({
  project: at.project,
  name,
  active: true,
  interval_second: "PT1H",
  start_time: "2026-11-22T18:00:00",
  orchestrator_id: at.component,
  pipeline_id: at.pipeline,
});

const questionBody = (project: string, run: string) => ({
  project,
  run,
  name: "approve",
  type: "external_input",
  question: "go on?",
  data_schema: { type: "integer" },
  metadata: {},
});

const snapshotBody = (at: { project: string; stack: string; pipeline: string }) => ({
  ...at,
  run_name_template: "{date}",
  pipeline_configuration: { name: "p", model: null },
  step_configurations: {
    load: { spec: { upstream_steps: [] }, config: { name: "load" } },
    train: { spec: { upstream_steps: ["load"] }, config: { name: "train" } },
  },
  client_environment: {},
});

/** Temporary keys of one's own leave as they are; the address is one that Reeve does not call, so that nothing waits. */
const connectorBody = (name: string) => ({
  name,
  connector_type: "aws",
  auth_method: "sts-token",
  resource_types: ["aws-generic"],
  configuration: {
    aws_access_key_id: "id",
    aws_secret_access_key: "key",
    aws_session_token: "token",
    region: "eu-central-1",
    endpoint_url: "https://10.0.0.1",
  },
});

/** What to send to each endpoint so that only a missing right can refuse it. */
const SAMPLES: Record<string, (f: Fixture) => { query?: string; body?: unknown }> = {
  "POST /pipelines": (f) => ({ body: { project: f.project, name: `new-${f.unique}` } }),
  "PUT /pipelines/{pipeline_id}": () => ({ body: { description: "changed" } }),
  "POST /pipeline_snapshots": (f) => ({ body: snapshotBody(f) }),
  "POST /runs": (f) => ({ body: { project: f.project, name: `new-${f.unique}`, snapshot: f.snapshot, status: "initializing" } }),
  "PUT /runs/{run_id}": (f) => ({ body: { add_tags: [`v-${f.unique}`] } }),
  "GET /runs/{run_id}/logs": () => ({ query: "source=client" }),
  "GET /steps/{step_id}/logs": () => ({ query: "source=client" }),
  "PUT /runs/{run_id}/disable_heartbeat": () => ({ body: {} }),
  "POST /runs/{run_id}/stop": () => ({ body: {} }),
  "PUT /steps/{step_id}/heartbeat": () => ({ body: { heartbeat_liveness_timeout_seconds: 315 } }),
  "POST /schedules": (f) => ({ body: scheduleBody(f, `new-${f.unique}`) }),
  "PUT /schedules/{schedule_id}": () => ({ body: { active: false } }),
  "POST /run_wait_conditions": (f) => ({ body: questionBody(f.project, f.dynamicRun) }),
  "PUT /run_wait_conditions/{wait_condition_id}": () => ({
    body: { poller_instance_id: "x", poller_lease_expires_at: "2026-11-22T18:16:17.081301" },
  }),
  "PUT /run_wait_conditions/{wait_condition_id}/resolve": () => ({ body: { resolution: "continue", result: 3 } }),
  "POST /components": (f) => ({ body: { name: `c-${f.unique}`, type: "artifact_store", flavor: "local", configuration: { path: "/stores" } } }),
  "PUT /components/{component_id}": () => ({ body: { labels: { team: "a" } } }),
  "POST /secrets": (f) => ({ body: { name: `se-${f.unique}`, private: false, values: { a: "1" } } }),
  "PUT /secrets/{secret_id}": () => ({ query: "patch_values=True", body: { values: { b: "2" } } }),
  "POST /service_connectors": (f) => ({ body: connectorBody(`cn-${f.unique}`) }),
  "POST /service_connectors/verify": (f) => ({ body: connectorBody(`cv-${f.unique}`) }),
  "POST /service_connectors/full_stack_resources": () => {
    const { connector_type: type, auth_method, configuration } = connectorBody("");
    return { body: { type, auth_method, configuration } };
  },
  "PUT /service_connectors/{connector_id}/verify": () => ({ body: {} }),
  "PUT /service_connectors/{connector_id}": () => ({ body: { description: "changed" } }),
  "POST /stacks": (f) => ({ body: { name: `s-${f.unique}`, components: { orchestrator: [f.component], artifact_store: [f.store] } } }),
  "PUT /stacks/{stack_id}": () => ({ body: { description: "changed" } }),
  "POST /flavors": (f) => ({ body: { name: `f-${f.unique}`, type: "alerter", source: "mine.Bell", config_schema: {}, integration: "custom" } }),
  "PUT /flavors/{flavor_id}": () => ({ body: { source: "mine.Other" } }),
  "PATCH /flavors/sync": () => ({ body: {} }),
  "GET /api_token": (f) => ({ query: `token_type=workload&pipeline_run_id=${f.run}` }),
  "POST /steps": (f) => ({ body: { project: f.project, name: "train", pipeline_run_id: f.run, status: "running", start_time: "2026-11-22T18:10:06.000001" } }),
  "PUT /steps/{step_id}": () => ({ body: { status: "completed", end_time: "2026-11-22T18:10:07.000001" } }),
  "POST /artifact_versions": (f) => ({ body: artifactBody(f.project, `b-${f.unique}`) }),
  "POST /artifact_versions/batch": (f) => ({ body: [artifactBody(f.project, `c-${f.unique}`)] }),
  "PUT /artifact_versions/{artifact_version_id}": (f) => ({ body: { add_tags: [`u-${f.unique}`] } }),
  "PUT /artifacts/{artifact_id}": (f) => ({ body: { name: `renamed-${f.unique}` } }),
  "POST /models": (f) => ({ body: { project: f.project, name: `n-${f.unique}` } }),
  "PUT /models/{model_id}": () => ({ body: { description: "changed" } }),
  "POST /model_versions": (f) => ({ body: { project: f.project, model: f.model, name: `v-${f.unique}` } }),
  "PUT /model_versions/{model_version_id}": () => ({ body: { description: "changed" } }),
  "POST /model_version_artifacts": (f) => ({ body: { model_version: f.modelVersion, artifact_version: f.artifactVersion } }),
  "POST /model_version_pipeline_runs": (f) => ({ body: { model_version: f.modelVersion, pipeline_run: f.run } }),
  "POST /tags": (f) => ({ body: { name: `fresh-${f.unique}`, color: "blue" } }),
  "PUT /tags/{tag_id}": () => ({ body: { name: `renamed-${newId()}` } }),
  "POST /tag_resources": (f) => ({ body: { tag_id: f.tag, resource_id: f.snapshot, resource_type: "pipeline_snapshot" } }),
  "POST /tag_resources/batch": (f) => ({ body: [{ tag_id: f.tag, resource_id: f.pipeline, resource_type: "pipeline" }] }),
  "DELETE /tag_resources": (f) => ({ body: { tag_id: f.tag, resource_id: f.run, resource_type: "pipeline_run" } }),
  "DELETE /tag_resources/batch": (f) => ({ body: [{ tag_id: f.tag, resource_id: f.run, resource_type: "pipeline_run" }] }),
  "POST /run-metadata": (f) => ({
    body: { project: f.project, resources: [{ id: f.run, type: "pipeline_run" }], values: { auc: 0.9 }, types: { auc: "float" } },
  }),
  "POST /logs": (f) => ({ body: { id: randomUUID(), project: f.project, source: "step", uri: "/stores/log2" } }),
  "POST /users": (f) => ({ body: { name: `u-${newId()}`, full_name: f.unique, password: "seven grey herons wade", is_admin: false } }),
  "PUT /current-user": (f) => ({ body: { default_project_id: f.project } }),
  "PUT /users/{user}": () => ({ body: { is_admin: true } }),
  "PUT /users/{user}/deactivate": () => ({ body: {} }),
  "POST /projects": (f) => ({ body: { name: `pr-${newId()}`, display_name: f.unique } }),
  "PUT /projects/{project}": () => ({ body: { description: newId() } }),
  "POST /service_accounts": (f) => ({ body: { name: `sa-${f.unique}-${newId()}`, active: true } }),
  "PUT /service_accounts/{service_account_name_or_id}": () => ({ body: { description: "changed", active: null } }),
  "POST /service_accounts/{service_account_id}/api_keys": (f) => ({ body: { name: `key-${f.unique}-${newId()}` } }),
  "PUT /service_accounts/{service_account_id}/api_keys/{api_key_name_or_id}": () => ({ body: { active: false } }),
  "PUT /service_accounts/{service_account_id}/api_keys/{api_key_name_or_id}/rotate": () => ({ body: { retain_period_minutes: 5 } }),
  "PUT /logs/{logs_id}": (f) => ({ body: { pipeline_run_id: f.run } }),
};

const PARAMETERS: Record<string, keyof Fixture> = {
  user: "user",
  project: "project",
  stack_id: "stack",
  component_id: "component",
  secret_id: "secret",
  connector_id: "connector",
  connector_type: "connectorType",
  flavor_id: "flavor",
  pipeline_id: "pipeline",
  snapshot_id: "snapshot",
  run_id: "run",
  step_id: "step",
  artifact_id: "artifact",
  artifact_version_id: "artifactVersion",
  model: "model",
  model_id: "model",
  model_version_id: "modelVersion",
  tag_id: "tag",
  logs_id: "log",
  wait_condition_id: "question",
  schedule_id: "schedule",
  service_account_id: "serviceAccount",
  service_account_name_or_id: "serviceAccount",
  api_key_name_or_id: "apiKey",
};

const nameOf = (endpoint: Endpoint) => `${endpoint.method} ${endpoint.path}`;

function requestOf(endpoint: Endpoint, fixture: Fixture): { path: string; body?: unknown } {
  const sample = SAMPLES[nameOf(endpoint)]?.(fixture) ?? {};
  if (endpoint.method !== "GET" && endpoint.method !== "DELETE" && sample.body === undefined)
    throw new Error(`${nameOf(endpoint)} has no sample: add one to SAMPLES`);
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_all, parameter: string) => {
    const key = PARAMETERS[parameter];
    if (!key) throw new Error(`the parameter ${parameter} of ${nameOf(endpoint)} has no fixture: add one to PARAMETERS`);
    return fixture[key];
  });
  return { path: sample.query ? `${path}?${sample.query}` : path, body: sample.body };
}

/** What any request touches: the key's last use, and the sealed answers of idempotent calls. */
const TOUCHED = ["audit_entry", "audit_head", "api_key", "connector_issue", "idempotency"];

/** Devices are people's own, and approved by people: devices.db.test.ts. */
const isDevices = (endpoint: Endpoint) => endpoint.path.startsWith("/devices");
const ROWS = ENDPOINTS.filter((endpoint) => !isDevices(endpoint)).map((endpoint) => [nameOf(endpoint), endpoint] as const);
const shared: Partial<Record<"maker" | "contributor", Fixture>> = {};

const CONSUMING = new Set(["/steps", "/runs/{run_id}/stop", "/run_wait_conditions"]);

/** Reads and creates can share one fixture (creates with a name of their own); what changes or ends a thing gets a fresh one. */
async function fixtureFor(who: "maker" | "contributor", endpoint: Endpoint): Promise<Fixture> {
  const consumes = endpoint.method === "DELETE" || endpoint.method === "PUT" || CONSUMING.has(endpoint.path);
  if (consumes) {
    const fixture = await makeFixture(tokens[who]);
    // A project goes only without runs in it.
    if (nameOf(endpoint) === "DELETE /projects/{project}")
      return { ...fixture, project: idOf(await call(tokens.maker, "POST", "/projects", { name: `empty-${fixture.unique}` })) };
    if (who === "maker" || nameOf(endpoint) !== "DELETE /pipelines/{pipeline_id}") return fixture;
    // With runs in it a pipeline goes only with the right to delete those.
    return { ...fixture, pipeline: idOf(await call(tokens[who], "POST", "/pipelines", { project: fixture.project, name: `e-${fixture.unique}` })) };
  }
  shared[who] ??= await makeFixture(tokens[who]);
  return endpoint.method === "GET" ? shared[who] : { ...shared[who], unique: newId().replaceAll("-", "") };
}

describe("who may not", () => {
  it.each(ROWS)("%s is refused to every role without the right, with an entry and without a change", async (_name, endpoint) => {
    shared.maker ??= await makeFixture(tokens.maker);
    const fixture = shared.maker;
    const before = await tableDigests(db.ownerUrl, TOUCHED);
    for (const role of WIRE_ROLES.filter((role) => !mayOnOthers(role, endpoint))) {
      const seq = await lastSeq(db.ownerUrl);
      const { path, body } = requestOf(endpoint, fixture);
      const answer = await call(tokens[role], endpoint.method, path, body);
      expect([403, 404], `${role}: ${JSON.stringify(answer.body).slice(0, 200)}`).toContain(answer.status);
      if (answer.status === 404) expect(JSON.stringify(answer.body), `${role} learns no name`).not.toContain(fixture.unique);
      const entries = (await trailAfter(db.ownerUrl, seq)).filter((entry) => entry.outcome === "denied");
      expect(entries, `${role} leaves one denied entry`).toHaveLength(1);
    }
    expect(await tableDigests(db.ownerUrl, TOUCHED)).toEqual(before);
  });

  it.each(ROWS)("%s knows nothing of another workspace's things", async (name, endpoint) => {
    shared.maker ??= await makeFixture(tokens.maker);
    const fixture = shared.maker;
    const { path, body } = requestOf(endpoint, fixture);
    const before = await tableDigests(db.ownerUrl, TOUCHED);
    const direct = await call(tokens.stranger, endpoint.method, path, body);
    expect(direct.status, "the workspace itself is not there").toBe(404);
    if (OWN_PLACE.has(name)) return; // names nothing of the other workspace: it would act in the stranger's own
    const through = await call(tokens.stranger, endpoint.method, path, body, OTHER);
    expect(JSON.stringify(through.body)).not.toContain(fixture.unique);
    if (endpoint.list) expect(endpoint.path.includes("{") ? ((through.body as { items?: unknown[] }).items ?? []) : []).toEqual([]);
    else if (endpoint.path.includes("{") && !SHARED.has(endpoint.path)) expect(through.status).toBe(404);
    expect(await tableDigests(db.ownerUrl, TOUCHED)).toEqual(before);
  });
});

describe("who may", () => {
  it.each(ROWS)("%s is served to every role with the right", async (_name, endpoint) => {
    for (const role of WIRE_ROLES.filter((role) => mayOnOthers(role, endpoint))) {
      const { path, body } = requestOf(endpoint, await fixtureFor("maker", endpoint));
      const answer = await call(tokens[role], endpoint.method, path, body);
      expect(answer.status, `${role}: ${JSON.stringify(answer.body).slice(0, 300)}`).toBe(200);
    }
  });

  it.each(ROWS.filter(([, endpoint]) => rightsOf("contributor")[endpoint.permission]))(
    "%s is served to a contributor on what is their own",
    async (name, endpoint) => {
      const fixture = await fixtureFor("contributor", endpoint);
      const made = await lastSeq(db.ownerUrl);
      const { path, body } = requestOf(endpoint, fixture);
      const answer = await call(tokens.contributor, endpoint.method, path, body);
      expect(answer.status, JSON.stringify(answer.body).slice(0, 300)).toBe(200);
      const entries = await trailAfter(db.ownerUrl, made);
      if (endpoint.audit !== "entry") expect(entries).toEqual([]);
      else if (!STARTS.has(name)) expect(entries.length, "an entry of the change").toBeGreaterThan(0);
    },
  );
});

/** A running step is data until it ends (ARCHITECTURE §3); a default project that was chosen before is not chosen again. */
const STARTS = new Set(["POST /steps", "PUT /steps/{step_id}", "PUT /current-user"]);
/** Accounts are the organization's, and types of connectors everybody's. */
const SHARED = new Set(["/users/{user}", "/service_connector_types/{connector_type}"]);

/** Says nothing about which things it acts on. */
const OWN_PLACE = new Set([
  "POST /tags",
  "POST /components",
  "POST /secrets",
  "POST /service_connectors",
  "POST /service_connectors/verify",
  "POST /service_connectors/full_stack_resources",
  "POST /flavors",
  "PATCH /flavors/sync",
  "POST /service_accounts",
  "POST /projects",
  "POST /users",
  "PUT /current-user",
]);

/** Values go to the client of who made the secret, whatever others may reveal in the browser (PERMISSIONS, rule 12). */
const OWNERS_ONLY = new Set(["GET /secrets/{secret_id}"]);

/** Lists are filtered rows: whoever may read own things gets an (empty) list. */
function mayOnOthers(role: RoleId, endpoint: Endpoint): boolean {
  if (OWNERS_ONLY.has(nameOf(endpoint))) return false;
  const reach = rightsOf(role)[endpoint.permission];
  return reach === "any" || (reach === "own" && Boolean(endpoint.list));
}

it("covers the fixture's workspace only", async () => {
  const rows = await asOwner<{ n: number }>(db.ownerUrl, "select count(*)::int as n from run where workspace_id <> $1", [workspaceId]);
  expect(rows[0]?.n).toBe(0);
});

it("the digests by which the tests judged are those of the rows", async () => {
  expect(await tableDigests(db.ownerUrl)).toEqual(await readDigests(db.ownerUrl));
});
