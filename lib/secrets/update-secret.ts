import "server-only";
import { z } from "zod";
import { requireUnchanged } from "@/lib/components/find-component";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, descriptionField, jsonField } from "@/lib/kernel/form-fields";
import { lockSecret, requireFreeName, type SecretRow, thingTarget } from "./find-secret";
import { changedKeys, mergeValues, type ValuesWish } from "./merge-values";
import { bindToReferrers } from "./references";
import { SECRET_KINDS, type SecretValues, secretName, secretValues, valuesChange } from "./schema";
import { placeOf, readVersion, writeVersion } from "./versions";

// Changes a secret. New values are a new version: what was there before can be read as long as its version is not destroyed.

const input = z.strictObject({
  id: z.uuid(),
  name: secretName.nullish(),
  description: descriptionField.nullish(),
  /** Given later, to one that clients made without: its keys have to fit. */
  kind: z.enum(SECRET_KINDS).nullish(),
  isPrivate: booleanField.nullish(),
  expiresAt: z.iso.datetime({ offset: true }).nullish(),
  /** All values; or, as `patch`, those of some keys, null to take one away. */
  values: secretValues.nullish(),
  patch: jsonField(valuesChange).nullish(),
  /** The time of the last change that the form knows. */
  basedOn: z.string().optional(),
});

/** Changes a secret. Errors: not_found, forbidden to make somebody else's private, conflict, invalid_input for what doesn't fit, sealed. */
export const updateSecret = defineCommand({
  name: "secret.updated",
  permission: "secret:update",
  input,
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    requireUnchanged(secret, input.basedOn);
    const privateTo = input.isPrivate == null ? secret.private_to : input.isPrivate ? requireOwner(secret, actor.id) : null;
    if (privateTo !== null && secret.project_id !== null)
      throw new AppError("invalid_input", "A secret of a project isn’t made private.", { fields: { isPrivate: "Make a private one with the same values." } });
    const name = input.name ?? secret.name;
    if (name !== secret.name || privateTo !== secret.private_to)
      await requireFreeName(tx, { workspaceId: secret.workspace_id, projectId: secret.project_id, name, privateTo });
    const place = placeOf(secret);
    const kind = input.kind ?? secret.kind;
    const { values, changed } = await newValues(secret, actor, () => readVersion(tx, actor.organizationId, place), input);
    const isRotated = values !== undefined && changed.length > 0;
    const version = isRotated ? secret.version + 1 : secret.version;
    const facts = (of: SecretRow | typeof after) => ({
      name: of.name,
      private: of.private_to !== null,
      kind: of.kind,
      description: of.description,
      expiresAt: of.expires_at,
      keys: of.key_names,
      version: of.version,
    });
    const after = {
      name,
      private_to: privateTo,
      kind,
      description: input.description ?? secret.description,
      expires_at: input.expiresAt === undefined ? secret.expires_at : input.expiresAt,
      key_names: isRotated ? Object.keys(values) : secret.key_names,
      version,
    };
    if (JSON.stringify(facts(secret)) === JSON.stringify(facts(after))) return { result: secret.id, audit: UNCHANGED };
    await tx
      .updateTable("secret")
      .set({ ...after, updated_at: now, ...(isRotated ? { rotated_at: now } : {}), ...(kind === secret.kind ? {} : UNTESTED) })
      .where("id", "=", secret.id)
      .execute();
    if (isRotated)
      await writeVersion(tx, placeOf(secret, version), { organizationId: actor.organizationId, values, createdBy: actor.id, requestId: request.requestId });
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const bound = name === secret.name ? [] : await bindToReferrers(tx, actor, { ...secret, name }, change);
    return {
      result: secret.id,
      audit: [
        {
          target: { type: "secret", id: secret.id, name },
          before: facts(secret),
          after: { ...facts(after), ...(isRotated ? { valuesChanged: changed } : {}) },
        },
        ...bound,
      ],
    };
  },
});

/** Somebody else's secret can't be taken away from those who use it. Error: forbidden. */
function requireOwner(secret: SecretRow, actorId: string): string {
  if (secret.created_by === actorId) return actorId;
  throw new AppError("forbidden", "A secret can be made private by who made it only.", {
    fix: "Make a private one of your own with the same values.",
    reason: "not_owner",
  });
}

/** What another kind's test said says nothing of this one. */
const UNTESTED = { tested_at: null, tested_version: null, test_outcome: null, test_words: null };

/** The values as they will be, and the keys whose value differs; nothing is opened when none was sent. */
async function newValues(
  secret: SecretRow,
  actor: Actor,
  read: () => Promise<SecretValues>,
  wish: ValuesWish,
): Promise<{ values?: SecretValues; changed: string[] }> {
  const isKept = !wish.kind || wish.kind === secret.kind;
  if (isKept && !wish.values && (!wish.patch || Object.keys(wish.patch).length === 0)) return { changed: [] };
  const old = await read();
  const merged = mergedValues(secret, actor, old, wish);
  return { values: merged, changed: changedKeys(old, merged) };
}

/** What a change makes of the stored values. Errors: as of `mergeValues`. */
export function mergedValues(secret: SecretRow, actor: Actor, old: SecretValues, wish: ValuesWish): SecretValues {
  // Its owner may read the values with a client anyway, where their role lets owners read.
  const mayRead = secret.created_by === actor.id && can(actor, "secret:read-value", thingTarget(secret)).allowed;
  return mergeValues({ kind: secret.kind, mayRead }, old, wish);
}
