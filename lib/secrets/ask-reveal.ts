import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { lockSecret } from "./find-secret";
import { revealsNeedSecond } from "./list-reveals";
import { LEAST_REASON, REQUEST_HOURS } from "./reveal-schema";

// Where a reveal needs a second person: one who may reveal asks with a reason, another one who may decides, and the first may then look once, for some minutes
// (use-secret.ts). Each step is an entry in the secret's trail. Nobody decides their own.

export const revealReason = z.string().trim().min(LEAST_REASON, "Say in a few words what the value is needed for.").max(500);

/** Asks a second person. One request is open per person and secret; asking again begins anew. Errors: not_found, forbidden, conflict where none is needed. */
export const askReveal = defineCommand({
  name: "secret.reveal-asked",
  permission: "secret:read-value",
  input: z.strictObject({ id: z.uuid(), reason: revealReason }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, input: { reason }, target: { secret } }) => {
    if (actor.kind !== "user") throw new AppError("forbidden", "Only people ask to see a value.", { reason: "not_a_person" });
    if (secret.private_to !== null || !(await revealsNeedSecond(tx, secret.workspace_id)))
      throw new AppError("conflict", "Revealing this secret needs no second person.", { fix: "Reload the page, and reveal it." });
    await tx
      .updateTable("reveal_request")
      .set({ state: "withdrawn", decided_at: sql<string>`clock_timestamp()` })
      .where("secret_id", "=", secret.id)
      .where("principal_id", "=", actor.id)
      .where("state", "in", ["open", "approved"])
      .execute();
    const id = newId();
    await tx
      .insertInto("reveal_request")
      .values({
        id,
        workspace_id: secret.workspace_id,
        secret_id: secret.id,
        principal_id: actor.id,
        reason,
        expires_at: sql<string>`clock_timestamp() + make_interval(hours => ${REQUEST_HOURS})`,
      })
      .execute();
    return { result: { id }, audit: { target: { type: "secret", id: secret.id, name: secret.name }, after: { request: id }, reason } };
  },
});

/** A request that waits, locked until the commit, with its secret. Error: not_found, also when its secret is gone. */
async function loadOpen(tx: Tx, actor: Actor, requestId: string) {
  const row = await tx
    .selectFrom("reveal_request as r")
    .innerJoin("principal as p", "p.id", "r.principal_id")
    .select(["r.id", "r.secret_id", "r.principal_id", "r.reason", "p.name", "p.full_name"])
    .where("r.id", "=", requestId)
    .where("r.state", "=", "open")
    .where("p.active", "=", true)
    .where(sql<boolean>`r.expires_at > clock_timestamp()`)
    .forUpdate("r")
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such request here, or it was decided.");
  return { ...(await lockSecret(tx, actor, row.secret_id)), asked: { ...row, who: row.full_name || row.name } };
}

/** Lets the other person look, or not. Errors: not_found, forbidden (one's own request, not a person, may not reveal it), invalid_input. */
export const decideReveal = defineCommand({
  name: "secret.reveal-decided",
  permission: "secret:read-value",
  input: z.strictObject({ requestId: z.uuid(), decision: z.enum(["approve", "decline"]), comment: z.string().trim().max(500).optional() }),
  scope: ({ tx, actor, input }) => loadOpen(tx, actor, input.requestId),
  run: async ({ tx, actor, input: { decision, comment }, target: { secret, asked }, now }) => {
    if (actor.kind !== "user") throw new AppError("forbidden", "A service account decides nothing.", { reason: "not_a_person" });
    if (asked.principal_id === actor.id) throw new AppError("forbidden", "You asked for this yourself: somebody else decides.", { reason: "own_request" });
    if (decision === "decline" && !comment)
      throw new AppError("invalid_input", "Say why: the person reads it.", { fields: { comment: "Say why: the person reads it." } });
    const state = decision === "approve" ? "approved" : "declined";
    await tx
      .updateTable("reveal_request")
      .set({ state, decided_by: actor.id, decided_at: now, comment: comment || null })
      .where("id", "=", asked.id)
      .execute();
    return {
      result: { state },
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name },
        after: { request: asked.id, for: asked.who, state },
        reason: comment || undefined,
      },
    };
  },
});

/** Takes one's own open request back. Errors: not_found, forbidden for somebody else's. */
export const withdrawReveal = defineCommand({
  name: "secret.reveal-withdrawn",
  permission: "session:create",
  input: z.strictObject({ requestId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const { secret, asked } = await loadOpen(tx, actor, input.requestId);
    return { ownerId: asked.principal_id, secret, asked };
  },
  run: async ({ tx, target: { secret, asked }, now }) => {
    await tx.updateTable("reveal_request").set({ state: "withdrawn", decided_at: now }).where("id", "=", asked.id).execute();
    return { result: null, audit: { target: { type: "secret", id: secret.id, name: secret.name }, after: { request: asked.id, state: "withdrawn" } } };
  },
});
