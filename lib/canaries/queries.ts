import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Fields } from "@/lib/kernel/list";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import { CAUSE_IDS, KEPT_DAYS, LIMIT_S, type Measured, type Monitor, type Round, SURFACE_IDS, type TrialRow } from "./schema";

// What the canaries found, for System Admins and Auditors.

const RECENT = 24;
/** A seconds column with what is still open last. */
const ordinal = (ids: readonly string[], column: string) => sql`array_position(array[${sql.join(ids)}]::text[], ${sql.ref(column)})`;

/** The newest trial of each cause and surface with 90 days of figures, the last round, and when the next one is. */
export const getMonitor = defineQuery({
  name: "canary.monitor",
  permission: "sso-connection:read",
  input: z.strictObject({}),
  scope: () => ({}),
  run: async ({ tx, actor }): Promise<Monitor> => {
    const organizationId = actor.organizationId;
    const settings = await tx
      .selectFrom("organization")
      .select(["canaries_on as isOn", "canaries_next_at as nextAt"])
      .select(sql<boolean>`canaries_on and canaries_next_at < now() - interval '1 hour'`.as("isOverdue"))
      .where("id", "=", organizationId)
      .executeTakeFirstOrThrow();
    const { rows: rounds } = await sql<Round>`select r.id, r.at, r.ended_at as "endedAt", r.failure,
        (select count(*)::int from canary_trial t where t.round_id = r.id) as trials
      from canary_round r where r.organization_id = ${organizationId} order by r.at desc, r.id desc limit 1`.execute(tx);
    const { rows: measured } = await sql<Measured>`
      with numbered as (select t.*, row_number() over (partition by t.cause, t.surface order by t.at desc, t.id desc) as age
        from canary_trial t where t.organization_id = ${organizationId} and t.at > now() - make_interval(days => ${KEPT_DAYS}))
      select n.cause, n.surface, min(n.canary) filter (where n.age = 1) as canary, min(n.seconds) filter (where n.age = 1) as seconds,
        min(n.failure) filter (where n.age = 1) as failure, max(n.at) as at,
        percentile_cont(0.5) within group (order by n.seconds) as median, max(n.seconds) as worst,
        jsonb_agg(n.seconds order by n.age desc) filter (where n.age <= ${RECENT}) as recent
      from numbered n group by n.cause, n.surface
      order by ${ordinal(CAUSE_IDS, "n.cause")}, ${ordinal(SURFACE_IDS, "n.surface")}`.execute(tx);
    return { ...settings, last: rounds[0] ?? null, measured };
  },
});

const FIELDS: Fields = {
  at: { kind: "time", sql: sql.ref("x.at"), required: true },
  cause: { kind: "enum", sql: sql.ref("x.cause"), required: true },
  surface: { kind: "enum", sql: sql.ref("x.surface"), required: true },
  seconds: { kind: "number", sql: sql.ref("x.seconds") },
  verdict: { kind: "enum", sql: sql.ref("x.verdict"), required: true },
  canary: { kind: "text", sql: sql.ref("x.canary"), required: true },
};

/** Every trial that is kept. */
export const listTrials = defineQuery({
  name: "canary.trials",
  permission: "sso-connection:read",
  input: keysetInput,
  scope: () => ({}),
  run: ({ tx, actor, input }): Promise<KeysetPage<TrialRow>> =>
    keysetPage<TrialRow>(tx, {
      source: sql`(select t.id, t.at, t.round_id as "roundId", t.cause, t.surface, t.canary, t.seconds, t.failure,
          case when t.failure is not null then 'not measured' when t.seconds is null then 'open' when t.seconds > ${LIMIT_S} then 'late' else 'refused' end as verdict
        from canary_trial t where t.organization_id = ${actor.organizationId}) x`,
      fields: FIELDS,
      input,
      visible: sql`true`,
      list: "canary trials",
      readerId: actor.id,
    }),
});
