import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { systemActor } from "@/lib/identity/actor";
import type { Handler } from "@/lib/jobs/handler";
import { defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { log } from "@/lib/kernel/log";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { measureCause } from "./measure";
import { findSpot, withCanaries } from "./place";
import { CAUSE_IDS, type Cause, SURFACE_IDS, type Surface, type Trial, verdictOf } from "./schema";

// A round of the canaries: one per cause, each measured on every surface that it closes. It is a job of the outbox, so one worker does it at a
// time; what it found is written by one audited command.

/** No round takes longer: every cause would have had to wait for its surfaces to the end. */
const ROUND_MOST_S = 180;

export const CANARY_TOPIC = "canary.round";

const trialField = z.strictObject({
  cause: z.enum(CAUSE_IDS as [Cause, ...Cause[]]),
  surface: z.enum(SURFACE_IDS as [Surface, ...Surface[]]),
  canary: z.string().max(100),
  seconds: z.number().nonnegative().nullable(),
  failure: z.string().max(300).nullable(),
});

/** Writes what a round found and ends it. Errors: not_found, conflict when it has ended. */
export const recordRound = defineCommand({
  name: "canary.measured",
  permission: "system:update",
  input: z.strictObject({ roundId: z.uuid(), trials: z.array(trialField).max(200), failure: z.string().max(300).nullable() }),
  scope: async ({ tx, actor, input }) => {
    const round = await tx
      .selectFrom("canary_round")
      .select(["id", "ended_at"])
      .where("id", "=", input.roundId)
      .where("organization_id", "=", actor.organizationId)
      .forUpdate()
      .executeTakeFirst();
    if (!round) throw new AppError("not_found", "There is no such round.");
    return { thing: { type: "canary", id: round.id, name: "round" }, hasEnded: round.ended_at !== null };
  },
  run: async ({ tx, actor, input: { roundId, trials, failure }, target: { thing, hasEnded } }) => {
    if (hasEnded) throw new AppError("conflict", "This round has ended.");
    const owner = { round_id: roundId, organization_id: actor.organizationId };
    if (trials.length > 0)
      await tx
        .insertInto("canary_trial")
        .values(trials.map((trial) => ({ ...trial, ...owner, id: newId() })))
        .execute();
    await tx.updateTable("canary_round").set({ failure, ended_at: sql<string>`clock_timestamp()` }).where("id", "=", roundId).execute();
    const count = (verdict: string) => trials.filter((trial) => verdictOf(trial) === verdict).length;
    const after = { trials: trials.length, late: count("late"), open: count("open"), notMeasured: count("not measured"), failure };
    return { result: after, audit: { target: thing, after } };
  },
});

/** The outbox's handler: begins a round, measures, writes. It never throws for what it could not measure: that is a finding. */
export const runRound: Handler = async (payload) => {
  const { organizationId, askedBy } = z.object({ organizationId: z.uuid(), askedBy: z.uuid().nullable().default(null) }).parse(payload);
  const roundId = await beginRound(organizationId, askedBy);
  if (!roundId) return;
  const { trials, failure } = await measureRound(organizationId);
  const verdicts = trials.map(verdictOf);
  if (failure || verdicts.some((verdict) => verdict !== "refused"))
    log.warn("canaries: access outlived its end, or could not be measured", { failure, trials: trials.filter((trial) => verdictOf(trial) !== "refused") });
  const context = { actor: systemActor(organizationId), request: systemContext("canary"), workspace: null };
  await execute(recordRound, context, { roundId, trials, failure });
};

/** The new round's id; undefined while another is under way: two would remove each other's canaries. */
function beginRound(organizationId: string, askedBy: string | null): Promise<string | undefined> {
  return inScope([], async (tx) => {
    await tx.selectFrom("organization").select("id").where("id", "=", organizationId).forUpdate().executeTakeFirstOrThrow();
    const open = await tx
      .selectFrom("canary_round")
      .select(["id", sql<boolean>`at > clock_timestamp() - make_interval(secs => ${ROUND_MOST_S})`.as("isUnderWay")])
      .where("organization_id", "=", organizationId)
      .where("ended_at", "is", null)
      .execute();
    if (open.some((round) => round.isUnderWay)) return undefined;
    const cutOff = { ended_at: sql<string>`clock_timestamp()`, failure: "the worker was stopped meanwhile" };
    for (const { id } of open) await tx.updateTable("canary_round").set(cutOff).where("id", "=", id).execute();
    const id = newId();
    await tx.insertInto("canary_round").values({ id, organization_id: organizationId, asked_by: askedBy }).execute();
    return id;
  });
}

async function measureRound(organizationId: string): Promise<{ trials: Trial[]; failure: string | null }> {
  const trials: Trial[] = [];
  try {
    const spot = await findSpot(organizationId);
    if (!spot) return { trials, failure: "there is no workspace with a project to measure in" };
    await withCanaries(organizationId, spot, async (place) => {
      for (const cause of CAUSE_IDS) if (cause !== "provider-logout" || place.connectionId) trials.push(...(await measureCause(place, cause)));
    });
    return { trials, failure: null };
  } catch (error) {
    return { trials, failure: String(error instanceof Error ? error.message : error).slice(0, 300) };
  }
}
