import "server-only";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Target } from "@/lib/authz/can";
import { requireUnchanged } from "@/lib/components/find-component";
import { type CallContext, defineCommand, execute, parseInput, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { jsonField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import { ask, defineQuery } from "@/lib/kernel/query";
import { seal } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import { networksOf } from "@/lib/workspaces/networks-of";
import { requireSettings } from "./direct-values";
import { findStore } from "./find-store";
import { type Settings, splitSettings } from "./kinds";
import { openWith, settingsOf, STORE_CREDENTIALS } from "./open-store";
import { storeTitle } from "./schema";

// Adds a store to a workspace, or changes one. It is tried before it is kept: everything that it has to allow, and for one that holds values
// already that they are where they were.

const wish = z.strictObject({
  /** Left out for a new one. */
  id: z.uuid().optional(),
  type: z.string().max(50),
  /** The whole; credentials that are left out stay, where nothing else changes. */
  settings: jsonField(z.record(z.string().max(100), z.unknown())),
  basedOn: z.string().optional(),
});
export type StoreWish = z.input<typeof wish>;
type Wish = z.output<typeof wish>;

/** The settings as they will be. Errors: not_found; conflict; invalid_input, also for kept credentials that would go to another place. */
async function wanted(tx: Tx, workspaceId: string, { id, type, settings, basedOn }: Wish): Promise<Settings> {
  if (!id) return splitSettings(type, settings);
  const { store } = await findStore(tx, workspaceId, id, { lock: true });
  requireUnchanged(store, basedOn);
  if (type !== store.type) throw new AppError("invalid_input", "A store stays of its kind: add another one and move to it.", { fields: { type: "It stays." } });
  const { settings: held } = await settingsOf(tx, id);
  const kept = Object.fromEntries(store.credential_names.filter((name) => !settings[name]).map((name) => [name, held[name]]));
  const next = splitSettings(type, { ...kept, ...settings });
  const isElsewhere = !isDeepStrictEqual(next.plain, store.configuration);
  const keptNames = Object.keys(next.secret).filter((name) => name in kept);
  if (isElsewhere && keptNames.length > 0)
    throw new AppError("invalid_input", "Credentials are kept only where nothing else changes: they must not go to another place.", {
      fields: Object.fromEntries(keptNames.map((name) => [name, "Enter it again, as other settings change."])),
    });
  return next;
}

/** What a trial needs: the settings, the networks, and a version that lies there. Errors: as of `saveStore`. */
export const checkStore = defineQuery({
  name: "secret-store.check",
  permission: "secret:read-value",
  input: wish,
  scope: ({ workspace }) => ({ workspaceId: workspace?.id }),
  run: async ({ tx, actor, input, workspace }) => {
    const workspaceId = workspace?.id ?? "";
    requireSettings(actor, workspaceId);
    const settings = await wanted(tx, workspaceId, input);
    const sample = await tx
      .selectFrom("secret_version")
      .select(["secret_id as secretId", "version", "store_copy as copy"])
      .where("store_id", "=", input.id ?? null)
      .where("destroyed_at", "is", null)
      .orderBy("created_at", "desc")
      .limit(1)
      .executeTakeFirst();
    return { settings: { ...settings.plain, ...settings.secret }, networks: await networksOf(tx, workspaceId), sample };
  },
});

/** Writes settings that were tried, or that the set-up file gives. A new store is the one that new values go to. Errors: as above; sealed. */
export const keepStore = defineCommand({
  name: "secret-store.saved",
  permission: "secret:read-value",
  input: wish.extend({ isTried: z.boolean() }),
  scope: async ({ tx, input, workspace }): Promise<Target> =>
    input.id
      ? findStore(tx, workspace.id, input.id, { lock: true })
      : { workspaceId: workspace.id, thing: { type: "workspace", id: workspace.id, name: workspace.slug } },
  run: async ({ tx, actor, input: { isTried, ...input }, workspace, now }) => {
    requireSettings(actor, workspace.id);
    const { plain, secret } = await wanted(tx, workspace.id, input);
    const credential_names = Object.keys(secret).sort();
    const facts = { kind: storeTitle(input.type), configuration: plain, credentials: credential_names };
    const verified = isTried ? { verified_at: now, last_error: null, last_error_at: null } : {};
    const id = input.id ?? newId();
    const rest = {
      configuration: JSON.stringify(plain),
      credential_names,
      credentials_sealed: credential_names.length > 0 ? await seal(tx, STORE_CREDENTIALS, id, JSON.stringify(secret)) : null,
      updated_at: now,
      ...verified,
    };
    const target = { type: "secret-store", id, name: storeTitle(input.type) };
    if (input.id) {
      const { settings: held, row } = await settingsOf(tx, id);
      const isSame = isDeepStrictEqual(held, { ...plain, ...secret });
      if (isSame && !isTried) return { result: id, audit: UNCHANGED };
      await tx.updateTable("secret_store").set(rest).where("id", "=", id).execute();
      const changed = Object.keys(secret).filter((name) => held[name as keyof typeof held] !== secret[name]);
      return { result: id, audit: { target, before: { configuration: row.configuration }, after: { ...facts, credentialsChanged: changed } } };
    }
    const before = await tx.selectFrom("workspace").select("secret_store_id").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    await tx
      .insertInto("secret_store")
      .values({ id, workspace_id: workspace.id, type: input.type, created_by: actor.id, created_at: now, ...rest })
      .execute();
    await tx.updateTable("workspace").set({ secret_store_id: id }).where("id", "=", workspace.id).execute();
    return { result: id, audit: { target, before: { newValuesGoTo: before.secret_store_id ?? "built-in" }, after: { ...facts, newValuesGoTo: id } } };
  },
});

/** Tries what the form says, without keeping anything. Errors: as of `saveStore`. */
export async function tryStore(context: CallContext, raw: unknown): Promise<{ isAccepted: true }> {
  const input = parseInput(wish, raw);
  const { settings, networks, sample } = await ask(checkStore, context, input);
  const store = openWith(input.type, settings, networks);
  await store.check({ secretId: newId(), version: 1, copy: "probe" });
  if (sample) await store.read({ ...sample, copy: sample.copy ?? undefined });
  return { isAccepted: true };
}

/**
 * Tries a store and keeps it. Errors: not_found; forbidden; invalid_input by field; conflict, also when what lies in the store is not found
 * with the new settings; unavailable with the reason of a refusal; sealed.
 */
export async function saveStore(context: CallContext, raw: unknown): Promise<string> {
  await tryStore(context, raw);
  return execute(keepStore, context, { ...(raw as object), isTried: true });
}
