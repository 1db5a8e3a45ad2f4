import "server-only";
import { sql } from "kysely";
import { type AuditTarget, recordAudit } from "@/lib/audit/record";
import { AppError } from "@/lib/kernel/errors";
import { type RequestContext, systemContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { type Actor, systemActor } from "./actor";
import { sourceOf } from "./throttle";

// Refused sign-ins in the trail: the first of a source at once, what follows within a minute as one entry with a count, so that an
// attack can't flood the trail. The counts wait in `throttle`; the worker writes those whose minute is over.

/** `sso.…`: why single sign-on refused (lib/sso/schema.ts). */
export type RefusalReason = "wrong_pair" | "throttled" | "deactivated" | "no_access" | "sso_required" | `sso.${string}`;
type Refusal = { organizationId: string; reason: RefusalReason; target: AuditTarget };

const PREFIX = "refused:";
const isDue = sql<boolean>`reported_at < clock_timestamp() - interval '1 minute'`;

/** Records one refused sign-in. Error: unavailable, when the trail can't be written. */
export async function recordRefusedSignIn(request: RequestContext, refusal: Refusal): Promise<void> {
  const key = PREFIX + sourceOf(request.address);
  await inScope([], async (tx) => {
    const opened = await sql`insert into throttle (key, failures, reported_at) values (${key}, 0, clock_timestamp()) on conflict (key) do nothing`.execute(tx);
    if (Number(opened.numAffectedRows) === 1) return append(tx, request, refusal, 1);
    const row = await tx
      .selectFrom("throttle")
      .select(["failures", isDue.as("is_due")])
      .where("key", "=", key)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (!row.is_due) {
      await tx
        .updateTable("throttle")
        .set({ failures: row.failures + 1 })
        .where("key", "=", key)
        .execute();
      return;
    }
    await reported(tx, key);
    if (row.failures > 0) await append(tx, request, { ...refusal, target: { type: "session" } }, row.failures + 1);
    else await append(tx, request, refusal, 1);
  });
}

/** Writes the entries of the minutes that are over: for the worker. Gives how many it wrote. */
export async function flushRefusedSignIns(): Promise<number> {
  return inScope([], async (tx) => {
    const organization = await tx.selectFrom("organization").select("id").executeTakeFirst();
    if (!organization) return 0;
    const rows = await tx
      .selectFrom("throttle")
      .select(["key", "failures"])
      .where("key", "like", `${PREFIX}%`)
      .where("failures", ">", 0)
      .where(isDue)
      .orderBy("key")
      .forUpdate()
      .skipLocked()
      .execute();
    for (const row of rows) await reported(tx, row.key);
    for (const row of rows) {
      const request: RequestContext = { ...systemContext("ui"), address: row.key.slice(PREFIX.length) };
      await append(tx, request, { organizationId: organization.id, reason: "wrong_pair", target: { type: "session" } }, row.failures);
    }
    return rows.length;
  });
}

async function reported(tx: Tx, key: string): Promise<void> {
  await tx.updateTable("throttle").set({ failures: 0, reported_at: sql<string>`clock_timestamp()` }).where("key", "=", key).execute();
}

async function append(tx: Tx, request: RequestContext, refusal: Refusal, count: number): Promise<void> {
  const nobody: Actor = {
    ...systemActor(refusal.organizationId),
    fullName: "Not signed in",
    credential: { kind: "system", id: "sign-in", label: "sign-in page" },
  };
  const facts = { actor: nobody, request, workspaceId: null, action: "session.refused", outcome: "denied" } as const;
  try {
    await recordAudit(tx, facts, [{ target: refusal.target, reason: count === 1 ? refusal.reason : "repeated", count }]);
  } catch (error) {
    throw new AppError("unavailable", "The audit trail could not be written, so nobody was signed in.", {
      cause: error,
      fix: "Try again; tell your administrator if it stays.",
    });
  }
}
