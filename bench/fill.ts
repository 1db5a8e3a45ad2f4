import "server-only";
import type pg from "pg";

// Fills a project with runs as pipelines leave them: each run with its snapshot, five steps in a row, an artifact version per step,
// metadata, tags, a log record, its entries in the trail and, every second one, a model version with what it was made of. Written in sets by the cluster's superuser, past the product's
// commands, triggers and foreign keys: it is ballast for measuring reads. Ids and times come from the run's number, so filling goes on
// where it ended.

export type Plot = { organizationId: string; workspaceId: string; projectId: string; stackId: string; storeId: string; people: readonly string[] };

/** The step that makes what a model version is of, by its place. */
const TRAIN = "4";
const STEPS = ["load", "clean", "split", "train", "evaluate"] as const;
const PIPELINES = 20;
const MODELS = 10;
const TAGS = 30;
const MINUTES_BETWEEN_RUNS = 3;
const SLICE = 20_000;
/** What the product counts by triggers, which are off here. */
const COUNTED = ["run", "step_run", "artifact", "artifact_version", "model", "model_version", "pipeline", "snapshot"];

/**
 * Functions of this session: an id whose first bits are its time (as UUIDv7), and the time of a run's number. Each names its values once
 * and is as volatile as what it asks: only so does PostgreSQL put its body in its place, and a run takes a hundred ids.
 */
const FUNCTIONS = `
create function pg_temp.bench_id(t timestamptz, seed text) returns uuid language sql stable as
$$ select overlay(overlay(lpad(to_hex((extract(epoch from t) * 1000)::bigint), 12, '0') || substr(md5(seed), 1, 20) placing '7' from 13) placing 'a' from 17)::uuid $$;
create function pg_temp.bench_time(n bigint) returns timestamptz language sql stable as
$$ select date_trunc('day', now()) - interval '1 day' - make_interval(mins => (${MINUTES_BETWEEN_RUNS} * (1000000 - n))::int) $$;
create function pg_temp.bench_fixed(seed text) returns uuid language sql immutable as $$ select overlay(overlay(md5(seed) placing '4' from 13) placing 'a' from 17)::uuid $$;
`;

/** Adds the runs `from`…`to` (numbers, both included) to the project, with pipelines, models, artifacts and tags at the first call. */
export async function fill(client: pg.Client, plot: Plot, from: number, to: number): Promise<void> {
  await client.query("set search_path = reeve; set synchronous_commit = off; set jit = off; set work_mem = '256MB'; set session_replication_role = replica");
  await client.query(`drop function if exists pg_temp.bench_id, pg_temp.bench_time, pg_temp.bench_fixed; ${FUNCTIONS}`);
  const values = { organization: plot.organizationId, workspace: plot.workspaceId, project: plot.projectId, stack: plot.stackId, store: plot.storeId };
  const run = (text: string, more: Record<string, string> = {}) => client.query(named(text, { ...values, ...more }));
  const people = `(array[${plot.people.map((id) => `'${id}'`).join(",")}]::uuid[])`;
  await run(ONCE, { people });
  for (let first = from; first <= to; first += SLICE) {
    const last = Math.min(to, first + SLICE - 1);
    for (const text of PER_RUN) await run(text, { first: String(first), last: String(last), people });
  }
  await run("update project set run_number = greatest(run_number, :last) where id = ':project'", { last: String(to) });
  await run(
    "update pipeline p set run_index = c.runs, run_count = c.runs from (select pipeline_id, count(*) as runs from run where project_id = ':project' group by 1) c where c.pipeline_id = p.id",
  );
  await run(
    "update model m set version_count = c.versions from (select model_id, count(*) as versions from model_version where project_id = ':project' group by 1) c where c.model_id = m.id",
  );
  await run(`update artifact a set version_count = c.versions, latest_version_id = c.id, latest_version_at = c.created_at
    from (select distinct on (artifact_id) artifact_id, id, created_at, count(*) over (partition by artifact_id) as versions
          from artifact_version where project_id = ':project' order by artifact_id, created_at desc, id desc) c where c.artifact_id = a.id`);
  for (const kind of COUNTED)
    await run(
      `insert into entity_count (workspace_id, project_id, kind, slot, total) select ':workspace', ':project', '${kind}', 0, count(*) from ${kind} where project_id = ':project'
       on conflict (project_id, kind, slot) do update set total = excluded.total`,
    );
  await client.query(
    "vacuum (analyze) run, step_run, snapshot, snapshot_step, artifact_version, metadata_entry, tag_resource, model_version, model_version_run, step_run_input, step_run_output, step_run_parent, log_record, model_version_artifact, audit_entry, entity_count",
  );
}

