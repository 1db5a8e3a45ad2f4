import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { loadConnection } from "./load-connection";
import type { AttemptFacts, AttemptRow, IdentityRow } from "./schema";

// Who is linked to a connection, and each attempt at signing in through it. Attempts are kept for 30 days; the worker sweeps older ones.

const listInput = z.strictObject({ ...keysetInput.shape, connectionId: z.uuid() });
type ListInput = z.output<typeof listInput>;

/** A list of what belongs to one connection of the organization. Error: not_found. */
function listOf<Row extends { id: string }>(name: string, source: (connectionId: string) => ReturnType<typeof sql>, fields: Fields) {
  return defineQuery({
    name,
    permission: "sso-connection:read",
    input: listInput,
    scope: ({ tx, actor, input }: { tx: Tx; actor: Actor; input: ListInput }) => loadConnection(tx, actor, input.connectionId, "read"),
    run: ({ tx, actor, input: { connectionId, ...input } }: { tx: Tx; actor: Actor; input: ListInput }): Promise<KeysetPage<Row>> =>
      keysetPage<Row>(tx, {
        source: sql`(${source(connectionId)}) x`,
        fields,
        input,
        visible: sql`true`,
        list: `${name} ${connectionId}`,
        readerId: actor.id,
      }),
  });
}

/** The identities of a connection, with the accounts that they belong to. */
export const listIdentities = listOf<IdentityRow>(
  "sso-connection.people",
  (connectionId) => sql`
    select i.id, i.principal_id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, p.email, i.subject,
      case when p.active then 'active' else 'deactivated' end as state, i.linked_at as "linkedAt", i.last_at as "lastAt"
    from sso_identity i join principal p on p.id = i.principal_id where i.connection_id = ${connectionId}`,
  {
    who: { kind: "text", sql: sql.ref("x.who"), required: true },
    email: { kind: "text", sql: sql.ref("x.email") },
    subject: { kind: "text", sql: sql.ref("x.subject"), required: true },
    state: { kind: "enum", sql: sql.ref("x.state"), required: true },
    linked: { kind: "time", sql: sql.ref("x.linkedAt"), required: true },
    last: { kind: "time", sql: sql.ref("x.lastAt") },
  },
);

const ATTEMPT = sql`a.id, a.at, a.mode, a.outcome, a.refusal, coalesce(nullif(p.full_name, ''), p.name) as who, p.id as "principalId", a.email, a.address`;
const JOINED = sql`sso_attempt a left join principal p on p.id = coalesce(a.principal_id, a.started_by)`;

export const listAttempts = listOf<AttemptRow>(
  "sso-connection.attempts",
  (connectionId) => sql`select ${ATTEMPT} from ${JOINED} where a.connection_id = ${connectionId}`,
  {
    at: { kind: "time", sql: sql.ref("x.at"), required: true },
    mode: { kind: "enum", sql: sql.ref("x.mode"), required: true },
    outcome: { kind: "enum", sql: sql.ref("x.outcome"), required: true },
    refusal: { kind: "enum", sql: sql.ref("x.refusal") },
    who: { kind: "text", sql: sql.ref("x.who") },
    email: { kind: "text", sql: sql.ref("x.email") },
    address: { kind: "text", sql: sql.ref("x.address") },
  },
);

const ofConnection = z.strictObject({ connectionId: z.uuid() });
const FACTS = sql`${ATTEMPT}, a.steps, a.result, a.answer, a.version, (select jsonb_build_object('id', e.id, 'keptBy', coalesce(nullif(k.full_name, ''), k.name),
  'keptAt', e.kept_at, 'sha256', e.sha256) from sso_evidence e join principal k on k.id = e.kept_by where e.attempt_id = a.id) as evidence, a.user_agent as "userAgent", a.request_ref as "requestId", a.ended_at as "endedAt"`;

/** One attempt with its steps. Error: not_found. */
export const getAttempt = defineQuery({
  name: "sso-connection.attempt-read",
  permission: "sso-connection:read",
  input: ofConnection.extend({ attemptId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId, "read"),
  run: async ({ tx, input }): Promise<AttemptFacts> => {
    const { rows } = await sql<AttemptFacts>`
      select ${FACTS} from ${JOINED} where a.connection_id = ${input.connectionId} and a.id = ${input.attemptId}`.execute(tx);
    if (!rows[0]) throw new AppError("not_found", "There is no such attempt, or it is older than the record.");
    return rows[0];
  },
});

/** The last test login that came back, and the last one that was begun. */
export const getLastTests = defineQuery({
  name: "sso-connection.tests-read",
  permission: "sso-connection:read",
  input: ofConnection,
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId, "read"),
  run: async ({ tx, input }): Promise<{ last: AttemptFacts | null; sent: AttemptFacts | null }> => {
    const latest = async (where: ReturnType<typeof sql>) => {
      const { rows } = await sql<AttemptFacts>`
        select ${FACTS} from ${JOINED} where a.connection_id = ${input.connectionId} and a.mode = 'test' and ${where} order by a.at desc limit 1`.execute(tx);
      return rows[0] ?? null;
    };
    return { last: await latest(sql`a.outcome <> 'open'`), sent: await latest(sql`a.result is not null`) };
  },
});
