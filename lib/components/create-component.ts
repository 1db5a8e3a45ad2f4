import "server-only";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { z } from "zod";
import { type FlavorForUse, findFlavor, flavorOf } from "@/lib/flavors/find-flavor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { linkSecrets, secretWishes } from "@/lib/secrets/link-secrets";
import { bindReferences } from "@/lib/secrets/references";
import { requireFitting, withoutSecrets } from "./check-configuration";
import { lockComponent, requireFreeName } from "./find-component";
import { type Connected, connectionFor, connectionWish } from "./connect";
import { objectOf, objectText, textMap, thingName } from "./object-text";
import { maySeeSecrets } from "./readable-secrets";
import { COMPONENT_TYPES, type ComponentType } from "./schema";
import { variableNames } from "./variables";

// Registers components. A name is used once per kind and workspace; the configuration fits the flavor.

type NewComponent = {
  workspaceId: string;
  name: string;
  type: ComponentType;
  flavor: FlavorForUse;
  /** JSON text. */
  configuration: string;
  environment?: string | null;
  labels?: string | null;
  createdBy: string | null;
  connected?: Connected;
};

/** Inserts a component whose configuration was checked. Error: conflict when the name is taken. */
export async function insertComponent(tx: Tx, component: NewComponent): Promise<string> {
  const { workspaceId, type, name, flavor } = component;
  await requireFreeName(tx, workspaceId, type, name);
  const id = newId();
  await tx
    .insertInto("component")
    .values({
      id,
      workspace_id: workspaceId,
      name,
      type,
      flavor_id: flavor.id,
      configuration: sql<string>`${component.configuration}::jsonb`,
      environment: sql<string>`${component.environment ?? "{}"}::jsonb`,
      labels: component.labels == null ? null : sql<string>`${component.labels}::jsonb`,
      created_by: component.createdBy,
      ...component.connected,
    })
    .execute();
  return id;
}

/** Registers a component. Errors: not_found for the flavor, bad_request for a configuration that does not fit, conflict for a taken name. */
export const createComponent = defineCommand({
  name: "component.created",
  permission: "component:create",
  input: z.strictObject({
    name: thingName.refine((name) => !/^\{\{.*\}\}$/.test(name), "A name can’t be a secret reference."),
    type: z.enum(COMPONENT_TYPES),
    flavor: z.string().min(1, "A flavor is needed.").max(255),
    configuration: objectText.default("{}"),
    environment: textMap.nullish(),
    labels: objectText.nullish(),
    ...connectionWish,
    ...secretWishes,
  }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace.id, ownerId: actor.id }),
  run: async ({ tx, actor, input, workspace, request, now }) => {
    const flavor = await findFlavor(tx, workspace.id, input.type, input.flavor);
    const configuration = objectOf(input.configuration) ?? {};
    requireFitting(flavor, input.type, configuration, request);
    const connection = await connectionFor(tx, actor, { flavorId: flavor.id, configuration }, input.connection ?? null);
    const id = await insertComponent(tx, { ...input, workspaceId: workspace.id, flavor, createdBy: actor.id, connected: connection.columns });
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const target = { kind: "component" as const, id, name: input.name, workspaceId: workspace.id };
    const bound = [
      ...(await linkSecrets(tx, actor, target, input, change)),
      ...(await bindReferences(tx, actor, { id, workspace_id: workspace.id, name: input.name, configuration, ownerId: actor.id }, change)),
    ];
    return {
      result: id,
      audit: [
        {
          target: { type: "component", id, name: input.name },
          after: {
            name: input.name,
            type: input.type,
            flavor: flavor.name,
            configuration: withoutSecrets(flavor, configuration),
            ...(input.labels ? { labels: objectOf(input.labels) } : {}),
            ...(input.environment ? { environment: variableNames(input.environment) } : {}),
            ...(connection.facts.connector ? { connection: connection.facts } : {}),
          },
        },
        ...bound,
      ],
    };
  },
});

const wishOf = ({ connector_id: id, connector_resource_id: resourceId }: Connected) => (id ? { id, resourceId } : null);

/**
 * Registers a component like another one; its secrets go along unseen. Errors: not_found, forbidden with
 * secrets for who may not read them, conflict.
 */
export const copyComponent = defineCommand({
  name: "component.copied",
  permission: "component:create",
  input: z.strictObject({ id: z.uuid(), name: thingName }),
  scope: async ({ tx, actor, input }) => ({ ...(await lockComponent(tx, input.id)), ownerId: actor.id }),
  run: async ({ tx, actor, input, target: { component }, request, now }) => {
    const flavor = await flavorOf(tx, component.flavor_id);
    const hasSecrets = !isDeepStrictEqual(withoutSecrets(flavor, component.configuration), component.configuration);
    if (hasSecrets && !maySeeSecrets(actor, component))
      throw new AppError("forbidden", "This component holds secrets that you may not read, and a copy would be yours with them.", {
        fix: "Ask its owner to copy it, or register one that refers to secrets as {{name.key}}.",
        reason: "secrets_inside",
      });
    const id = await insertComponent(tx, {
      workspaceId: component.workspace_id,
      name: input.name,
      type: component.type as ComponentType,
      flavor,
      configuration: component.configurationText,
      environment: component.environmentText,
      labels: component.labelsText,
      createdBy: actor.id,
      connected: (await connectionFor(tx, actor, { flavorId: flavor.id, configuration: component.configuration }, wishOf(component))).columns,
    });
    const copy = { id, workspace_id: component.workspace_id, name: input.name, configuration: component.configuration, ownerId: actor.id };
    const bound = await bindReferences(tx, actor, copy, { actorId: actor.id, requestId: request.requestId, now });
    return {
      result: id,
      audit: [
        {
          target: { type: "component", id, name: input.name },
          after: { name: input.name, type: component.type, flavor: flavor.name, copyOf: component.name },
        },
        ...bound,
      ],
    };
  },
});