const named = (text: string, values: Record<string, string>) => text.replace(/:(\w+)/g, (all, name: string) => values[name] ?? all);

const id = (kind: string, n: string) => `pg_temp.bench_id(pg_temp.bench_time(${n}), ':project ${kind} ' || ${n})`;
const stepId = (n: string, s: string) => `pg_temp.bench_id(pg_temp.bench_time(${n}), ':project step ' || ${n} || ' ' || ${s})`;
const versionId = (n: string, s: string) => `pg_temp.bench_id(pg_temp.bench_time(${n}), ':project output ' || ${n} || ' ' || ${s})`;
const fixed = (kind: string, n: string) => `pg_temp.bench_fixed(':project ${kind} ' || ${n})`;
const names = `(array[${STEPS.map((name) => `'${name}'`).join(",")}])`;
const by = "(:people)[1 + n % array_length(:people, 1)]";
const runs = "generate_series(:first::bigint, :last::bigint) n";
const steps = `${runs}, generate_series(1, ${STEPS.length}) s`;
const document = (kind: string, n: string) => `sha256((':project ${kind} ' || ${n})::bytea)`;

const ONCE = `
insert into document (workspace_id, sha256, body) select ':workspace', ${document("configuration", "n")},
  json_build_object('name', 'pipeline-' || n, 'parameters', json_build_object('rows', n), 'filler', repeat('x', 3000))::text from generate_series(1, ${PIPELINES}) n on conflict do nothing;
insert into document (workspace_id, sha256, body) values (':workspace', ${document("environment", "0")}, '{"os":"linux","python_version":"3.11.9","environment":"native"}') on conflict do nothing;
insert into document (workspace_id, sha256, body) select ':workspace', ${document("step", "s")},
  json_build_object('config', json_build_object('name', (${names})[s], 'filler', repeat('y', 1500)), 'spec', json_build_object('source', 'bench.py'))::text from generate_series(1, ${STEPS.length}) s on conflict do nothing;
insert into pipeline (id, workspace_id, project_id, name, created_by)
  select ${fixed("pipeline", "n")}, ':workspace', ':project', 'pipeline-' || n, (:people)[1] from generate_series(1, ${PIPELINES}) n on conflict do nothing;
insert into model (id, workspace_id, project_id, name, created_by)
  select ${fixed("model", "n")}, ':workspace', ':project', 'model-' || n, (:people)[1] from generate_series(1, ${MODELS}) n on conflict do nothing;
insert into artifact (id, workspace_id, project_id, name, created_by)
  select ${fixed("artifact", "n || ' ' || s")}, ':workspace', ':project', 'pipeline-' || n || '-' || (${names})[s], (:people)[1]
  from generate_series(1, ${PIPELINES}) n, generate_series(1, ${STEPS.length}) s on conflict do nothing;
insert into tag (id, workspace_id, name, color, created_by)
  select ${fixed("tag", "n")}, ':workspace', 'tag-' || n, 'blue', (:people)[1] from generate_series(1, ${TAGS}) n on conflict do nothing;
`;

const at = "pg_temp.bench_time(n)";
const pipelineOf = `1 + n % ${PIPELINES}`;
const failed = "n % 12 = 0";

