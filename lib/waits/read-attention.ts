import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";
import { signsOfLife } from "@/lib/runs/shown-status";
import type { RunAttention, RunQuestion } from "./schema";

// What a run wants of a person: its questions with their answers, and since when nothing was heard of it.

const MAX_QUESTIONS = 50;

/** The questions of a run, the open one first, and its signs of life. The caller has decided that the run may be read. */
export async function readAttention(tx: Tx, runId: string): Promise<RunAttention> {
  const { rows: questions } = await sql<RunQuestion>`
    select w.id, w.name, w.question, w.data_schema as "schema", w.created_at as "askedAt", w.status = 'pending' as "isOpen",
      w.poller_lease_until > clock_timestamp() as "isHeard", w.resolution, w.result, w.resolved_at as "answeredAt",
      coalesce(nullif(p.full_name, ''), p.name) as "answeredBy"
    from wait_condition w left join principal p on p.id = w.resolved_by
    where w.run_id = ${runId} order by w.status = 'pending' desc, w.created_at desc, w.id limit ${MAX_QUESTIONS}`.execute(tx);
  const { lastHeardAt, limitMinutes } = await signsOfLife(tx, runId);
  return { questions, lastHeardAt, limitMinutes };
}
