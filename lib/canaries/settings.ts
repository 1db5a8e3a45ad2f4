import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { booleanField } from "@/lib/kernel/form-fields";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { CANARY_TOPIC } from "./run-round";

// When rounds of canaries begin: every hour by themselves, unless a System Admin switched that off, and when one asks.

const NEXT = sql<string>`clock_timestamp() + interval '1 hour'`;

async function target(tx: Tx, actor: Actor) {
  const row = await tx
    .selectFrom("organization")
    .select(["id", "name", "canaries_on as isOn"])
    .where("id", "=", actor.organizationId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { thing: { type: "organization", id: row.id, name: row.name }, isOn: row.isOn };
}

/** Switches the hourly rounds on or off; the next one is an hour from now. */
export const switchCanaries = defineCommand({
  name: "canary.switched",
  permission: "system:update",
  input: z.strictObject({ isOn: booleanField }),
  scope: ({ tx, actor }) => target(tx, actor),
  run: async ({ tx, input: { isOn }, target: { thing, isOn: wasOn } }) => {
    await tx.updateTable("organization").set({ canaries_on: isOn, canaries_next_at: NEXT }).where("id", "=", thing.id).execute();
    return { result: { isOn }, audit: { target: thing, before: { hourlyCanaries: wasOn }, after: { hourlyCanaries: isOn } } };
  },
});

/** Asks for a round now, whether the hourly ones are on or off. While one is under way its figures are the answer (run-round.ts). */
export const requestRound = defineCommand({
  name: "canary.requested",
  permission: "system:update",
  input: z.strictObject({}),
  scope: ({ tx, actor }) => target(tx, actor),
  run: async ({ actor, target: { thing } }) => {
    const payload = { organizationId: actor.organizationId, askedBy: actor.kind === "user" ? actor.id : null };
    return { result: {}, audit: { target: thing }, queue: [{ topic: CANARY_TOPIC, payload }] };
  },
});

/** Queues the rounds that are due, each once whatever the number of workers; gives how many. */
export function queueDueRounds(): Promise<number> {
  return inScope([], async (tx) => {
    const due = await tx
      .updateTable("organization")
      .set({ canaries_next_at: NEXT })
      .where("canaries_on", "=", true)
      .where("canaries_next_at", "<=", sql<string>`clock_timestamp()`)
      .where(sql<boolean>`exists (select from workspace w where w.organization_id = organization.id and w.state = 'active')`)
      .returning("id")
      .execute();
    for (const { id } of due)
      await tx
        .insertInto("outbox")
        .values({ topic: CANARY_TOPIC, payload: JSON.stringify({ organizationId: id }) })
        .execute();
    return due.length;
  });
}