const PER_RUN = [
  `insert into snapshot (id, workspace_id, project_id, pipeline_id, stack_id, run_name_template, step_count, client_version, server_version,
     pipeline_configuration_sha256, client_environment_sha256, created_by, created_at, updated_at)
   select ${id("snapshot", "n")}, ':workspace', ':project', ${fixed("pipeline", `(${pipelineOf})`)}, ':stack', 'run-{date}-{time}', ${STEPS.length}, '0.98.0', '0.98.0',
     ${document("configuration", `(${pipelineOf})`)}, ${document("environment", "0")}, ${by}, ${at}, ${at} from ${runs}`,
  `insert into snapshot_step (workspace_id, snapshot_id, name, position, upstream, body_sha256)
   select ':workspace', ${id("snapshot", "n")}, (${names})[s], s - 1, case when s = 1 then '{}' else array[(${names})[s - 1]] end, ${document("step", "s")} from ${steps}`,
  `insert into model_version (id, workspace_id, project_id, model_id, number, name, created_by, created_at, updated_at)
   select ${id("model version", "n")}, ':workspace', ':project', ${fixed("model", `(1 + n % ${MODELS})`)}, n, n::text, ${by}, ${at}, ${at} from ${runs} where n % 2 = 0`,
  `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, stack_id, model_version_id, name, number, index, status, in_progress, orchestrator_run_id,
     start_time, end_time, code_digest, origin, credential_kind, request_id, created_by, created_at, updated_at)
   select ${id("run", "n")}, ':workspace', ':project', ${fixed("pipeline", `(${pipelineOf})`)}, ${id("snapshot", "n")}, ':stack', case when n % 2 = 0 then ${id("model version", "n")} end,
     'pipeline-' || (${pipelineOf}) || '-' || n, n, 1 + n / ${PIPELINES}, case when ${failed} then 'failed' when n % 25 = 0 then 'cached' else 'completed' end, false, 'o' || n,
     ${at}, ${at} + make_interval(secs => 20 + n % 600), md5('code ' || n / 40), (array['api','ci','ui'])[1 + n % 3], 'api_key', 'bench', ${by}, ${at}, ${at} from ${runs}`,
  `insert into step_run (id, workspace_id, project_id, run_id, snapshot_id, name, status, start_time, end_time, cache_key, body_sha256, request_id, created_by, created_at, updated_at)
   select ${stepId("n", "s")}, ':workspace', ':project', ${id("run", "n")}, ${id("snapshot", "n")}, (${names})[s], case when ${failed} and s = ${STEPS.length} then 'failed' else 'completed' end,
     ${at} + make_interval(secs => 3 * s), ${at} + make_interval(secs => 3 * s + 3), md5(n || ' ' || s), ${document("step", "s")}, 'bench', ${by}, ${at}, ${at} from ${steps}`,
  `insert into step_run_parent (workspace_id, step_run_id, parent_id) select ':workspace', ${stepId("n", "s")}, ${stepId("n", "(s - 1)")} from ${steps} where s > 1`,
  `insert into artifact_version (id, workspace_id, project_id, artifact_id, version, version_number, uri, type, materializer, data_type, save_type, artifact_store_id, producer_step_run_id,
     producer_run_id, request_id, created_by, created_at, updated_at)
   select ${versionId("n", "s")}, ':workspace', ':project', ${fixed("artifact", `(${pipelineOf}) || ' ' || s`)}, n::text, n, '/store/' || n || '/' || s, 'DataArtifact',
     '{"module":"zenml.materializers.built_in_materializer","attribute":"BuiltInMaterializer","type":"internal"}', '{"module":"builtins","attribute":"dict","type":"builtin"}', 'step_output', ':store',
     ${stepId("n", "s")}, ${id("run", "n")}, 'bench', ${by}, ${at}, ${at} from ${steps}`,
  `insert into step_run_output (workspace_id, step_run_id, name, artifact_version_id) select ':workspace', ${stepId("n", "s")}, 'output', ${versionId("n", "s")} from ${steps}`,
  `insert into step_run_input (workspace_id, step_run_id, name, artifact_version_id) select ':workspace', ${stepId("n", "s")}, 'data', ${versionId("n", "(s - 1)")} from ${steps} where s > 1`,
  `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type, created_by, created_at)
   select ${id("run metadata", "n")}, ':workspace', ':project', 'pipeline_run', ${id("run", "n")}, 'rows', n::text, n, 'int', ${by}, ${at} from ${runs}`,
  `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type, publisher_step_id, created_by, created_at)
   select pg_temp.bench_id(${at}, ':project metadata ' || n || ' ' || s), ':workspace', ':project', 'step_run', ${stepId("n", "s")}, 'score', (1.0 / (n + s))::text, 1.0 / (n + s), 'float',
     ${stepId("n", "s")}, ${by}, ${at} from ${steps}`,
  `insert into tag_resource (id, workspace_id, tag_id, resource_id, resource_type, created_at)
   select pg_temp.bench_id(${at}, ':project tag ' || n || ' ' || s), ':workspace', ${fixed("tag", `(1 + (n * s) % ${TAGS})`)}, ${id("run", "n")}, 'pipeline_run', ${at}
   from ${runs}, generate_series(1, 2) s on conflict do nothing`,
  `insert into tag_resource (id, workspace_id, tag_id, resource_id, resource_type, created_at)
   select pg_temp.bench_id(${at}, ':project version tag ' || n), ':workspace', ${fixed("tag", `(1 + n % ${TAGS})`)}, ${versionId("n", TRAIN)}, 'artifact_version', ${at}
   from ${runs} where n % 5 = 0`,
  `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type, created_by, created_at)
   select pg_temp.bench_id(${at}, ':project length ' || n || ' ' || s), ':workspace', ':project', 'artifact_version', ${versionId("n", "s")}, 'length', (n % 977)::text, n % 977, 'int', ${by}, ${at}
   from ${steps}`,
  `insert into metadata_entry (id, workspace_id, project_id, resource_type, resource_id, key, value, value_number, type, created_by, created_at)
   select pg_temp.bench_id(${at}, ':project accuracy ' || n), ':workspace', ':project', 'model_version', ${id("model version", "n")}, 'accuracy', ((n % 1000) / 1000.0)::text, (n % 1000) / 1000.0, 'float',
     ${by}, ${at} from ${runs} where n % 2 = 0`,
  `insert into model_version_artifact (id, workspace_id, model_version_id, artifact_version_id, created_by, created_at)
   select pg_temp.bench_id(${at}, ':project model artifact ' || n || ' ' || s), ':workspace', ${id("model version", "n")}, ${versionId("n", "s")}, ${by}, ${at} from ${steps} where n % 2 = 0`,
  `insert into model_version_run (id, workspace_id, model_version_id, run_id, created_at)
   select ${id("model run", "n")}, ':workspace', ${id("model version", "n")}, ${id("run", "n")}, ${at} from ${runs} where n % 2 = 0`,
  `insert into log_record (id, workspace_id, project_id, source, uri, run_id, created_by, created_at, updated_at)
   select ${id("log", "n")}, ':workspace', ':project', 'client', '/store/logs/' || n, ${id("run", "n")}, ${by}, ${at}, ${at} from ${runs}`,
  `with head as (update audit_head set last_seq = last_seq + 2 * (:last::bigint - :first::bigint + 1) where organization_id = ':organization' returning last_seq - 2 * (:last::bigint - :first::bigint + 1) as before)
   insert into audit_entry (organization_id, seq, workspace_id, project_ref, at, actor_id, actor_kind, actor_name, credential_kind, credential_label, origin, request_id, action, target_type, target_id,
     target_name, outcome, after)
   select ':organization', head.before + 2 * (n - :first::bigint) + s, ':workspace', ':project', ${at}, ${by}, 'user', 'Bench', 'api_key', 'default', 'api', 'bench',
     case s when 1 then 'run.started' else 'run.ended' end, 'run', (${id("run", "n")})::text, 'pipeline-' || (${pipelineOf}) || '-' || n, 'allowed', '{"status":"running"}'::jsonb
   from head, ${runs}, generate_series(1, 2) s`,
];
