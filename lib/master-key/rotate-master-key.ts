import "server-only";
import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import { activeMasterKey } from "@/lib/kernel/active-master-key";
import { defineCommand } from "@/lib/kernel/command";
import { answerFor } from "@/lib/kernel/ask-outside";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { fileOf, KEY_BYTES, keyText, writeOnce } from "@/lib/kernel/keys";
import { masterKey, masterKeys, toMasterKey } from "@/lib/kernel/master-keys";
import type { Tx } from "@/lib/kernel/transaction";
import { keyService, sealedBy } from "./key-service";
import { wrapNew } from "./outside-keys";

export const MASTER_KEY_TOPIC = "master-key";

/**
 * Makes another master key the one that seals, and lets the worker move what rests under the old one. Errors: sealed when the old key is
 * missing; conflict while a move is under way, or when the environment holds the key and names no new one.
 */
export const rotateMasterKey = defineCommand({
  name: "master-key.rotation-started",
  permission: "system:update",
  input: z.strictObject({}),
  scope: () => ({}),
  run: async ({ tx, actor, request, now }) => {
    const isAgain = await goOn(tx);
    const old = await activeMasterKey(tx);
    const key: NextKey = isAgain ? old : await nextKey(tx);
    if (!isAgain) {
      // Whoever seals under the old key holds its row: this waits for them, and after it nobody does.
      await tx.updateTable("master_key").set({ state: "retiring" }).where("id", "=", old.id).where("state", "=", "active").execute();
      await tx
        .insertInto("master_key")
        .values({
          id: key.id,
          state: "active",
          wrapped: key.wrapped ?? null,
          began_at: now,
          began_by: actor.kind === "user" ? actor.id : null,
          began_by_name: actor.fullName || actor.name,
          request_id: request.requestId,
        })
        .execute();
    }
    return {
      result: { id: key.id },
      audit: {
        target: { type: "master-key", id: key.id, name: key.id },
        ...(isAgain ? { after: { again: true } } : { before: { active: old.id }, after: { active: key.id, place: key.place } }),
      },
      queue: [{ topic: MASTER_KEY_TOPIC, payload: {} }],
    };
  },
});

/** Whether a move that stopped before unreadable values is to go on. Error: conflict while one is under way. */
async function goOn(tx: Tx): Promise<boolean> {
  const { rows } = await sql<{ failed: number }>`
    select (select failed from master_key where state = 'active') as failed from master_key where state = 'retiring' limit 1`.execute(tx);
  const [retiring] = rows;
  if (!retiring) return false;
  if (retiring.failed === 0)
    throw new AppError("conflict", "The master key is moving already.", { fix: "Wait until nothing is left under the old one.", reason: "under_way" });
  await tx.updateTable("master_key").set({ failed: 0, moved_at: null }).where("state", "=", "active").execute();
  return true;
}

type NextKey = { id: string; place: string; wrapped?: string };

/** The first readable key that was never used; else one that the outside service seals; else a new file. Error: conflict. */
async function nextKey(tx: Tx): Promise<NextKey> {
  const known = await tx.selectFrom("master_key").select("id").execute();
  const waiting = masterKeys().find((key) => known.every((row) => row.id !== key.id));
  if (waiting) return waiting;
  const service = keyService();
  if (service)
    return answerFor(tx, "a new master key", () =>
      wrapNew(service).catch((error) => {
        throw sealedBy(service, error);
      }),
    );
  if (environment().masterKey)
    throw new AppError("conflict", "The master key comes from the environment, which names no new one.", {
      fix: "Set REEVE_MASTER_KEY to a new key and put the present one into REEVE_OLD_MASTER_KEYS, restart, and rotate then.",
      reason: "no_new_key",
    });
  const root = randomBytes(KEY_BYTES);
  const { id } = toMasterKey(root, "");
  writeOnce(fileOf(`master-${id}`), keyText(root)); // of a transaction that fails it is left over, and the next try takes it
  return masterKey(id);
}
