import "server-only";
import { z } from "zod";
import { PERMISSIONS } from "@/lib/authz/permissions";
import { formatApiKey, hashApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { descriptionField, listField, momentField, nameField } from "@/lib/kernel/form-fields";
import { isUuid, newId } from "@/lib/kernel/id";
import { lockedAccount } from "./find-service-account";
import { issuedTo, requireKeyPower } from "./key-power";

// Makes API keys. The value leaves here once and is kept as an HMAC only.

/** What a person gets to see once. */
export type ShownKey = { id: string; name: string; account: string; value: string; expiresAt: string | null };

export const keyName = nameField.refine((name): boolean => !isUuid(name), "A name is not an id.");

/** Makes a key of an account. Errors: not_found, conflict for a taken name, forbidden beyond the maker's own power (KEY-12), invalid_input. */
export const createApiKey = defineCommand({
  name: "api-key.created",
  permission: "api-key:create",
  input: z.strictObject({
    account: z.string(),
    name: keyName,
    description: descriptionField.default(""),
    /** What it may do at most; null: all that its account may. */
    scopes: listField(z.enum(PERMISSIONS)).nullish(),
    expiresAt: momentField,
  }),
  scope: ({ tx, workspace, input }) => lockedAccount(tx, workspace, input.account),
  run: async ({ tx, actor, input, target: { account }, now }) => {
    if (input.scopes?.length === 0) throw new AppError("invalid_input", "Choose at least one scope.", { fields: { scopes: "Choose at least one scope." } });
    if (input.expiresAt && Date.parse(input.expiresAt) <= Date.parse(now))
      throw new AppError("invalid_input", "The key would end in the past.", { fields: { expiresAt: "Choose a later time." } });
    const scopes = input.scopes ? [...new Set(input.scopes)] : null;
    await requireKeyPower(tx, actor, account.id, scopes);
    const taken = await tx.selectFrom("api_key").select("id").where("principal_id", "=", account.id).where("name", "=", input.name).executeTakeFirst();
    if (taken)
      throw new AppError("conflict", `${account.name} has a key named ${input.name} already.`, {
        fix: "Choose another name.",
        fields: { name: "This name is taken." },
      });
    const id = newId();
    const secret = mintKeySecret();
    const holder = await issuedTo(tx, actor);
    await tx
      .insertInto("api_key")
      .values({
        id,
        organization_id: account.organization_id,
        principal_id: account.id,
        name: input.name,
        description: input.description,
        secret_hmac: hashApiKey(secret),
        scopes,
        expires_at: input.expiresAt ?? null,
        issued_to: holder,
        created_by: actor.id,
        created_at: now,
        updated_at: now,
      })
      .execute();
    const result: ShownKey = { id, name: input.name, account: account.name, value: formatApiKey(id, secret), expiresAt: input.expiresAt ?? null };
    return {
      result,
      audit: {
        target: { type: "api-key", id, name: `${account.name}/${input.name}` },
        after: { name: input.name, serviceAccount: account.name, scopes, expiresAt: input.expiresAt ?? null, issuedTo: holder },
      },
    };
  },
});
