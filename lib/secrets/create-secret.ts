import "server-only";
import { z } from "zod";
import { sameAgain } from "@/lib/kernel/ask-outside";
import { defineCommand } from "@/lib/kernel/command";
import { booleanField, descriptionField, jsonField, momentField } from "@/lib/kernel/form-fields";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { findProject } from "@/lib/projects/find-project";
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
    description: descriptionField.default(""),
    isPrivate: booleanField,
    /** The name of the project that it is for; left out for the whole workspace. */
    project: z.string().nullish(),
    values: jsonField(secretValues),
    expiresAt: momentField,
  }),
  scope: async ({ tx, actor, input, workspace }) => {
    const project = input.project ? await findProject(tx, workspace.id, input.project) : null;
    return { workspaceId: workspace.id, projectId: project?.id ?? null, ownerId: actor.id };
  },
  run: async ({ tx, actor, input: { values, isPrivate, ...input }, target: { projectId }, workspace, request, now }) => {
    requireKind(input.kind, values);
    if (isPrivate && projectId)
      throw new AppError("invalid_input", "A private secret belongs to no project.", { fields: { project: "Choose one of the two." } });
    const id = sameAgain(tx, `secret ${input.name}`, newId);
    const privateTo = isPrivate ? actor.id : null;
    await requireFreeName(tx, { workspaceId: workspace.id, projectId, name: input.name, privateTo });
    await tx
      .insertInto("secret")
      .values({
        id,
        workspace_id: workspace.id,
        name: input.name,
        kind: input.kind,
        description: input.description,
        private_to: privateTo,
        project_id: projectId,
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
    const made = { id, workspace_id: workspace.id, project_id: projectId, name: input.name, created_by: actor.id };
    const bound = await bindToReferrers(tx, actor, made, { actorId: actor.id, requestId: request.requestId, now });
    return {
      result: id,
      audit: [
        {
          target: { type: "secret", id, name: input.name, projectId },
          after: {
            name: input.name,
            kind: input.kind,
            private: isPrivate,
            ...(input.project ? { project: input.project } : {}),
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
