import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { findSecret, secretsAllowing } from "./find-secret";
import { APPROVAL_MINUTES, type RevealRow, type RevealState } from "./reveal-schema";

// Requests to reveal: what waits for this person, what they asked for, what became of the rest. A person hears of them who may reveal the secret.

const MOST = 100;

const ENDS = sql<string>`case when r.state = 'approved' then r.decided_at + make_interval(mins => ${sql.lit(APPROVAL_MINUTES)}) else r.expires_at end`;
const STATE = sql<string>`case when r.state in ('open', 'approved') and ${ENDS} <= now() or r.state = 'approved' and s.rotated_at > r.decided_at then 'expired' else r.state end`;

/** Who may reveal it may decide; nobody their own, and no account of a program. */
const decidable = (actor: Actor): RawBuilder<SqlBool> =>
  actor.kind === "user" ? sql<SqlBool>`(r.principal_id <> ${actor.id} and ${secretsAllowing(actor, "secret:read-value")})` : sql<SqlBool>`false`;

type Found = Omit<RevealRow, "isMine" | "mayDecide"> & { mine: boolean; may_decide: boolean };

async function read(tx: Tx, actor: Actor, where: RawBuilder<unknown>): Promise<RevealRow[]> {
  const { rows } = await sql<Found>`
    select r.id, r.secret_id as "secretId", s.name as secret, w.slug as workspace, coalesce(nullif(p.full_name, ''), p.name) as who, r.reason, ${STATE} as state,
      coalesce(nullif(d.full_name, ''), d.name) as "decidedBy", r.decided_at as "decidedAt", r.comment, ${ENDS} as "endsAt", r.created_at as "createdAt",
      r.principal_id = ${actor.id} as mine, (${STATE} = 'open' and ${decidable(actor)}) as may_decide
    from reveal_request r join secret s on s.id = r.secret_id and s.deleted_at is null and (s.private_to is null or s.private_to = ${actor.id})
      join workspace w on w.id = r.workspace_id and w.state = 'active'
      join principal p on p.id = r.principal_id and p.active left join principal d on d.id = r.decided_by
    where ${where} order by r.created_at desc, r.id desc limit ${MOST}`.execute(tx);
  return rows.map(({ mine, may_decide: mayDecide, ...row }) => ({ ...row, isMine: mine, mayDecide }));
}

/** The requests that wait for this person's decision. */
export const revealsWaitingFor = (tx: Tx, actor: Actor): Promise<RevealRow[]> => read(tx, actor, sql`${STATE} = 'open' and ${decidable(actor)}`);

/** Lists requests of the call's workspace, or of all that the reader reaches: the newest hundred. */
export const listReveals = defineQuery({
  name: "reveal-request.list",
  permission: "session:read",
  input: z.strictObject({ which: z.enum(["deciding", "mine", "all"]) }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: ({ tx, actor, input: { which } }): Promise<RevealRow[]> => {
    if (which === "deciding") return revealsWaitingFor(tx, actor);
    const mine = sql`r.principal_id = ${actor.id}`;
    return read(tx, actor, which === "mine" ? mine : sql`(${mine} or ${decidable(actor)})`);
  },
});

/** What holds for revealing one secret. Error: not_found. */
export const getRevealState = defineQuery({
  name: "secret.reveal-state",
  permission: "secret:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, target: { secret } }): Promise<RevealState> => {
    const needsSecond = secret.private_to === null && !secret.organization_secret_id && (await revealsNeedSecond(tx, secret.workspace_id));
    if (!needsSecond) return { needsSecond, mine: null, waiting: [] };
    const rows = await read(tx, actor, sql`r.secret_id = ${secret.id} and ${STATE} in ('open', 'approved')`);
    return { needsSecond, mine: rows.find((row) => row.isMine) ?? null, waiting: rows.filter((row) => row.mayDecide) };
  },
});

/** The workspace's setting. A private secret has one person who knows of it, so it holds for shared ones. */
export async function revealsNeedSecond(tx: Tx, workspaceId: string): Promise<boolean> {
  const row = await tx.selectFrom("workspace").select("reveals_need_second").where("id", "=", workspaceId).executeTakeFirstOrThrow();
  return row.reveals_need_second;
}
