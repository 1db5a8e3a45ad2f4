/*
 * npm run bench:ledger: how long the ledger of secrets takes to answer with a million uses of a thousand secrets, a fifth of them of one
 * secret, by 100,000 runs. It needs no build and no server. docs/performance.md says how to read it.
 */
import type pg from "pg";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization } from "@/lib/kernel/test-organization";
import { getSecretLedger } from "@/lib/secrets/get-ledger";
import { getRunCredentials } from "@/lib/secrets/get-run-credentials";
import { listLedgerRuns } from "@/lib/secrets/list-ledger-runs";
import { alone } from "./alone";
import { percentile } from "./load";
import type { Verdicts } from "./verdicts";

const SECRETS = 1_000;
const PIPELINES = 200;
const STACKS = 50;
const RUNS = 100_000;
const USES = 1_000_000;
const ANSWER_MS = 300;
const ASKED = 60;
const DAYS = 365;
const DAY_MS = 86_400_000;

await alone(async ({ owner, verdicts }) => {
  const acme = await makeTestOrganization();
  const context = callAs(acme.people["workspace-admin"], acme.own.workspace);
  const { secrets, runs } = await fill(owner, acme.own.workspace.id, acme.own.projectId, acme.people.contributor.id);
  const pick = <T>(list: readonly T[]) => list[Math.floor(Math.random() * list.length)] as T;
  const span = () => {
    const from = Date.now() - Math.random() * DAYS * DAY_MS;
    return { from: new Date(from).toISOString(), to: new Date(Math.min(Date.now(), from + Math.random() * 90 * DAY_MS)).toISOString() };
  };
  const all = { from: new Date(Date.now() - DAYS * DAY_MS).toISOString(), to: new Date().toISOString() };
  const busiest = secrets[0] as string;
  console.log("| what | p50 | p95 | most |\n|---|---:|---:|---:|");
  await timed(verdicts, "the ledger of a secret, some weeks", () => ask(getSecretLedger, context, { id: pick(secrets), ...span() }));
  await timed(verdicts, "the ledger of a secret, the whole year", () => ask(getSecretLedger, context, { id: pick(secrets), ...all }));
  await timed(verdicts, "the ledger of the busiest, some weeks", () => ask(getSecretLedger, context, { id: busiest, ...span() }));
  await timed(verdicts, "the ledger of the busiest, the whole year", () => ask(getSecretLedger, context, { id: busiest, ...all }));
  for (const which of ["could", "did"] as const)
    for (const [name, id] of [
      ["a secret", () => pick(secrets)],
      ["the busiest", () => busiest],
    ] as const)
      await timed(verdicts, `runs that ${which} use ${name}, the whole year`, () => ask(listLedgerRuns, context, { id: id(), which, ...all }));
  await timed(verdicts, "credentials of a run", () => ask(getRunCredentials, context, { projectId: acme.own.projectId, runId: pick(runs) }));
});

async function timed(verdicts: Verdicts, what: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = [];
  await work();
  for (let at = 0; at < ASKED; at++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => percentile(times, share);
  console.log(`| ${what} | ${at(50).toFixed(1)} | ${at(95).toFixed(1)} | ${at(100).toFixed(1)} |`);
  verdicts.atMost(`${what}, p95 in ms`, at(95), ANSWER_MS);
}

async function fill(owner: pg.Client, workspace: string, project: string, person: string): Promise<{ secrets: string[]; runs: string[] }> {
  const run = (text: string) =>
    owner.query(text.replaceAll("$WS", `'${workspace}'::uuid`).replaceAll("$PROJECT", `'${project}'::uuid`).replaceAll("$ME", `'${person}'::uuid`));
  await run(`create temp table s as select n, gen_random_uuid() as id from generate_series(0, ${SECRETS - 1}) n;
    create temp table p as select n, gen_random_uuid() as id, gen_random_uuid() as snapshot from generate_series(0, ${PIPELINES - 1}) n;
    create temp table k as select n, gen_random_uuid() as id, gen_random_uuid() as component from generate_series(0, ${STACKS - 1}) n;
    create temp table r as select n, gen_random_uuid() as id, n % ${PIPELINES} as p, (n / 7) % ${STACKS} as k, clock_timestamp() - interval '${DAYS} days' * (n::float8 / ${RUNS}) as at
      from generate_series(0, ${RUNS - 1}) n;
    insert into secret (id, workspace_id, name, key_names, created_by, created_at) select id, $WS, 'secret-' || n, '{key}', $ME, clock_timestamp() - interval '400 days' from s;
    insert into pipeline (id, workspace_id, project_id, name) select id, $WS, $PROJECT, 'pipeline-' || n from p;
    insert into snapshot (id, workspace_id, project_id, pipeline_id, run_name_template, pipeline_configuration_sha256, client_environment_sha256)
      select snapshot, $WS, $PROJECT, id, 'x', '\\x00', '\\x00' from p;
    insert into snapshot_step (workspace_id, snapshot_id, name, position, body_sha256) select $WS, snapshot, 'load', 0, '\\x00' from p;
    insert into stack (id, workspace_id, name) select id, $WS, 'stack-' || n from k;
    insert into stack_part (stack_id, component_id, workspace_id, valid_from) select id, component, $WS, clock_timestamp() - interval '400 days' from k;
    insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, stack_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by, created_at, start_time, end_time)
      select r.id, $WS, $PROJECT, p.id, p.snapshot, k.id, 'run-' || r.n, r.n + 1, r.n + 1, 'completed', false, 'api', 'api_key', 'bench', $ME, r.at, r.at, r.at + interval '20 minutes'
      from r join p on p.n = r.p join k on k.n = r.k`);
  // Each secret is bound to a stack, a component, a pipeline and a step of another one, with a few that ended.
  await run(`insert into secret_binding (id, workspace_id, secret_id, kind, target_id, target_name, step, path, opened_request_id, valid_from, valid_to, closed_request_id)
      select gen_random_uuid(), $WS, s.id, b.kind, b.target, b.kind, b.step, 'attached', 'bench', clock_timestamp() - interval '390 days',
        case when s.n % 3 = 0 then clock_timestamp() - interval '30 days' end, case when s.n % 3 = 0 then 'bench' end
      from s join lateral (
        select 'stack' as kind, k.id as target, null as step from k where k.n = s.n % ${STACKS} union all select 'component', k.component, null from k where k.n = (s.n + 7) % ${STACKS}
        union all select 'pipeline', p.id, null from p where p.n = s.n % ${PIPELINES} union all select 'step', p.id, 'load' from p where p.n = (s.n + 3) % ${PIPELINES}) b on true`);
  await run(`create temp table b as select distinct on (secret_id) id, secret_id from secret_binding;
    insert into secret_use (id, workspace_id, secret_id, version, purpose, principal_id, credential_kind, request_id, at, run_id, binding_id, exactness)
      select gen_random_uuid(), $WS, s.id, 1, 'run', $ME, 'workload', 'bench', r.at + interval '1 minute', r.id, b.id, 'exact'
      from generate_series(0, ${USES - 1}) u(n) join s on s.n = case when u.n % 5 = 0 then 0 else (u.n::bigint * 7919) % ${SECRETS} end join r on r.n = u.n % ${RUNS} left join b on b.secret_id = s.id`);
  await owner.query("vacuum analyze");
  const secrets = await owner.query<{ id: string }>("select id from s order by n");
  const runs = await owner.query<{ id: string }>("select id from r order by n limit 5000");
  return { secrets: secrets.rows.map((row) => row.id), runs: runs.rows.map((row) => row.id) };
}
