import "server-only";
/*
 * Whether this process can serve: the database answers within 2 s and has the schema of this version. Tells a stranger
 * nothing beyond yes or no; the log says why.
 */
import { sql } from "kysely";
import { database } from "@/db/client";
import { migrations } from "@/db/migrations/index";
import { whySealed } from "@/lib/kernel/active-master-key";
import { log } from "@/lib/kernel/log";
import { outsideScope } from "@/lib/kernel/transaction";

const WAIT_MS = 2_000;

/** undefined when ready, otherwise the reason (for the log). */
export async function whyNotReady(): Promise<string | undefined> {
  const timeout = new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`no answer in ${WAIT_MS} ms`)), WAIT_MS).unref());
  try {
    const question = sql<{ name: string }>`select name from schema_migration order by name desc limit 1`.execute(database());
    const { rows } = await Promise.race([question, timeout]);
    const newest = Object.keys(migrations).sort().at(-1);
    return rows[0] && newest && rows[0].name >= newest ? undefined : `the schema is at ${rows[0]?.name ?? "nothing"}, this version needs ${newest}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The answer of the readiness routes: 200 or 503. Without the master key all but secrets is served, so it is ready and says so. */
export async function answerReady(): Promise<Response> {
  const reason = await whyNotReady();
  if (reason) log.warn("not ready", { reason });
  const sealed = reason ? undefined : await outsideScope(whySealed);
  return Response.json(
    { status: reason ? "unavailable" : "ok", ...(sealed ? { secrets: "sealed" } : {}) },
    { status: reason ? 503 : 200, headers: { "cache-control": "no-store" } },
  );
}
