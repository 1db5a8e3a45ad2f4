import "server-only";
import { z } from "zod";
import { sameAgain } from "@/lib/kernel/ask-outside";
import { defineCommand } from "@/lib/kernel/command";
import { booleanField, jsonField, momentField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import { requireFreeName } from "./find-secret";
import { requireKind } from "./kinds";
import { bindToReferrers } from "./references";
import { SECRET_KINDS, secretName, secretValues } from "./schema";
import { writeVersion } from "./versions";

/** Makes a secret; gives its id. Errors: conflict for a taken name, invalid_input for what the kind has no place for, sealed. */
export const createSecret = defineCommand({
  name: "secret.created",
  permission: "secret:create",
  input: z.strictObject({
    name: secretName,
    kind: z.enum(SECRET_KINDS).default("generic"),
    description: z.string().trim().max(1_000).default(""),
    isPrivate: booleanField,
    values: jsonField(secretValues),
    expiresAt: momentField,
  }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace.id, ownerId: actor.id }),
  run: async ({ tx, actor, input: { values, isPrivate, ...input }, workspace, request, now }) => {
    requireKind(input.kind, values);
    const id = sameAgain(tx, `secret ${input.name}`, newId);
    const privateTo = isPrivate ? actor.id : null;
    await requireFreeName(tx, { workspaceId: workspace.id, name: input.name, privateTo });
    await tx
      .insertInto("secret")
      .values({
        id,
        workspace_id: workspace.id,
        name: input.name,
        kind: input.kind,
        description: input.description,
        private_to: privateTo,
        key_names: Object.keys(values),
        expires_at: input.expiresAt ?? null,
        created_by: actor.id,
        created_at: now,
        updated_at: now,
        rotated_at: now,
      })
      .execute();
    const place = { workspaceId: workspace.id, secretId: id, version: 1 };
    await writeVersion(tx, place, { organizationId: actor.organizationId, values, createdBy: actor.id, requestId: request.requestId });
    const made = { id, workspace_id: workspace.id, name: input.name, created_by: actor.id };
    const bound = await bindToReferrers(tx, actor, made, { actorId: actor.id, requestId: request.requestId, now });
    return {
      result: id,
      audit: [
        {
          target: { type: "secret", id, name: input.name },
          after: {
            name: input.name,
            kind: input.kind,
            private: isPrivate,
            keys: Object.keys(values),
            version: 1,
            ...(input.description ? { description: input.description } : {}),
            ...(input.expiresAt ? { expiresAt: input.expiresAt } : {}),
          },
        },
        ...bound,
      ],
    };
  },
});
