import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { requireUnchanged } from "@/lib/components/find-component";
import { idList, objectOf, objectText, textMap, thingName } from "@/lib/components/object-text";
import { variablesChange } from "@/lib/components/variables";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { jsonText } from "@/lib/kernel/json-text";
import { linkSecrets, secretWishes } from "@/lib/secrets/link-secrets";
import { currentParts, lockStack, requireChangeable, requireFreeStackName } from "./find-stack";
import { partNames, partsOf, requireStack, writeParts } from "./stack-parts";

const input = z.strictObject({
  id: z.uuid(),
  name: thingName.nullish(),
  description: z.string().max(255, "At most 255 characters fit.").nullish(),
  stackSpecPath: z.string().max(1_000).nullish(),
  /** All parts of the stack from now on. */
  components: idList.nullish(),
  environment: textMap.nullish(),
  labels: objectText.nullish(),
  ...secretWishes,
  /** The time of the last change that the form knows. */
  basedOn: z.string().optional(),
});

/**
 * Changes a stack; components replace those it had. Errors: not_found, forbidden for
 * `default`, invalid_input for a set that makes no stack, conflict.
 */
export const updateStack = defineCommand({
  name: "stack.updated",
  permission: "stack:update",
  input,
  scope: ({ tx, input }) => lockStack(tx, input.id),
  run: async ({ tx, actor, input, target: { stack }, request, now }) => {
    requireChangeable(stack, "modified");
    requireUnchanged(stack, input.basedOn);
    const name = input.name ?? stack.name;
    if (name !== stack.name) await requireFreeStackName(tx, stack.workspace_id, name);
    const oldParts = await currentParts(tx, stack.id);
    const parts = input.components == null ? oldParts : await partsOf(tx, stack.workspace_id, input.components);
    if (input.components != null) requireStack(parts);
    const variables = variablesChange(stack.environmentText, input.environment ?? stack.environmentText);
    const before = {
      name: stack.name,
      description: stack.description,
      stackSpecPath: stack.stack_spec_path,
      components: partNames(oldParts),
      labels: objectOf(stack.labelsText ?? "null") ?? null,
      environment: variables.before,
    };
    const after = {
      name,
      description: input.description ?? stack.description,
      stackSpecPath: input.stackSpecPath === undefined ? stack.stack_spec_path : input.stackSpecPath,
      components: partNames(parts),
      labels: input.labels == null ? before.labels : objectOf(input.labels),
      environment: variables.after,
    };
    const isSame = jsonText(before) === jsonText(after) && variables.isSame && oldParts.every((part, index) => part.id === parts[index]?.id);
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const bound = await linkSecrets(tx, actor, { kind: "stack", id: stack.id, name, workspaceId: stack.workspace_id }, input, change);
    if (isSame) return { result: stack.id, audit: bound.length > 0 ? bound : UNCHANGED };
    await tx
      .updateTable("stack")
      .set({
        name,
        description: after.description,
        stack_spec_path: after.stackSpecPath,
        updated_at: now,
        ...(input.labels == null ? {} : { labels: sql<string>`${input.labels}::jsonb` }),
        ...(input.environment == null ? {} : { environment: sql<string>`${input.environment}::jsonb` }),
      })
      .where("id", "=", stack.id)
      .execute();
    if (input.components != null) await writeParts(tx, stack.workspace_id, stack.id, parts);
    const replaced = variables.replaced.length > 0 ? { environmentReplaced: variables.replaced } : {};
    return { result: stack.id, audit: [{ target: { type: "stack", id: stack.id, name }, before, after: { ...after, ...replaced } }, ...bound] };
  },
});
