import "server-only";
import { sql } from "kysely";
import { anyOf } from "@/lib/kernel/any-of";
import type { Tx } from "@/lib/kernel/transaction";
import { RUNNING } from "./status";

/** Of each run, how many steps have ended by their latest try, and how many there are, with those that a run in progress has yet to begin. */
export async function countSteps(tx: Tx, runIds: readonly string[]): Promise<Map<string, { ended: number; total: number }>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await sql<{ id: string; ended: number; total: number }>`
    select r.id, coalesce(s.ended, 0) as ended, greatest(coalesce(s.started, 0), case when r.in_progress then coalesce(n.step_count, 0) else 0 end) as total
    from run r left join snapshot n on n.id = r.snapshot_id
      left join lateral (
        select count(*)::int as started, (count(*) filter (where latest.status not in (${sql.join(RUNNING)})))::int as ended
        from (select distinct on (t.name) t.status from step_run t where t.run_id = r.id order by t.name, t.version desc) latest) s on true
    where r.id = ${anyOf([...runIds])}`.execute(tx);
  return new Map(rows.map(({ id, ended, total }) => [id, { ended, total }]));
}
