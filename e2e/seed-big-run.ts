import { createHash, randomUUID } from "node:crypto";
import pg from "pg";

// One big run for looking at graph, timeline and outline, and for measuring them: a step that plans partitions, three groups of mapped steps
// (extract → clean → score, one branch per partition), then a chain that merges, trains and publishes. Writes as the database's owner.
// As a script: node scripts/run.mjs e2e/seed-big-run.ts <owner url> <workspace> [steps] [failures]

const MINUTE_MS = 60_000;
const AT_ONCE = 16;
const CHAIN = ["merge", "balance", "split", "train_model", "calibrate", "evaluate", "explain", "write_card", "register_candidate"] as const;
const TRACEBACK = `Traceback (most recent call last):
  File "/home/mira/fraud/steps/score.py", line 23, in score
    return model.predict(rows[columns])
  File "/opt/venv/lib/python3.11/site-packages/pandas/core/frame.py", line 4108, in __getitem__
    raise KeyError(f"{not_found} not in index")
KeyError: "['velocity_1h'] not in index"
`;

export type BigRun = { runId: string; runName: string; failedSteps: string[]; steps: number };

type Step = { name: string; upstream: string[]; output: string; group: "extract" | "clean" | "score" | null; seconds: number };

const sha256 = (text: string) => createHash("sha256").update(text).digest();

/** Adds the run to a project. With failures some `score` steps fail at their second try and what comes after never starts; with none it ends well. */
export async function seedBigRun(
  ownerUrl: string,
  { workspace, project = "default", steps = 500, failures = 3 }: { workspace: string; project?: string; steps?: number; failures?: number },
): Promise<BigRun> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve -c timezone=UTC" });
  await client.connect();
  try {
    await client.query("begin");
    const made = await fill(client, workspace, project, steps, failures);
    await client.query("commit");
    return made;
  } finally {
    await client.end();
  }
}

/** One planning step, as many branches of three as fit, the chain. */
function planOf(count: number): Step[] {
  const branches = Math.max(1, Math.floor((count - 1 - CHAIN.length) / 3));
  const steps: Step[] = [{ name: "plan_partitions", upstream: [], output: "partitions", group: null, seconds: 14 }];
  const names = (group: string) => Array.from({ length: branches }, (_, at) => `map:${group}:${at}`);
  for (const name of names("extract")) steps.push({ name, upstream: ["plan_partitions"], output: "raw_rows", group: "extract", seconds: 20 });
  for (const [at, name] of names("clean").entries()) steps.push({ name, upstream: [`map:extract:${at}`], output: "rows", group: "clean", seconds: 9 });
  for (const [at, name] of names("score").entries()) steps.push({ name, upstream: [`map:clean:${at}`], output: "scores", group: "score", seconds: 31 });
  let before = names("score");
  for (const name of CHAIN) {
    steps.push({
      name,
      upstream: before,
      output: name === "train_model" ? "fraud_scorer" : `${name}_result`,
      group: null,
      seconds: name === "train_model" ? 620 : 45,
    });
    before = [name];
  }
  return steps;
}

