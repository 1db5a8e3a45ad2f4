import "server-only";
import { type RawBuilder, sql } from "kysely";
import { IN_PROJECT, NAMED_BY_SNAPSHOT } from "./bindings";

// Which runs could use a secret, from interval tables alone: while the run's token lived (it dies an hour after the run's end), the binding
// held, the stack had the component, and the secret was there and not somebody else's private one.

/** How long a run's token lives after the run (lib/identity/wire-credential.ts). */
const GRACE = sql`interval '1 hour'`;

/** A way from a binding to runs: the joins, and the times that bound it beside those of the binding itself. */
type Way = { join: RawBuilder<unknown>; where: RawBuilder<unknown>; from?: RawBuilder<unknown>; to?: RawBuilder<unknown> };

/** The run's stack; of one whose stack is gone the one that it had. */
const pastRun = (stackId: RawBuilder<unknown>) => sql`join run_past_stack g on g.stack_id = ${stackId} join run r on r.id = g.run_id`;
const PART = { where: sql`b.kind = 'component'`, from: sql`p.valid_from`, to: sql`p.valid_to` };

const WAYS: Way[] = [
  { join: sql`join run r on r.stack_id = b.target_id`, where: sql`b.kind = 'stack'` },
  { join: pastRun(sql`b.target_id`), where: sql`b.kind = 'stack'` },
  { join: sql`join run r on r.pipeline_id = b.target_id`, where: sql`b.kind = 'pipeline' and ${NAMED_BY_SNAPSHOT}` },
  {
    join: sql`join run r on r.pipeline_id = b.target_id`,
    where: sql`b.kind = 'step' and ${NAMED_BY_SNAPSHOT} and (r.is_dynamic or exists (select 1 from snapshot_step n where n.snapshot_id = r.snapshot_id and n.name = b.step))`,
  },
  { ...PART, join: sql`join stack_part p on p.component_id = b.target_id join run r on r.stack_id = p.stack_id` },
  { ...PART, join: sql`join stack_part p on p.component_id = b.target_id ${pastRun(sql`p.stack_id`)}` },
];

const END = sql`(case when r.in_progress or r.end_time is null then null else r.end_time + ${GRACE} end)`;

/** Rows of `id`, `secret_id` and `binding_id` for each run that could use a secret at an instant of [from, to]. `which` narrows by `b` and `r`. */
export function couldRuns(which: RawBuilder<unknown>, from: string, to: string): RawBuilder<unknown> {
  const ways = WAYS.map((way) => {
    const starts = sql.join([sql`r.created_at`, sql`b.valid_from`, sql`t.valid_from`, ...(way.from ? [way.from] : []), sql`${from}::timestamptz`]);
    const ends = sql.join([END, sql`b.valid_to`, sql`t.valid_to`, ...(way.to ? [way.to] : [])]);
    return sql`
      select r.id, b.secret_id, b.id as binding_id from secret_binding b join secret_state t on t.secret_id = b.secret_id ${way.join}
        join secret q on q.id = b.secret_id and ${IN_PROJECT}
      where ${way.where} and ${which} and r.created_at <= ${to}::timestamptz
        and greatest(${starts}) < coalesce(least(${ends}), 'infinity') and greatest(${starts}) <= ${to}::timestamptz
        and (t.private_to is null or t.private_to = r.created_by)`;
  });
  return sql.join(ways, sql` union all `);
}
