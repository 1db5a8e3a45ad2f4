import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { bringBackCopies, settleLater } from "@/lib/secret-stores/copies";
import { closeBindings, reopenBindings } from "./bindings";
import { lockSecret, requireFreeName, type SecretRow } from "./find-secret";
import { emptyVersions } from "./empty-versions";

// Deleting hides a secret and frees its name; it can be brought back until it is destroyed, which nothing undoes.

const named = (secret: SecretRow) => ({ target: { type: "secret", id: secret.id, name: secret.name } });
const facts = (secret: SecretRow) => ({ name: secret.name, private: secret.private_to !== null, keys: secret.key_names, version: secret.version });

/** Deletes a secret; nobody can use it from then on. Errors: not_found, invalid_input for a wrong typed name. */
export const deleteSecret = defineCommand({
  name: "secret.deleted",
  permission: "secret:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string().optional() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    requireTypedName(input.typedName, secret.name);
    await tx.updateTable("secret").set({ deleted_at: now, deleted_by: actor.id, updated_at: now }).where("id", "=", secret.id).execute();
    const ended = await closeBindings(tx, { secretId: secret.id }, { actorId: actor.id, requestId: request.requestId, now });
    return { result: null, audit: { ...named(secret), before: { ...facts(secret), bindings: ended.length } }, queue: await settleLater(tx, secret) };
  },
});

/** A project's secret comes back where it was, never wider. Error: conflict. */
async function requireProject(tx: Tx, projectId: string | null): Promise<void> {
  if (projectId === null) return;
  const project = await tx.selectFrom("project").select("id").where("id", "=", projectId).executeTakeFirst();
  if (!project) throw new AppError("conflict", "The project that it belonged to is gone.", { reason: "project_gone" });
}

/** Brings a deleted secret back. Errors: not_found, conflict when its name was taken meanwhile. */
export const undeleteSecret = defineCommand({
  name: "secret.undeleted",
  permission: "secret:delete",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { isDeleted: true }),
  run: async ({ tx, actor, target: { secret }, request, now }) => {
    await requireProject(tx, secret.project_id);
    await requireFreeName(tx, { workspaceId: secret.workspace_id, projectId: secret.project_id, name: secret.name, privateTo: secret.private_to });
    await bringBackCopies(tx, secret);
    await tx.updateTable("secret").set({ deleted_at: null, deleted_by: null, updated_at: now }).where("id", "=", secret.id).execute();
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const bound = await reopenBindings(tx, secret, secret.deleted_at as string, change);
    return { result: secret.id, audit: { ...named(secret), after: { ...facts(secret), bindings: bound.length } } };
  },
});

/** Destroys all values of a deleted secret for good; names, versions and uses stay. Error: not_found. */
export const destroySecret = defineCommand({
  name: "secret.destroyed",
  permission: "secret:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { isDeleted: true }),
  run: async ({ tx, input, target: { secret }, now }) => {
    requireTypedName(input.typedName, secret.name);
    const versions = await emptyVersions(tx, "secret_version", secret.id, now);
    const audit = { ...named(secret), before: { ...facts(secret), versions }, after: { versions: [] } };
    return { result: null, audit, queue: await settleLater(tx, secret) };
  },
});
