import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { wholeField } from "@/lib/kernel/form-fields";
import type { ShownKey } from "./create-api-key";
import { lockedKey } from "./find-service-account";
import { issuedTo, requireKeyPower } from "./key-power";

// Gives a key a new value. The old one ends at once, or after a time in which both work and the old one's use is shown.

/** Thirty days. */
export const MAX_RETAIN_MINUTES = 43_200;

/** Rotates a key. Errors: not_found, conflict for one that expired, forbidden beyond the actor's own power (KEY-12). */
export const rotateApiKey = defineCommand({
  name: "api-key.rotated",
  permission: "api-key:rotate",
  input: z.strictObject({
    account: z.string(),
    key: z.string(),
    retainMinutes: wholeField.default(0).refine((minutes) => minutes <= MAX_RETAIN_MINUTES, "The old key can be kept for 30 days at most."),
  }),
  scope: ({ tx, workspace, input }) => lockedKey(tx, workspace, input.account, input.key),
  run: async ({ tx, actor, input: { retainMinutes }, target: { account, key }, now }) => {
    if (key.is_expired) throw new AppError("conflict", `The key ${key.name} has expired.`, { fix: "Make a new key." });
    await requireKeyPower(tx, actor, account.id, key.scopes);
    const secret = mintKeySecret();
    const holder = await issuedTo(tx, actor);
    const isRetained = retainMinutes > 0;
    await tx
      .updateTable("api_key")
      .set({
        secret_hmac: hashApiKey(secret),
        previous_hmac: isRetained ? key.secret_hmac : null,
        previous_until: isRetained ? sql`${now}::timestamptz + make_interval(mins => ${retainMinutes})` : null,
        previous_used_at: null,
        previous_used_address: null,
        previous_used_agent: null,
        retain_period_minutes: retainMinutes,
        generation: sql`generation + 1`,
        issued_to: holder,
        last_rotated_at: now,
        updated_at: now,
      })
      .where("id", "=", key.id)
      .execute();
    const result: ShownKey = { id: key.id, name: key.name, account: account.name, value: formatApiKey(key.id, secret), expiresAt: key.expires_at };
    return {
      result,
      audit: {
        target: { type: "api-key", id: key.id, name: `${account.name}/${key.name}` },
        before: { generation: key.generation, issuedTo: key.issued_to },
        after: { generation: key.generation + 1, issuedTo: holder, oldOneEndsAfterMinutes: retainMinutes },
      },
    };
  },
});
