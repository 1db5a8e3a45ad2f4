import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { requireFitting, withoutSecrets } from "@/lib/components/check-configuration";
import { insertComponent } from "@/lib/components/create-component";
import { type ConnectionFacts, connectionFor, connectionWish } from "@/lib/components/connect";
import { idList, objectOf, objectText, textMap, thingName } from "@/lib/components/object-text";
import { COMPONENT_TYPES } from "@/lib/components/schema";
import { variableNames } from "@/lib/components/variables";
import { can } from "@/lib/authz/can";
import { findFlavor } from "@/lib/flavors/find-flavor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { linkSecrets, secretWishes } from "@/lib/secrets/link-secrets";
import { bindReferences } from "@/lib/secrets/references";
import { currentParts, lockStack, requireFreeStackName } from "./find-stack";
import { type Part, partNames, partsOf, requireStack, writeParts } from "./stack-parts";

// Registers stacks, of components that are there and, in one go, of new ones that take the stack's name.

const newComponent = z.strictObject({ type: z.enum(COMPONENT_TYPES), flavor: z.string().min(1).max(255), configuration: objectText, ...connectionWish });

const input = z.strictObject({
  name: thingName,
  description: z.string().max(255, "At most 255 characters fit.").default(""),
  stackSpecPath: z.string().max(1_000).nullish(),
  components: idList,
  newComponents: z.array(newComponent).max(20).default([]),
  environment: textMap.nullish(),
  labels: objectText.nullish(),
  ...secretWishes,
});

type NewStack = {
  workspaceId: string;
  name: string;
  description: string;
  stackSpecPath?: string | null;
  environment?: string | null;
  labels?: string | null;
  createdBy: string | null;
  parts: readonly Part[];
};

/** Registers a stack. Errors: not_found for a component or flavor, invalid_input without its two main parts, conflict for a taken name. */
export const createStack = defineCommand({
  name: "stack.created",
  permission: "stack:create",
  input,
  scope: async ({ tx, actor, input, workspace }) => ({
    workspaceId: workspace.id,
    ownerId: actor.id,
    parts: await partsOf(tx, workspace.id, input.components),
  }),
  run: async ({ tx, actor, input, workspace, request, target: { parts }, now }) => {
    const labels = input.labels ?? "{}";
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const bound: AuditDraft[] = [];
    const made: { part: Part; flavor: string; configuration: Record<string, unknown>; connection: ConnectionFacts }[] = [];
    if (input.newComponents.length > 0 && !can(actor, "component:create", { workspaceId: workspace.id, ownerId: actor.id }).allowed)
      throw new AppError("forbidden", "This stack has new components, and that needs the permission component:create.", { reason: "no_grant" });
    for (const wish of input.newComponents) {
      const flavor = await findFlavor(tx, workspace.id, wish.type, wish.flavor);
      const configuration = objectOf(wish.configuration) ?? {};
      requireFitting(flavor, wish.type, configuration, request);
      const name = await freeName(tx, workspace.id, wish.type, input.name);
      const connection = await connectionFor(tx, actor, { flavorId: flavor.id, configuration }, wish.connection ?? null);
      const id = await insertComponent(tx, { ...wish, workspaceId: workspace.id, name, flavor, labels, createdBy: actor.id, connected: connection.columns });
      bound.push(...(await bindReferences(tx, actor, { id, workspace_id: workspace.id, name, configuration, ownerId: actor.id }, change)));
      made.push({
        part: { id, name, type: wish.type },
        flavor: flavor.name,
        configuration: withoutSecrets(flavor, configuration),
        connection: connection.facts,
      });
    }
    const all = [...parts, ...made.map(({ part }) => part)];
    requireStack(all);
    const id = await insertStack(tx, { ...input, labels, workspaceId: workspace.id, createdBy: actor.id, parts: all });
    bound.push(...(await linkSecrets(tx, actor, { kind: "stack", id, name: input.name, workspaceId: workspace.id }, input, change)));
    return {
      result: id,
      audit: [
        ...made.map(({ part, flavor, configuration, connection }) => ({
          action: "component.created",
          target: { type: "component", id: part.id, name: part.name },
          after: { name: part.name, type: part.type, flavor, configuration, ...(connection.connector ? { connection } : {}) },
        })),
        {
          target: { type: "stack", id, name: input.name },
          after: {
            name: input.name,
            ...(input.description ? { description: input.description } : {}),
            components: partNames(all),
            labels: objectOf(labels),
            ...(input.environment ? { environment: variableNames(input.environment) } : {}),
          },
        },
        ...bound,
      ],
    };
  },
});

/** Registers a stack with the parts of another one. Errors: not_found, conflict. */
export const copyStack = defineCommand({
  name: "stack.copied",
  permission: "stack:create",
  input: z.strictObject({ id: z.uuid(), name: thingName }),
  scope: async ({ tx, actor, input }) => ({ ...(await lockStack(tx, input.id)), ownerId: actor.id }),
  run: async ({ tx, actor, input, target: { stack } }) => {
    const parts = await currentParts(tx, stack.id);
    const id = await insertStack(tx, {
      workspaceId: stack.workspace_id,
      name: input.name,
      description: stack.description,
      stackSpecPath: stack.stack_spec_path,
      environment: stack.environmentText,
      labels: stack.labelsText,
      createdBy: actor.id,
      parts,
    });
    return {
      result: id,
      audit: { target: { type: "stack", id, name: input.name }, after: { name: input.name, components: partNames(parts), copyOf: stack.name } },
    };
  },
});

async function insertStack(tx: Tx, stack: NewStack): Promise<string> {
  await requireFreeStackName(tx, stack.workspaceId, stack.name);
  const id = newId();
  await tx
    .insertInto("stack")
    .values({
      id,
      workspace_id: stack.workspaceId,
      name: stack.name,
      description: stack.description,
      stack_spec_path: stack.stackSpecPath ?? null,
      environment: sql<string>`${stack.environment ?? "{}"}::jsonb`,
      labels: sql<string>`${stack.labels ?? "{}"}::jsonb`,
      created_by: stack.createdBy,
    })
    .execute();
  if (stack.parts.length > 0) await writeParts(tx, stack.workspaceId, id, stack.parts);
  return id;
}

/** The stack's name, or with four characters more where a component of the kind has it. */
async function freeName(tx: Tx, workspaceId: string, type: string, name: string): Promise<string> {
  const taken = await tx
    .selectFrom("component")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("type", "=", type)
    .where("name", "=", name)
    .executeTakeFirst();
  return taken ? `${name}-${newId().slice(-4)}` : name;
}
