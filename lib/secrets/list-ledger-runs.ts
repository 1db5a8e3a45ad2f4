import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";
import { couldRuns } from "./could-runs";
import { findSecret } from "./find-secret";
import type { LedgerRun } from "./ledger-schema";

const moment = z.iso.datetime({ offset: true });
const MOST = 100;
const NEWEST_USES = 5_000;

type Row = {
  id: string;
  number: number;
  name: string;
  project: string;
  status: string;
  start_time: string | null;
  who: string;
  who_kind: string;
  uses: number;
  exactness: string | null;
};

/** The runs that could use the secret at an instant of the time, or that did: the newest hundred that the reader may see. Error: not_found. */
export const listLedgerRuns = defineQuery({
  name: "secret.ledger-runs",
  permission: "secret:read",
  input: z.strictObject({ id: z.uuid(), from: moment, to: moment, which: z.enum(["could", "did"]) }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input: { id, from, to, which } }): Promise<{ total: number; runs: LedgerRun[] }> => {
    const used = sql`from secret_use u where u.secret_id = ${id} and u.run_id is not null and u.at between ${from}::timestamptz and ${to}::timestamptz`;
    // Of runs that did, the newest are among those of the newest uses; their number is counted from the index alone.
    const ids =
      which === "did"
        ? sql`select run_id as id from (select u.run_id ${used} order by u.at desc, u.id desc limit ${NEWEST_USES}) n`
        : sql`select c.id from (${couldRuns(sql`b.secret_id = ${id}`, from, to)}) c`;
    const total = which === "did" ? sql`(select count(*)::int from (select distinct u.run_id ${used}) d)` : sql`(select count(*)::int from found)`;
    const visible = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
    const { rows } = await sql<Row & { total: number }>`
      with found as materialized (select r.id, r.created_at from (select distinct id from (${ids}) w) w join run r on r.id = w.id where ${visible}),
        newest as (select id, created_at from found order by created_at desc, id desc limit ${MOST})
      select ${total} as total, r.id, r.number, r.name, p.name as project, r.status, r.start_time,
        coalesce(nullif(a.full_name, ''), a.name) as who, a.kind as who_kind, coalesce(d.uses, 0) as uses, d.exactness
      from newest n join run r on r.id = n.id join project p on p.id = r.project_id join principal a on a.id = r.created_by
        left join lateral (select count(*)::int as uses, min(u.exactness) as exactness from secret_use u
          where u.run_id = r.id and u.secret_id = ${id} and u.at between ${from}::timestamptz and ${to}::timestamptz) d on true
      order by n.created_at desc, n.id desc`.execute(tx);
    return {
      total: rows[0]?.total ?? 0,
      runs: rows.map(({ who, who_kind: kind, start_time: startedAt, total: _, ...run }) => ({ ...run, startedAt, who: { name: who, kind } })),
    };
  },
});
