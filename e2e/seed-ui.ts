import { createHash, randomUUID } from "node:crypto";
import pg from "pg";
import { seedModels } from "./seed-models";

// Fills one workspace with what a busy team leaves behind, for looking at the pages and for their tests: runs of every state with
// steps, artifacts, models, tags, metadata, packages and a traceback, and audit entries. Writes as the database's owner.
// As a script: node scripts/run.mjs e2e/seed-ui.ts <owner url> <workspace> [runs]

const HOUR_MS = 3_600_000;

/** The same numbers on every machine (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const PIPELINES = ["fraud_train", "fraud_score_batch", "fraud_features", "fraud_backtest", "drift_report", "fraud_explain"];
const STATES = ["completed", "completed", "completed", "completed", "completed", "cached", "failed", "completed", "stopped", "completed"];
const ORIGINS = ["cli", "ci", "cli", "api", "schedule"];
const TAGS = ["retrain", "daily", "weekly", "CHG-20817", "CHG-20788", "shap", "q4", "try"];
const PACKAGES = [
  "numpy==2.1.3",
  "pandas==2.2.3",
  "scikit-learn==1.5.2",
  "xgboost==2.1.4",
  "zenml==0.98.0",
  "pyarrow==18.0.0",
  "pydantic==2.9.2",
  "requests==2.32.3",
  "scipy==1.14.1",
  "shap==0.46.0",
  "sqlalchemy==2.0.36",
  "tqdm==4.67.0",
  "typing_extensions==4.12.2",
  "urllib3==2.2.3",
  "joblib==1.4.2",
  "matplotlib==3.9.2",
  "pillow==11.0.0",
  "cloudpickle==3.1.0",
  "click==8.1.7",
  "rich==13.9.4",
];
const STEPS = [
  { name: "load_transactions", upstream: [], outputs: ["transactions", "labels"] },
  { name: "build_features", upstream: ["load_transactions"], outputs: ["features_train", "features_test"] },
  { name: "train_model", upstream: ["build_features"], outputs: ["fraud_scorer"] },
  { name: "evaluate", upstream: ["train_model", "build_features"], outputs: ["metrics"] },
];
const TRACEBACK = `Traceback (most recent call last):
  File "/opt/venv/lib/python3.11/site-packages/zenml/orchestrators/step_runner.py", line 318, in _run
    return_values = step_instance.call_entrypoint(**function_params)
  File "/opt/venv/lib/python3.11/site-packages/zenml/steps/base_step.py", line 811, in call_entrypoint
    return self.entrypoint(*args, **kwargs)
  File "/home/mira/fraud/steps/train.py", line 41, in train_model
    booster.fit(features, labels, sample_weight=weights)
  File "/home/mira/fraud/steps/boosting.py", line 17, in fit
    raise ValueError(f"feature_names mismatch: {sorted(missing)}")
ValueError: feature_names mismatch: ['merchant_risk_30d', 'velocity_1h']
`;

const sha256 = (text: string) => createHash("sha256").update(text).digest();
const stamp = (at: Date) => at.toISOString().slice(0, 19).replaceAll("-", "_").replace("T", "-").replaceAll(":", "_");

/** Fills the workspace, once. Its contributors and admins did it all; runs go back from now. */
export async function seedUi(
  ownerUrl: string,
  { workspace, runs = 180, project = "default" }: { workspace: string; runs?: number; project?: string },
): Promise<{ runIds: string[]; failedRunId: string }> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve -c timezone=UTC" });
  await client.connect();
  try {
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(20261119)"); // two workers may ask at once
    const made = await fill(client, workspace, project, runs);
    await client.query("commit");
    return made;
  } finally {
    await client.end();
  }
}

