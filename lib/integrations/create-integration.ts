import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { booleanField, descriptionField, jsonField, momentField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import { requireKind } from "@/lib/secrets/kinds";
import { SECRET_KINDS, secretName, secretValues } from "@/lib/secrets/schema";
import { writeOrganizationVersion } from "@/lib/secrets/versions";
import { chosenWorkspaces, type IntegrationRow, openWorkspaces, requireFreeName } from "./find-integration";
import { settlePlacements } from "./place";
import { workspacesField, workspaceWords } from "./schema";

/** Makes a secret of the organization and places it; gives its id. Errors: conflict for a taken name, invalid_input for what the kind has no place for, sealed. */
export const createIntegration = defineCommand({
  name: "integration.created",
  permission: "integration:create",
  input: z.strictObject({
    name: secretName,
    kind: z.enum(SECRET_KINDS).default("generic"),
    description: descriptionField.default(""),
    values: jsonField(secretValues),
    expiresAt: momentField,
    /** All workspaces, also those that are made later; or those that are named. */
    everywhere: booleanField.default(false),
    workspaces: workspacesField.default([]),
  }),
  scope: async ({ tx, actor }) => ({ workspaceId: null, known: await openWorkspaces(tx, actor.organizationId) }),
  run: async ({ tx, actor, input: { values, expiresAt, workspaces: chosen, ...input }, target: { known }, request, now }) => {
    requireKind(input.kind, values);
    await requireFreeName(tx, actor.organizationId, input.name);
    const workspaces = chosenWorkspaces(known, { everywhere: input.everywhere, chosen });
    const keys = Object.keys(values);
    const secret: IntegrationRow = {
      ...input,
      id: newId(),
      version: 1,
      key_names: keys,
      expires_at: expiresAt ?? null,
      created_by: actor.id,
      created_at: now,
      updated_at: now,
      rotated_at: now,
      deleted_at: null,
    };
    await tx
      .insertInto("organization_secret")
      .values({ ...secret, organization_id: actor.organizationId })
      .execute();
    const written = { organizationId: actor.organizationId, values, createdBy: actor.id, requestId: request.requestId };
    await writeOrganizationVersion(tx, secret.id, 1, written);
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const placed = await settlePlacements(
      tx,
      secret,
      workspaces.map((one) => one.id),
      change,
    );
    const made = { target: { type: "integration", id: secret.id, name: secret.name } };
    const { name, kind, description } = input;
    const after = {
      name,
      kind,
      keys,
      version: 1,
      ...(description ? { description } : {}),
      ...(expiresAt ? { expiresAt } : {}),
      workspaces: workspaceWords(input.everywhere, workspaces),
    };
    return { result: secret.id, audit: [{ ...made, after }, ...placed] };
  },
});
