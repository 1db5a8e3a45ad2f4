import { randomUUID } from "node:crypto";
import pg from "pg";

// Runs that want something of a person: one with an open question and an answered one, one whose steps fell silent. Made of the newest run
// that seed-ui left, as the database's owner.

const SCHEMA = {
  $defs: { Verdict: { enum: ["ship", "hold"], type: "string" } },
  type: "object",
  title: "Release",
  properties: {
    verdict: { $ref: "#/$defs/Verdict", title: "Verdict", description: "What happens with the model." },
    threshold: { type: "number", title: "Threshold", default: 0.9, minimum: 0, maximum: 1 },
    note: { anyOf: [{ type: "string" }, { type: "null" }], default: null, title: "Note" },
  },
  required: ["verdict"],
};

export async function seedAttention(ownerUrl: string, workspace: string): Promise<{ waitingRunId: string; lostRunId: string }> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve -c timezone=UTC" });
  await client.connect();
  try {
    await client.query("begin");
    const [waitingRunId, lostRunId] = [await runLike(client, workspace, "label_review", true), await runLike(client, workspace, "fraud_embed", false)];
    await client.query(
      `insert into wait_condition (id, workspace_id, project_id, run_id, name, type, question, data_schema, status, resolution, result, resolved_at, resolved_by, request_id, created_by, created_at)
       select x.id::uuid, r.workspace_id, r.project_id, r.id, x.name, 'external_input', x.question, x.schema, x.status, x.resolution, x.result,
         case when x.status = 'resolved' then now() - interval '20 minutes' end, case when x.status = 'resolved' then r.created_by end, 'seed', r.created_by, now() - x.ago::interval
       from run r, (values ($2, 'release', 'Ship the model that was just evaluated? AUC 0.941 against 0.938 of the one that serves.', $3, 'pending', null, null, '12 minutes'),
         ($4, 'sample', 'How many labels were looked at?', '{"type":"integer"}', 'resolved', 'continue', '250', '40 minutes')) x(id, name, question, schema, status, resolution, result, ago)
       where r.id = $1`,
      [waitingRunId, randomUUID(), JSON.stringify(SCHEMA), randomUUID()],
    );
    await client.query(
      `insert into step_run (id, workspace_id, project_id, run_id, snapshot_id, name, status, start_time, latest_heartbeat_at, body_sha256, request_id, created_by)
       select gen_random_uuid(), r.workspace_id, r.project_id, r.id, r.snapshot_id, s.name, 'running', now() - interval '3 hours', now() - interval '2 hours', s.body_sha256, 'seed', r.created_by
       from run r join snapshot_step s on s.snapshot_id = r.snapshot_id where r.id = $1 order by s.position limit 1`,
      [lostRunId],
    );
    await client.query("update run set lost_at = now() - interval '90 minutes' where id = $1", [lostRunId]);
    await client.query("commit");
    return { waitingRunId, lostRunId };
  } finally {
    await client.end();
  }
}

async function runLike(client: pg.Client, workspace: string, name: string, isDynamic: boolean): Promise<string> {
  const { rows } = await client.query(
    `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, stack_id, name, number, index, status, in_progress, is_dynamic, enable_heartbeat, origin, credential_kind, request_id, created_by, start_time)
     select gen_random_uuid(), r.workspace_id, r.project_id, r.pipeline_id, r.snapshot_id, r.stack_id, $2 || '-' || gen_random_uuid(), r.number + 1, r.index + 1, 'running', true, $3, true,
       r.origin, r.credential_kind, r.request_id, c.id, now() - interval '3 hours'
     from run r join project p on p.id = r.project_id and p.name = 'default' join workspace w on w.id = p.workspace_id and w.slug = $1,
       lateral (select g.principal_id as id from role_grant g join principal q on q.id = g.principal_id where g.workspace_ref = w.id and g.role = 'contributor' and q.kind = 'user' limit 1) c
     order by r.number desc limit 1 returning id`,
    [workspace, name, isDynamic],
  );
  return rows[0].id as string;
}