async function fill(client: pg.Client, slug: string, projectName: string, count: number, failures: number): Promise<BigRun> {
  const one = async (text: string, values: unknown[]) => (await client.query(text, values)).rows[0];
  const workspace = await one("select id, organization_id from workspace where slug = $1", [slug]);
  const project = await one("select id from project where workspace_id = $1 and name = $2", [workspace.id, projectName]);
  await client.query("select set_config('reeve.workspaces', $1, true)", [workspace.id]);
  const here = { workspace_id: workspace.id, project_id: project.id };
  const creator = await one(
    "select p.id from principal p join role_grant g on g.principal_id = p.id where g.workspace_ref = $1 and g.role in ('contributor', 'workspace-admin') order by p.kind, p.id limit 1",
    [workspace.id],
  );
  /** Rows of one table in one statement, by the columns of the first. */
  const insert = async (table: string, rows: readonly Record<string, unknown>[], rest = "") => {
    if (rows.length === 0) return;
    const names = Object.keys(rows[0] as object)
      .map((name) => `"${name}"`)
      .join(", ");
    await client.query(`insert into ${table} (${names}) select ${names} from jsonb_populate_recordset(null::${table}, $1::jsonb) ${rest}`, [
      JSON.stringify(rows),
    ]);
  };
  const hex = (buffer: Buffer) => `\\x${buffer.toString("hex")}`;
  const documents = new Map<string, Record<string, unknown>>();
  const document = (value: unknown): string => {
    const body = JSON.stringify(value);
    const hash = hex(sha256(body));
    documents.set(hash, { workspace_id: workspace.id, sha256: hash, body });
    return hash;
  };

  const plan = planOf(count);
  const groupIds = { extract: randomUUID(), clean: randomUUID(), score: randomUUID() };
  const outputOf = new Map(plan.map((step) => [step.name, step.output]));
  const bodies = new Map(
    plan.map((step) => [
      step.name,
      document({
        spec: {
          source: { module: `steps.${step.group ?? step.name}`, attribute: step.group ?? step.name, type: "user" },
          upstream_steps: step.upstream,
          inputs: Object.fromEntries(
            step.upstream.map((name) => [`from_${name.replaceAll(/\W/g, "_")}`, { step_name: name, output_name: outputOf.get(name), chunk_index: null }]),
          ),
          invocation_id: step.name,
        },
        config: {
          name: step.name,
          parameters: step.group ? {} : { seed: 17 },
          outputs: { [step.output]: {} },
          group: step.group && { id: groupIds[step.group], name: step.group, type: "map" },
          retry: step.group === "score" ? { max_retries: 1 } : null,
        },
      }),
    ]),
  );
  const configuration = document({ name: "merchant_backfill", parameters: { partitions: Math.floor(count / 3) } });
  const environment = document({ python_version: "3.11.9", zenml_version: "0.98.0", os: "linux" });
  await insert("document", [...documents.values()], "on conflict do nothing");

  const pipeline = await one(
    "insert into pipeline (id, workspace_id, project_id, name) values ($1, $2, $3, $4) on conflict (project_id, name) do update set name = excluded.name returning id",
    [randomUUID(), workspace.id, project.id, "merchant_backfill"],
  );
  const snapshot = randomUUID();
  await insert("snapshot", [
    {
      id: snapshot,
      ...here,
      pipeline_id: pipeline.id,
      run_name_template: "merchant_backfill-{date}-{time}",
      step_count: plan.length,
      client_version: "0.98.0",
      server_version: "0.98.0",
      is_dynamic: false,
      pipeline_configuration_sha256: configuration,
      client_environment_sha256: environment,
      created_at: new Date(),
      updated_at: new Date(),
    },
  ]);
  await insert(
    "snapshot_step",
    plan.map((step, position) => ({
      workspace_id: workspace.id,
      snapshot_id: snapshot,
      name: step.name,
      position,
      upstream: step.upstream,
      body_sha256: bodies.get(step.name),
    })),
  );

  const scores = plan.filter((step) => step.group === "score").map((step) => step.name);
  const failedSteps = scores.filter((_, at) => at % Math.ceil(scores.length / Math.max(1, failures)) === 1 % scores.length).slice(0, failures);
  const started = Date.now() - 3 * 60 * MINUTE_MS;
  const runId = randomUUID();
  const { number } = await one(
    "update project set run_number = greatest(run_number, (select coalesce(max(number), 0) from run where project_id = $1)) + 1 where id = $1 returning run_number as number",
    [project.id],
  );
  const tries: Record<string, unknown>[] = [];
  const latest = new Map<string, string>();
  const endOf = new Map<string, number>();
  const lanes = new Map<string, number[]>();
  for (const [at, step] of plan.entries()) {
    if (step.upstream.some((name) => !endOf.has(name) || failedSteps.includes(name))) continue;
    const ready = step.upstream.reduce((latestEnd, name) => Math.max(latestEnd, endOf.get(name) as number), started + 4_000);
    const places = lanes.get(step.group ?? "") ?? Array.from({ length: AT_ONCE }, () => 0);
    lanes.set(step.group ?? "", places);
    const place = step.group ? at % AT_ONCE : 0;
    const isFailing = failedSteps.includes(step.name);
    const isCached = step.group === "extract" && at % 7 === 0;
    let start = Math.max(ready + 1_500 + (at % 5) * 700, places[place] as number);
    for (const version of isFailing ? [1, 2] : [1]) {
      const length = isCached ? 0 : step.seconds * 1000 * (0.7 + ((at * 37) % 60) / 100) * (isFailing ? 0.4 : 1);
      const id = randomUUID();
      latest.set(step.name, id);
      tries.push({
        id,
        ...here,
        run_id: runId,
        snapshot_id: snapshot,
        name: step.name,
        version,
        is_retriable: isFailing && version === 1,
        status: isCached ? "cached" : isFailing ? (version === 1 ? "retried" : "failed") : "completed",
        start_time: new Date(start),
        end_time: new Date(start + length),
        body_sha256: bodies.get(step.name),
        exception_info: isFailing
          ? { traceback: TRACEBACK, source: "builtins.KeyError", message: "\"['velocity_1h'] not in index\"", user_code_line: 4 }
          : null,
        request_id: randomUUID(),
        created_by: creator.id,
        created_at: new Date(start),
        updated_at: new Date(start + length),
      });
      start += length + 3_000;
    }
    const end = start - 3_000;
    places[place] = end;
    endOf.set(step.name, end);
  }
  const end = Math.max(...endOf.values());
  const runName = `merchant_backfill-${plan.length}_steps-${runId.slice(0, 8)}`;
  await insert("run", [
    {
      id: runId,
      ...here,
      pipeline_id: pipeline.id,
      snapshot_id: snapshot,
      name: runName,
      number,
      index: number,
      status: failedSteps.length > 0 ? "failed" : "completed",
      status_reason: failedSteps.length > 0 ? "A step failed." : null,
      in_progress: false,
      is_dynamic: false,
      enable_heartbeat: false,
      start_time: new Date(started),
      end_time: new Date(end + 2_000),
      origin: "ci",
      credential_kind: "api_key",
      request_id: randomUUID(),
      created_by: creator.id,
      created_at: new Date(started),
      updated_at: new Date(end + 2_000),
    },
  ]);
  await insert("step_run", tries);

  const artifactIds = new Map<string, { id: string; version: number }>();
  for (const name of new Set(outputOf.values()))
    artifactIds.set(
      name,
      await one(
        `insert into artifact (id, workspace_id, project_id, name, has_custom_name) values ($1, $2, $3, $4, true)
         on conflict (project_id, name) do update set name = excluded.name returning id, version_number as version`,
        [randomUUID(), workspace.id, project.id, name],
      ),
    );
  const versions = new Map<string, Record<string, unknown>>();
  for (const step of plan) {
    if (!latest.has(step.name) || failedSteps.includes(step.name)) continue;
    const artifact = artifactIds.get(step.output) as { id: string; version: number };
    artifact.version++;
    const id = randomUUID();
    versions.set(step.name, {
      id,
      ...here,
      artifact_id: artifact.id,
      version: String(artifact.version),
      version_number: artifact.version,
      uri: `s3://northmere-ml/artifacts/${step.output}/${id}`,
      type: step.output === "fraud_scorer" ? "ModelArtifact" : "DataArtifact",
      materializer: { module: "zenml.materializers", attribute: "PandasMaterializer" },
      data_type: { module: "pandas", attribute: "DataFrame" },
      save_type: "step_output",
      content_hash: sha256(`${runId} ${step.name}`).toString("hex").slice(0, 32),
      producer_step_run_id: latest.get(step.name),
      producer_run_id: runId,
      request_id: randomUUID(),
      created_by: creator.id,
      created_at: new Date(endOf.get(step.name) as number),
      updated_at: new Date(endOf.get(step.name) as number),
    });
  }
  await insert("artifact_version", [...versions.values()]);
  for (const { id, version } of artifactIds.values()) await client.query("update artifact set version_number = $2 where id = $1", [id, version]);
  await insert(
    "step_run_output",
    [...versions].map(([name, version]) => ({
      workspace_id: workspace.id,
      step_run_id: latest.get(name),
      name: outputOf.get(name),
      artifact_version_id: version.id,
      position: 0,
    })),
  );
  await insert(
    "step_run_input",
    plan.flatMap((step) =>
      step.upstream.flatMap((name, position) => {
        const version = versions.get(name);
        const stepRun = latest.get(step.name);
        return version && stepRun
          ? [{ workspace_id: workspace.id, step_run_id: stepRun, name: outputOf.get(name), artifact_version_id: version.id, type: "step_output", position }]
          : [];
      }),
    ),
  );
  return { runId, runName, failedSteps, steps: plan.length };
}

const [, script = "", ownerUrl, workspaceSlug, stepCount, failureCount] = process.argv;
if (/seed-big-run/.test(script) && ownerUrl && workspaceSlug) {
  const made = await seedBigRun(ownerUrl, { workspace: workspaceSlug, steps: Number(stepCount ?? 500), failures: Number(failureCount ?? 3) });
  console.log(`${made.steps} steps: ${made.runId}`);
}
