import "server-only";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { jsonText } from "@/lib/kernel/json-text";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { couldRuns } from "./could-runs";
import { findSecret, lockSecret } from "./find-secret";
import type { LeakPreview, OpenLeak, Touched } from "./leak-schema";

// A secret that is known outside: what it could have touched since then, and what is left to do. The plan's progress is read from what was
// done, never ticked off: a new version, bindings that ended, runs that ended.

const MOST = 50;
const moment = z.iso.datetime({ offset: true });
const reason = z.string().trim().min(10, "Say in a few words what happened.").max(500);

/** SQL: the runs that could use the secret since then, with whether they did. */
const touchedRuns = (secretId: string, since: string): RawBuilder<unknown> => sql`
  select id, bool_or(did) as did from (
    select c.id, false as did from (${couldRuns(sql`b.secret_id = ${secretId}`, since, "infinity")}) c
    union all select u.run_id, true from secret_use u where u.secret_id = ${secretId} and u.run_id is not null and u.at >= ${since}::timestamptz) x group by id`;

/** Counts of runs, artifact versions that they made and model versions that they are linked to; of all, seen or not. */
async function countTouched(tx: Tx, secretId: string, since: string): Promise<OpenLeak["touched"]> {
  const { rows } = await sql<{ kind: "runs" | "artifacts" | "models"; could: number; did: number }>`
    with t as materialized (${touchedRuns(secretId, since)})
    select 'runs' as kind, count(*)::int as could, count(*) filter (where did)::int as did from t
    union all select 'artifacts', count(distinct a.id)::int, count(distinct a.id) filter (where t.did)::int from t join artifact_version a on a.producer_run_id = t.id
    union all select 'models', count(distinct m.model_version_id)::int, count(distinct m.model_version_id) filter (where t.did)::int
      from t join model_version_run m on m.run_id = t.id`.execute(tx);
  const of = (kind: string): Touched => {
    const row = rows.find((one) => one.kind === kind);
    return { could: row?.could ?? 0, did: row?.did ?? 0 };
  };
  return { runs: of("runs"), artifacts: of("artifacts"), models: of("models") };
}

/** What the secret could have touched since a moment: all of it counted, the newest that the reader may see by name. Error: not_found. */
export const previewLeak = defineQuery({
  name: "secret.leak-preview",
  permission: "secret:update",
  input: z.strictObject({ id: z.uuid(), since: moment }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input: { id, since } }): Promise<LeakPreview> => {
    const counts = await countTouched(tx, id, since);
    const touched = touchedRuns(id, since);
    return {
      since,
      runs: { ...counts.runs, newest: await newestRuns(tx, actor, touched) },
      artifacts: { ...counts.artifacts, newest: await newestArtifacts(tx, actor, touched) },
      models: { ...counts.models, newest: await newestModels(tx, actor, touched) },
    };
  },
});

const placeOf = (alias: string) => ({ workspaceId: `${alias}.workspace_id`, projectId: `${alias}.project_id`, ownerId: `${alias}.created_by` });

async function newestRuns(tx: Tx, actor: Actor, touched: RawBuilder<unknown>) {
  const { rows } = await sql<LeakPreview["runs"]["newest"][number]>`
    select r.id, r.name, r.number, p.name as project, t.did from (${touched}) t join run r on r.id = t.id join project p on p.id = r.project_id
    where ${visibleTo(actor, "run:read", placeOf("r"))} order by t.did desc, r.created_at desc, r.id limit ${MOST}`.execute(tx);
  return rows;
}

async function newestArtifacts(tx: Tx, actor: Actor, touched: RawBuilder<unknown>) {
  const { rows } = await sql<LeakPreview["artifacts"]["newest"][number]>`
    select v.id, a.name, a.name as artifact, v.version, p.name as project, t.did from (${touched}) t join artifact_version v on v.producer_run_id = t.id
      join artifact a on a.id = v.artifact_id join project p on p.id = v.project_id
    where ${visibleTo(actor, "artifact:read", { ...placeOf("v"), thingId: "v.artifact_id" })} order by t.did desc, v.created_at desc, v.id limit ${MOST}`.execute(
    tx,
  );
  return rows;
}

