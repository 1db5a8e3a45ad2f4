import "server-only";
/*
 * Removes rows that have had their time. Everything that decides by such a row checks the time itself; sweeping only keeps
 * the tables small, so it may be late.
 */
import { sql } from "kysely";
import { KEPT_DAYS } from "@/lib/canaries/schema";
import { forgetEndedTokens } from "@/lib/connectors/forget-tokens";
import { inScope } from "@/lib/kernel/transaction";
import { inEveryWorkspace } from "./every-workspace";

/** How long an unblocked throttle row is remembered after its first failure. */
const THROTTLE_MEMORY_HOURS = 24;

/** How long a directory's requests are shown. */
const DIRECTORY_REQUEST_DAYS = 30;
/** How long attempts of single sign-on are shown. */
const ATTEMPT_DAYS = 30;

/** Removes expired rows; returns how many, by table. */
export async function sweepExpired(): Promise<Record<string, number>> {
  const now = sql<string>`clock_timestamp()`;
  // Kept for a while after its end, so that a second use is told from an unknown address.
  const tickets = await inEveryWorkspace((tx) =>
    tx.deleteFrom("file_ticket").where("expires_at", "<", sql<string>`clock_timestamp() - interval '1 hour'`).executeTakeFirst(),
  );
  const tokens = await inEveryWorkspace(forgetEndedTokens);
  return inScope([], async (tx) => {
    const results = {
      file_ticket: tickets,
      secret: tokens,
      session: await tx.deleteFrom("session").where("expires_at", "<", now).executeTakeFirst(),
      idempotency: await tx.deleteFrom("idempotency").where("expires_at", "<", now).executeTakeFirst(),
      setup_secret: await tx.deleteFrom("setup_secret").where("expires_at", "<", now).executeTakeFirst(),
      device: await tx
        .deleteFrom("device")
        .where("principal_id", "is", null)
        .where("codes_expire_at", "<", sql<string>`clock_timestamp() - interval '1 hour'`)
        .executeTakeFirst(),
      directory_request: await tx
        .deleteFrom("directory_request")
        .where("at", "<", sql<string>`clock_timestamp() - make_interval(days => ${DIRECTORY_REQUEST_DAYS})`)
        .executeTakeFirst(),
      // Those of a hold stay: they are its record.
      directory_removal: await tx
        .deleteFrom("directory_removal")
        .where("hold_id", "is", null)
        .where("at", "<", sql<string>`clock_timestamp() - interval '1 day'`)
        .executeTakeFirst(),
      sso_attempt: await tx
        .deleteFrom("sso_attempt")
        .where("at", "<", sql<string>`clock_timestamp() - make_interval(days => ${ATTEMPT_DAYS})`)
        .executeTakeFirst(),
      canary_round: await tx
        .deleteFrom("canary_round")
        .where("at", "<", sql<string>`clock_timestamp() - make_interval(days => ${KEPT_DAYS})`)
        .executeTakeFirst(),
      sso_assertion: await tx.deleteFrom("sso_assertion").where("ends_at", "<", sql<string>`clock_timestamp() - interval '1 day'`).executeTakeFirst(),
      sso_store: await tx.deleteFrom("sso_store").where("expires_at", "<", now).executeTakeFirst(),
      one_use_link: await tx.deleteFrom("one_use_link").where("expires_at", "<", now).executeTakeFirst(),
      throttle: await tx
        .deleteFrom("throttle")
        .where("first_at", "<", sql<string>`clock_timestamp() - make_interval(hours => ${THROTTLE_MEMORY_HOURS})`)
        .where((eb) => eb.or([eb("blocked_until", "is", null), eb("blocked_until", "<", now)]))
        .where((eb) => eb.or([eb("key", "not like", "refused:%"), eb("failures", "=", 0)])) // counts that the trail doesn't have yet
        .executeTakeFirst(),
    };
    return Object.fromEntries(Object.entries(results).map(([table, result]) => [table, Number(result.numDeletedRows)]));
  });
}
