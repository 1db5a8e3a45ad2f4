import { randomUUID } from "node:crypto";
import pg from "pg";

// A past for a secret that was made by a client or a page: what it was bound to in the last weeks, and which runs used it.

const DAYS_BACK = 24;

/** Binds the secret to pipelines, a step and a stack of the project's latest runs, and writes some of their uses. Gives the runs that used it. */
export async function seedSecretPast(ownerUrl: string, secretId: string): Promise<{ used: string[] }> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("set search_path = reeve");
    const { rows } = await client.query<{ workspace_id: string }>("select workspace_id from secret where id = $1", [secretId]);
    const workspace = rows[0]?.workspace_id;
    await client.query("update secret_state set valid_from = now() - interval '60 days' where secret_id = $1", [secretId]);
    const bind = async (kind: string, target: string, name: string, step: string | null, from: number, to: number | null) => {
      const id = randomUUID();
      await client.query(
        `insert into secret_binding (id, workspace_id, secret_id, kind, target_id, target_name, step, path, opened_request_id, valid_from, valid_to, closed_request_id)
         values ($1, $2, $3, $4, $5, $6, $7, 'attached', $8, now() - $9 * interval '1 day', now() - $10 * interval '1 day', case when $10::float8 is null then null else $8 end)`,
        [id, workspace, secretId, kind, target, name, step, randomUUID(), from, to],
      );
      return id;
    };
    const pipelines = await client.query<{ id: string; name: string }>(
      `select p.id, p.name from pipeline p join run r on r.pipeline_id = p.id where p.workspace_id = $1 and r.stack_id is not null group by p.id order by count(*) desc, p.name limit 3`,
      [workspace],
    );
    const [first, second, third] = pipelines.rows;
    if (!first) return { used: [] };
    const bindings = new Map([[first.id, await bind("pipeline", first.id, first.name, null, 58, null)]]);
    if (second) bindings.set(second.id, await bind("step", second.id, second.name, "load_transactions", DAYS_BACK, null));
    if (third) bindings.set(third.id, await bind("pipeline", third.id, third.name, null, DAYS_BACK, 6));
    const used: string[] = [];
    for (const [pipeline, binding] of bindings) {
      const runs = await client.query<{ id: string; created_by: string; created_at: string; step: string | null }>(
        `select r.id, r.created_by, r.created_at, (select s.id from step_run s where s.run_id = r.id order by s.start_time, s.id limit 1) as step from run r
         join secret_binding b on b.id = $2 where r.pipeline_id = $1 and r.created_at >= b.valid_from and r.created_at < coalesce(b.valid_to, 'infinity')
         order by r.created_at desc limit 25`,
        [pipeline, binding],
      );
      for (const run of runs.rows) {
        used.push(run.id);
        await client.query(
          `insert into secret_use (id, workspace_id, secret_id, version, purpose, principal_id, credential_kind, credential_id, request_id, at, run_id, step_run_id, binding_id, exactness)
           values ($1, $2, $3, 1, 'run', $4, 'workload', $5::uuid::text, $6, $7::timestamptz + interval '4 seconds', $5::uuid, $8, $9, 'exact')`,
          [randomUUID(), workspace, secretId, run.created_by, run.id, randomUUID(), run.created_at, run.step, binding],
        );
      }
    }
    return { used };
  } finally {
    await client.end();
  }
}
