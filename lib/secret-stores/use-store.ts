import "server-only";
import { z } from "zod";
import { type CallContext, defineCommand, execute, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { ask, defineQuery } from "@/lib/kernel/query";
import { requireSettings } from "./direct-values";
import { findStore } from "./find-store";
import { openStore } from "./open-store";
import { BUILT_IN } from "./schema";
import { storeText } from "./store-error";

// Which store new values go to, whether one answers, and the end of one that holds nothing.

/** Says where new values of the workspace go; what lies elsewhere stays there. Error: not_found. */
export const chooseStore = defineCommand({
  name: "secret-store.chosen",
  permission: "secret:read-value",
  /** Empty: Reeve's own. */
  input: z.strictObject({ storeId: z.union([z.uuid(), z.literal("")]) }),
  scope: ({ workspace }) => ({ workspaceId: workspace.id, thing: { type: "workspace", id: workspace.id, name: workspace.slug } }),
  run: async ({ tx, actor, input, workspace }) => {
    requireSettings(actor, workspace.id);
    const chosen = input.storeId ? await findStore(tx, workspace.id, input.storeId, { lock: true }) : null; // it may be taken away at this moment
    const before = await tx.selectFrom("workspace").select("secret_store_id").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    const secret_store_id = chosen?.store.id ?? null;
    if (before.secret_store_id === secret_store_id) return { result: null, audit: UNCHANGED };
    await tx.updateTable("workspace").set({ secret_store_id }).where("id", "=", workspace.id).execute();
    return {
      result: null,
      audit: {
        target: chosen?.thing ?? { type: "workspace", id: workspace.id, name: workspace.slug },
        before: { newValuesGoTo: before.secret_store_id ?? "built-in" },
        after: { newValuesGoTo: secret_store_id ?? "built-in", kind: chosen?.thing.name ?? BUILT_IN },
      },
    };
  },
});

/** Takes a store away that nothing lies in; its row stays for the trail. Errors: not_found, in_use. */
export const removeStore = defineCommand({
  name: "secret-store.removed",
  permission: "workspace:update",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input, workspace }) => findStore(tx, workspace.id, input.id, { lock: true }),
  run: async ({ tx, target: { store, thing }, workspace, now }) => {
    const held = await tx.selectFrom("secret_version").select("version").where("store_id", "=", store.id).where("destroyed_at", "is", null).limit(1).execute();
    const copies = await tx.selectFrom("secret_copy").select("version").where("store_id", "=", store.id).limit(1).execute();
    const waiting = await tx.selectFrom("secret_store_check").select("id").where("store_id", "=", store.id).limit(1).execute();
    // A move may have nothing to copy yet, and goes back to where it came from.
    const moves = await tx
      .selectFrom("secret_move")
      .select("id")
      .where("state", "not in", ["cancelled", "ended"])
      .where((eb) => eb.or([eb("to_store_id", "=", store.id), eb("from_store_id", "=", store.id)]))
      .execute();
    if (held.length + copies.length + waiting.length + moves.length > 0)
      throw new AppError("in_use", "Values of this workspace lie in this store or move to or from it, so it stays.", {
        fix: "Move them to another store first, and end the move.",
        reason: "in_use",
      });
    const { secret_store_id } = await tx.selectFrom("workspace").select("secret_store_id").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    if (secret_store_id === store.id) throw new AppError("in_use", "New values go to this store.", { fix: "Choose another one first.", reason: "in_use" });
    await tx.updateTable("secret_store").set({ removed_at: now, credentials_sealed: null, credential_names: [] }).where("id", "=", store.id).execute();
    return { result: null, audit: { target: thing, before: { configuration: store.configuration, credentials: store.credential_names } } };
  },
});

const openToTry = defineQuery({
  name: "secret-store.open",
  permission: "workspace:update",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input, workspace }) => findStore(tx, workspace?.id, input.id),
  run: ({ tx, target: { store } }) => openStore(tx, store.id),
});

/** Keeps what came of trying a store. Error: not_found. */
export const recordTrial = defineCommand({
  name: "secret-store.verified",
  permission: "workspace:update",
  input: z.strictObject({ id: z.uuid(), error: z.string().max(1_000).nullable() }),
  scope: ({ tx, input, workspace }) => findStore(tx, workspace.id, input.id),
  run: async ({ tx, input: { error }, target: { store, thing }, now }) => {
    const trial = error ? { last_error: error, last_error_at: now } : { verified_at: now, last_error: null, last_error_at: null };
    await tx.updateTable("secret_store").set(trial).where("id", "=", store.id).execute();
    return { result: null, audit: { target: thing, after: error ? { accepted: false, error } : { accepted: true } } };
  },
});

/** Tries a store as it is; what it refuses is part of the answer. Errors: not_found, forbidden, sealed. */
export async function verifyStore(context: CallContext, id: string): Promise<{ error: string | null }> {
  const store = await ask(openToTry, context, { id });
  const error = await store.check({ secretId: newId(), version: 1, copy: "probe" }).then(() => null, storeText);
  await execute(recordTrial, context, { id, error: error?.slice(0, 1_000) ?? null });
  return { error };
}
