import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { lockSecret, type SecretRow } from "./find-secret";
import { placeOf, readVersion } from "./versions";

// The two ways by which a value leaves: to its owner's client, and by a reveal with a reason. Each is an entry of the trail and a row of
// the ledger in the transaction that opens the value.

const asked = z.strictObject({ id: z.uuid() });

/**
 * The values for the client of who made the secret (PERMISSIONS, rule 12). Errors: not_found, forbidden for all others, sealed,
 * conflict when the version was destroyed.
 */
export const readSecretByClient = defineCommand({
  name: "secret.read",
  permission: "secret:read-value",
  input: asked,
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, target: { secret }, request, now }) => {
    if (secret.created_by !== actor.id)
      throw new AppError("forbidden", `The values of the secret ${secret.name} go to the client of who made it only.`, {
        fix: "Reveal it in the browser, with a reason.",
        reason: "not_owner",
      });
    return opened(tx, actor, secret, { purpose: "client", reason: null, requestId: request.requestId, now });
  },
});

/** The values for a person who says why. Errors: as above. */
export const revealSecret = defineCommand({
  name: "secret.revealed",
  permission: "secret:read-value",
  input: asked.extend({ reason: z.string().trim().min(10, "Say in a few words what the value is needed for.").max(500) }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: ({ tx, actor, input: { reason }, target: { secret }, request, now }) =>
    opened(tx, actor, secret, { purpose: "reveal", reason, requestId: request.requestId, now }),
});

type Use = { purpose: "client" | "reveal"; reason: string | null; requestId: string; now: string };

async function opened(tx: Tx, actor: Actor, secret: SecretRow, { purpose, reason, requestId, now }: Use) {
  const values = await readVersion(tx, actor.organizationId, placeOf(secret));
  await tx
    .insertInto("secret_use")
    .values({
      id: newId(),
      workspace_id: secret.workspace_id,
      secret_id: secret.id,
      version: secret.version,
      purpose,
      reason,
      principal_id: actor.id,
      credential_kind: actor.credential.kind,
      credential_id: actor.credential.id,
      request_id: requestId,
      at: now,
    })
    .execute();
  await tx.updateTable("secret").set({ last_used_at: now }).where("id", "=", secret.id).execute();
  return {
    result: { values, version: secret.version },
    audit: {
      target: { type: "secret", id: secret.id, name: secret.name },
      after: { version: secret.version, keys: secret.key_names },
      ...(reason ? { reason } : {}),
    },
  };
}