async function fill(client: pg.Client, slug: string, projectName: string, runs: number) {
  const random = randomFrom(20_261_119);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const insert = async (table: string, row: Record<string, unknown>) => {
    const names = Object.keys(row);
    await client.query(
      `insert into ${table} (${names.map((name) => `"${name}"`).join(", ")}) values (${names.map((_, at) => `$${at + 1}`).join(", ")})`,
      Object.values(row),
    );
  };
  const one = async (text: string, values: unknown[]) => (await client.query(text, values)).rows[0];

  const workspace = await one("select w.id, w.organization_id from workspace w where w.slug = $1", [slug]);
  const project = await one("select id from project where workspace_id = $1 and name = $2", [workspace.id, projectName]);
  await client.query("select set_config('reeve.workspaces', $1, true)", [workspace.id]);
  const here = { workspace_id: workspace.id, project_id: project.id };
  const known = await client.query(
    "select id from run where project_id = $1 and number <= $2 order by status <> 'failed', (select name from pipeline p where p.id = pipeline_id) <> 'fraud_train', number desc",
    [project.id, runs],
  );
  if (known.rows.length >= runs) return { runIds: known.rows.map((row) => row.id as string), failedRunId: known.rows[0].id as string };
  const creators = (
    await client.query(
      `select distinct p.id, p.kind, coalesce(nullif(p.full_name, ''), p.name) as name from principal p
       join role_grant g on g.principal_id = p.id
       where p.organization_id = $2 and (g.workspace_ref = $1 and g.role in ('contributor', 'workspace-admin') or g.role = 'system-admin') order by 3`,
      [workspace.id, workspace.organization_id],
    )
  ).rows as { id: string; kind: string; name: string }[];

  const document = async (value: unknown) => {
    const body = typeof value === "string" ? value : JSON.stringify(value);
    await client.query("insert into document (workspace_id, sha256, body) values ($1, $2, $3) on conflict do nothing", [workspace.id, sha256(body), body]);
    return sha256(body);
  };
  const environment = await document({
    environment: "native",
    os: "linux",
    linux_distro: "debian",
    linux_distro_version: "12",
    python_version: "3.11.9",
    zenml_version: "0.98.0",
    python_packages: PACKAGES,
  });
  const bareEnvironment = await document({ python_version: "3.11.9" });
  const configuration = await document({ name: "fraud_train", parameters: { scale_pos_weight: 41.2, rows: 250_000, label: "chargeback_90d" } });
  const source = await document(
    '@pipeline(model=Model(name="fraud-scorer"), tags=["retrain"])\ndef fraud_train(rows: int = 250_000, scale_pos_weight: float = 38.0):\n    transactions, labels = load_transactions(rows)\n    train, test = build_features(transactions)\n    model = train_model(train, labels, scale_pos_weight)\n    evaluate(model, test)\n',
  );
  const stepSource = await document(
    '@step\ndef train_model(features: pd.DataFrame, labels: pd.Series, scale_pos_weight: float) -> Annotated[Booster, "fraud_scorer"]:\n    booster = make_booster(scale_pos_weight)\n    booster.fit(features, labels, sample_weight=weights)\n    return booster\n',
  );

  const tags = new Map<string, string>();
  for (const name of TAGS) {
    const made = await one(
      "insert into tag (id, workspace_id, name, color) values ($1, $2, $3, 'blue') on conflict (workspace_id, name) do update set name = excluded.name returning id",
      [randomUUID(), workspace.id, name],
    );
    tags.set(name, made.id);
  }
  const tagged = (name: string, resource: string, type: string) =>
    insert("tag_resource", { id: randomUUID(), workspace_id: workspace.id, tag_id: tags.get(name), resource_id: resource, resource_type: type });

  const stacks = (await client.query("select id from stack where workspace_id = $1", [workspace.id])).rows.map((row) => row.id as string);
  const { id: staging } = await one(
    "insert into stack (id, workspace_id, name) values ($1, $2, 'eks-staging') on conflict (workspace_id, name) do update set name = excluded.name returning id",
    [randomUUID(), workspace.id],
  );
  stacks.push(staging, staging);

  const store = randomUUID();
  await client.query(
    `insert into component (id, workspace_id, name, type, flavor_id, configuration) select $1, $2, 'northmere-s3', 'artifact_store', f.id, '{"path":"s3://northmere-ml"}' from flavor f
     where f.type = 'artifact_store' and f.name = 's3' and f.workspace_id is null on conflict do nothing`,
    [store, workspace.id],
  );
  const storeId = (await client.query("select id from component where workspace_id = $1 and name = 'northmere-s3'", [workspace.id])).rows[0]?.id ?? null;

  const model = randomUUID();
  await insert("model", { id: model, ...here, name: "fraud-scorer", version_number: 48 });
  const versions: string[] = [];
  for (let number = 44; number <= 48; number++) {
    const id = randomUUID();
    versions.push(id);
    await insert("model_version", { id, ...here, model_id: model, number, name: String(number) });
  }
  const artifacts = new Map<string, string>();
  for (const name of STEPS.flatMap((step) => step.outputs)) {
    const id = randomUUID();
    artifacts.set(name, id);
    await insert("artifact", { id, ...here, name, has_custom_name: true });
  }
  const pipelines = new Map<string, { id: string; snapshot: string }>();
  for (const name of PIPELINES) {
    const id = randomUUID();
    const snapshot = randomUUID();
    pipelines.set(name, { id, snapshot });
    await insert("pipeline", { id, ...here, name });
    await insert("snapshot", {
      id: snapshot,
      ...here,
      pipeline_id: id,
      stack_id: staging,
      run_name_template: `${name}-{date}-{time}`,
      step_count: STEPS.length,
      client_version: "0.98.0",
      server_version: "0.98.0",
      source_code_sha256: source,
      pipeline_configuration_sha256: configuration,
      client_environment_sha256: name === "drift_report" ? bareEnvironment : environment,
    });
    for (const [position, step] of STEPS.entries()) {
      const body = await document({
        spec: { source: { module: `steps.${step.name}`, attribute: step.name } },
        config: { parameters: step.name === "train_model" ? { scale_pos_weight: 41.2, max_depth: 8 } : {} },
      });
      await insert("snapshot_step", {
        workspace_id: workspace.id,
        snapshot_id: snapshot,
        name: step.name,
        position,
        upstream: step.upstream,
        body_sha256: body,
      });
    }
  }

  const now = Date.now();
  const first = Number((await one("select coalesce(max(number), 0) as number from run where project_id = $1", [project.id])).number);
  const runIds: string[] = [];
  let failedRunId = "";
  const entries: Record<string, unknown>[] = [];
  for (let index = 0; index < runs; index++) {
    const age = runs - 1 - index;
    const start = new Date(now - (age * 0.9 + 0.07) * HOUR_MS * (1 + Math.floor(age / 40)));
    const name = PIPELINES[(index * 5) % PIPELINES.length] as string;
    const pipeline = pipelines.get(name) as { id: string; snapshot: string };
    const creator = creators[index % Math.max(1, creators.length)] as (typeof creators)[number];
    const status =
      age === 0
        ? "running"
        : age === 3
          ? "retrying"
          : age === 6
            ? "initializing"
            : age === 1
              ? "completed"
              : age === 2
                ? "failed"
                : (STATES[index % STATES.length] as string);
    const isOpen = status === "running" || status === "retrying" || status === "initializing";
    const seconds = 20 + random() ** 3 * 5000;
    const end = isOpen ? null : new Date(start.getTime() + (status === "cached" ? 4 : seconds) * 1000);
    const id = randomUUID();
    const runName =
      index % 23 === 7
        ? `nightly rebuild of the merchant risk features for the second quarter, try ${index}`
        : `${name}-${stamp(start)}_${String(Math.floor(random() * 1e6)).padStart(6, "0")}`;
    runIds.push(id);
    await insert("run", {
      id,
      ...here,
      pipeline_id: pipeline.id,
      snapshot_id: pipeline.snapshot,
      stack_id: index % 17 === 4 ? null : pick(stacks),
      model_version_id: name === "fraud_train" && status !== "failed" ? versions[index % versions.length] : null,
      name: runName,
      number: first + index + 1,
      index: index + 1,
      status,
      in_progress: isOpen,
      status_reason: status === "failed" ? "A step failed." : null,
      start_time: start,
      end_time: end,
      code_digest: index % 7 === 3 ? null : sha256(`code ${Math.floor(index / 6)}`).toString("hex"),
      exception_info: null,
      origin: creator?.kind === "service_account" ? "ci" : pick(ORIGINS),
      credential_kind: "api_key",
      request_id: randomUUID(),
      created_by: creator?.id,
      created_at: start,
      orchestrator_run_id: randomUUID(),
    });
    for (const tag of index % 12 === 5 ? TAGS.slice(0, 3) : random() < 0.7 ? [pick(TAGS)] : []) await tagged(tag, id, "pipeline_run");
    if (age < 30) {
      await addSteps(id, start, status, pipeline.snapshot, creator.id, seconds);
      if (status === "failed" && name === "fraud_train") failedRunId = id;
      if (status === "failed" && !failedRunId) failedRunId = id;
      await insert("metadata_entry", {
        id: randomUUID(),
        ...here,
        resource_type: "pipeline_run",
        resource_id: id,
        key: "auc",
        value: JSON.stringify(Math.round((0.9 + random() / 20) * 1e4) / 1e4),
        type: "float",
      });
      entries.push(entry(creator, "run.started", "run", id, runName, { after: { name: runName, pipeline: name, status: "initializing" } }));
      if (!isOpen) entries.push(entry(creator, "run.updated", "run", id, runName, { before: { status: "running" }, after: { status } }));
    }
  }
  await client.query("update project set run_number = $2 where id = $1", [project.id, first + runs]);
  const byHand = randomUUID();
  await insert("artifact", { id: byHand, ...here, name: "merchant_categories", has_custom_name: true });
  await tagged("q4", byHand, "artifact");
  await insert("artifact_version", {
    id: randomUUID(),
    ...here,
    artifact_id: byHand,
    version: "2026-q4",
    uri: "s3://northmere-ml/reference/merchant_categories.parquet",
    type: "DataArtifact",
    materializer: JSON.stringify({ module: "zenml.materializers", attribute: "PandasMaterializer" }),
    data_type: JSON.stringify({ module: "pandas.core.frame", attribute: "DataFrame" }),
    save_type: "manual",
    item_count: 4_812,
    artifact_store_id: storeId,
    request_id: randomUUID(),
    created_by: creators[0]?.id,
    created_at: new Date(now - 30 * 24 * HOUR_MS),
  });
  await seedModels(client, {
    workspaceId: workspace.id,
    projectId: project.id,
    modelId: model,
    versionIds: versions,
    makers: creators,
    tagIds: [...tags.values()],
    random,
  });

  async function addSteps(runId: string, start: Date, status: string, snapshot: string, creatorId: string, seconds: number) {
    const made = new Map<string, string>();
    const steps = status === "initializing" ? [] : status === "running" ? STEPS.slice(0, 3) : status === "failed" ? STEPS.slice(0, 3) : STEPS;
    let at = start.getTime();
    for (const [index, step] of steps.entries()) {
      const isLast = index === steps.length - 1;
      const state =
        status === "failed" && isLast
          ? "failed"
          : status === "running" && isLast
            ? "running"
            : status === "cached" || index === 0
              ? status === "cached"
                ? "cached"
                : "completed"
              : "completed";
      const stepId = randomUUID();
      const length = (seconds / steps.length) * 1000;
      const body = await document({
        spec: { source: { module: `steps.${step.name}`, attribute: step.name } },
        config: { parameters: step.name === "train_model" ? { scale_pos_weight: 41.2, max_depth: 8 } : {} },
      });
      await insert("step_run", {
        id: stepId,
        ...here,
        run_id: runId,
        snapshot_id: snapshot,
        name: step.name,
        status: state,
        start_time: new Date(at),
        end_time: state === "running" ? null : new Date(at + length),
        cache_key: sha256(step.name).toString("hex").slice(0, 32),
        docstring: step.name === "train_model" ? "Fits the booster on the labelled transactions." : null,
        source_code_sha256: step.name === "train_model" ? stepSource : null,
        body_sha256: body,
        exception_info:
          state === "failed"
            ? JSON.stringify({
                traceback: TRACEBACK,
                source: "builtins.ValueError",
                message: "feature_names mismatch: ['merchant_risk_30d', 'velocity_1h']",
                user_code_line: 4,
              })
            : null,
        request_id: randomUUID(),
        created_by: creatorId,
        created_at: new Date(at),
      });
      at += length;
      for (const [position, name] of step.upstream.flatMap((up) => STEPS.find((known) => known.name === up)?.outputs ?? []).entries()) {
        const version = made.get(name);
        if (version) await insert("step_run_input", { workspace_id: workspace.id, step_run_id: stepId, name, artifact_version_id: version, position });
      }
      if (state === "failed" || state === "running") continue;
      for (const [position, name] of step.outputs.entries()) {
        const version = randomUUID();
        made.set(name, version);
        const number = Number(
          (await one("update artifact set version_number = version_number + 1 where id = $1 returning version_number", [artifacts.get(name)])).version_number,
        );
        await insert("artifact_version", {
          id: version,
          ...here,
          artifact_id: artifacts.get(name),
          version: String(number),
          version_number: number,
          uri: `s3://northmere-ml/artifacts/${step.name}/${name}/${version}`,
          type: name === "fraud_scorer" ? "ModelArtifact" : "DataArtifact",
          materializer: JSON.stringify({ module: "zenml.materializers", attribute: "PandasMaterializer" }),
          data_type: JSON.stringify({ module: name === "fraud_scorer" ? "xgboost" : "pandas", attribute: name === "fraud_scorer" ? "Booster" : "DataFrame" }),
          save_type: "step_output",
          content_hash: name === "metrics" ? null : sha256(`${name} ${number}`).toString("hex").slice(0, 32),
          item_count: name === "fraud_scorer" ? null : 250_000,
          artifact_store_id: storeId,
          producer_step_run_id: stepId,
          producer_run_id: runId,
          request_id: randomUUID(),
          created_by: creatorId,
          created_at: new Date(at),
        });
        await insert("step_run_output", { workspace_id: workspace.id, step_run_id: stepId, name, artifact_version_id: version, position });
        if (number % 4 === 0) await tagged("retrain", version, "artifact_version");
        if (name === "fraud_scorer" && number % 3 === 0)
          await insert("model_version_artifact", {
            id: randomUUID(),
            workspace_id: workspace.id,
            model_version_id: versions[number % versions.length],
            artifact_version_id: version,
          });
        const size = Math.floor(random() * 1e8);
        await insert("metadata_entry", {
          id: randomUUID(),
          ...here,
          resource_type: "artifact_version",
          resource_id: version,
          key: "storage_size",
          value: JSON.stringify(size),
          value_number: size,
          type: "StorageSize",
        });
      }
    }
  }

  function entry(
    actor: { id: string; kind: string; name: string },
    action: string,
    type: string,
    id: string | null,
    name: string | null,
    more: Record<string, unknown> = {},
  ) {
    return {
      workspace_id: workspace.id,
      project_id: project.id,
      actor_id: actor.id,
      actor_kind: actor.kind,
      actor_name: actor.name,
      credential_kind: actor.kind === "user" ? "session" : "api_key",
      credential_id: randomUUID(),
      credential_label: actor.kind === "user" ? "browser session" : "ci",
      origin: actor.kind === "user" ? "ui" : "ci",
      request_id: randomUUID(),
      address: "10.20.4.17",
      action,
      target_type: type,
      target_id: id,
      target_name: name,
      outcome: "allowed",
      ...more,
    };
  }
  const [someone] = creators;
  if (someone) {
    entries.push(entry(someone, "secret.read", "secret", randomUUID(), "snowflake-features", { outcome: "denied", reason: "no_grant" }));
    entries.push(
      entry(someone, "grant.updated", "grant", randomUUID(), "fraud-interns", {
        before: { role: "viewer", until: null },
        after: { role: "contributor", until: "2026-12-31T22:59:59Z" },
      }),
    );
    entries.push(
      entry(someone, "stack.updated", "stack", staging, "eks-staging", {
        before: { description: "" },
        after: { description: "EKS in eu-west-1, GPU nodes" },
        claimed: { host: "mbp-aalto", version: "0.98.0" },
      }),
    );
  }
  await client.query("select append_audit($1, $2::jsonb)", [workspace.organization_id, JSON.stringify(entries)]);
  return { runIds, failedRunId };
}

const [, script = "", ownerUrl, workspace, runs] = process.argv;
if (/seed-ui/.test(script) && ownerUrl && workspace) {
  const { runIds, failedRunId } = await seedUi(ownerUrl, { workspace, runs: Number(runs ?? 180) });
  console.log(`${runIds.length} runs; a failed one: ${failedRunId}`);
}