async function newestModels(tx: Tx, actor: Actor, touched: RawBuilder<unknown>) {
  const { rows } = await sql<LeakPreview["models"]["newest"][number]>`
    select v.id, m.name, m.name as model, v.name as version, p.name as project, bool_or(t.did) as did from (${touched}) t
      join model_version_run l on l.run_id = t.id join model_version v on v.id = l.model_version_id join model m on m.id = v.model_id join project p on p.id = v.project_id
    where ${visibleTo(actor, "model:read", { ...placeOf("v"), thingId: "v.model_id" })}
    group by v.id, m.name, p.name order by bool_or(t.did) desc, v.created_at desc, v.id limit ${MOST}`.execute(tx);
  return rows;
}

/** Marks a secret as leaked since a moment. Errors: not_found, conflict when it is marked, invalid_input for a wrong typed name. */
export const markLeaked = defineCommand({
  name: "secret.leak-marked",
  permission: "secret:update",
  input: z.strictObject({ id: z.uuid(), since: moment, reason, typedName: z.string() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    requireTypedName(input.typedName, secret.name);
    if (Date.parse(input.since) > Date.parse(now))
      throw new AppError("invalid_input", "A leak has begun already.", { fields: { since: "Choose a moment that is past." } });
    const open = await tx.selectFrom("secret_leak").select("id").where("secret_id", "=", secret.id).where("closed_at", "is", null).executeTakeFirst();
    if (open) throw new AppError("conflict", `${secret.name} is marked as leaked already.`);
    const touched = await countTouched(tx, secret.id, input.since);
    const { bindings } = await tx
      .selectFrom("secret_binding")
      .select(sql<number>`count(*)::int`.as("bindings"))
      .where("secret_id", "=", secret.id)
      .where("valid_to", "is", null)
      .executeTakeFirstOrThrow();
    await tx
      .insertInto("secret_leak")
      .values({
        id: newId(),
        workspace_id: secret.workspace_id,
        secret_id: secret.id,
        since: input.since,
        reason: input.reason,
        version: secret.version,
        bindings,
        touched: jsonText(touched),
        opened_by: actor.id,
        opened_request_id: request.requestId,
        opened_at: now,
      })
      .execute();
    return {
      result: null,
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name },
        reason: input.reason,
        after: { since: input.since, version: secret.version, bindings, touched },
      },
    };
  },
});

/** Takes the mark away: it was a mistake, or the plan is done. Errors: not_found, conflict when it is not marked. */
export const clearLeak = defineCommand({
  name: "secret.leak-cleared",
  permission: "secret:update",
  input: z.strictObject({ id: z.uuid(), reason }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    const closed = await tx
      .updateTable("secret_leak")
      .set({ closed_by: actor.id, closed_request_id: request.requestId, closed_reason: input.reason, closed_at: now })
      .where("secret_id", "=", secret.id)
      .where("closed_at", "is", null)
      .returning(["since", "version"])
      .executeTakeFirst();
    if (!closed) throw new AppError("conflict", `${secret.name} is not marked as leaked.`);
    return {
      result: null,
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name },
        reason: input.reason,
        before: { since: closed.since, version: closed.version },
        after: { version: secret.version },
      },
    };
  },
});

/** The open leak of a secret with how far its plan is; null when there is none. */
export async function readOpenLeak(tx: Tx, secretId: string): Promise<OpenLeak | null> {
  const { rows } = await sql<OpenLeak & { binding_count: number; left: number }>`
    select l.since, l.reason, coalesce(nullif(u.full_name, ''), u.name) as by, l.opened_at as at, l.touched, l.bindings as binding_count, s.version > l.version as "isRotated",
      (select count(*)::int from secret_binding b where b.secret_id = l.secret_id and b.valid_to is null and b.valid_from <= l.opened_at) as left,
      (select count(distinct r.id)::int from secret_use e join run r on r.id = e.run_id where e.secret_id = l.secret_id and e.version <= l.version and r.in_progress) as "runsGoing"
    from secret_leak l join secret s on s.id = l.secret_id left join principal u on u.id = l.opened_by where l.secret_id = ${secretId} and l.closed_at is null`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) return null;
  const { binding_count: of, left, ...leak } = row;
  return { ...leak, bindings: { left, of } };
}
