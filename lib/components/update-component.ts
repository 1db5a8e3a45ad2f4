import "server-only";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { z } from "zod";
import { flavorOf } from "@/lib/flavors/find-flavor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { jsonText } from "@/lib/kernel/json-text";
import type { Tx } from "@/lib/kernel/transaction";
import { linkSecrets, secretWishes } from "@/lib/secrets/link-secrets";
import { bindReferences } from "@/lib/secrets/references";
import { isHidden, replacedUnseen, requireFitting, unseenFields, withoutSecrets } from "./check-configuration";
import { lockComponent, requireChangeable, requireFreeName, requireUnchanged } from "./find-component";
import { type Connected, connectionFacts, connectionFor, connectionWish, namesAnotherResource } from "./connect";
import { objectOf, objectText, textMap, thingName } from "./object-text";
import { variablesChange } from "./variables";

// Changes a component; kind and flavor stay. As on the recorded server a configuration replaces the one before: clients send the whole.

const input = z.strictObject({
  id: z.uuid(),
  name: thingName.nullish(),
  configuration: objectText.nullish(),
  /** JSON list of hidden fields whose stored value stays: forms never hold it. */
  kept: z.string().max(10_000).optional(),
  environment: textMap.nullish(),
  labels: objectText.nullish(),
  ...connectionWish,
  ...secretWishes,
  /** The time of the last change that the form knows. */
  basedOn: z.string().optional(),
});

/** Changes a component. Errors: not_found, forbidden for `default`, bad_request for a configuration that does not fit, conflict. */
export const updateComponent = defineCommand({
  name: "component.updated",
  permission: "component:update",
  input,
  scope: ({ tx, input }) => lockComponent(tx, input.id),
  run: async ({ tx, actor, input, target: { component }, request, now }) => {
    requireChangeable(component, "modified");
    requireUnchanged(component, input.basedOn);
    const name = input.name ?? component.name;
    if (name !== component.name) await requireFreeName(tx, component.workspace_id, component.type, name);
    const flavor = await flavorOf(tx, component.flavor_id);
    const old = component.configuration;
    const text = input.configuration ?? null;
    const sent = text === null ? null : (objectOf(text) ?? {});
    const hidden = keptFields(input.kept).filter((field) => Object.hasOwn(old, field) && isHidden(flavor, field, old[field]));
    const kept = [...hidden, ...unseenFields(flavor, old, sent ?? {})];
    if (sent) requireFitting(flavor, component.type, sent, request, { known: new Set(Object.keys(old)), kept });
    const configuration = sent ? { ...sent, ...Object.fromEntries(kept.map((field) => [field, old[field]])) } : old;
    const wasConnected = await connectionFacts(tx, component);
    const wish = input.connection !== undefined ? input.connection : await keptConnection(tx, component, configuration);
    const connection = wish === undefined ? null : await connectionFor(tx, actor, { flavorId: component.flavor_id, configuration }, wish);
    const variables = variablesChange(component.environmentText, input.environment ?? component.environmentText);
    const before = {
      name: component.name,
      configuration: withoutSecrets(flavor, old),
      labels: objectOf(component.labelsText ?? "null") ?? null,
      environment: variables.before,
      connection: wasConnected,
    };
    const after = {
      name,
      configuration: withoutSecrets(flavor, configuration),
      labels: input.labels == null ? before.labels : objectOf(input.labels),
      environment: variables.after,
      connection: connection?.facts ?? wasConnected,
    };
    const fieldsReplaced = replacedUnseen(flavor, old, configuration);
    const change = { actorId: actor.id, requestId: request.requestId, now };
    const target = { kind: "component" as const, id: component.id, name, workspaceId: component.workspace_id };
    const bound = [
      ...(await linkSecrets(tx, actor, target, input, change)),
      ...(await bindReferences(tx, actor, { ...component, ownerId: component.created_by, name, configuration, before: old }, change)),
    ];
    if (jsonText(before) === jsonText(after) && fieldsReplaced.length === 0 && variables.isSame && isDeepStrictEqual(old, configuration))
      return { result: component.id, audit: bound.length > 0 ? bound : UNCHANGED };
    await tx
      .updateTable("component")
      .set({
        name,
        updated_at: now,
        ...connection?.columns,
        ...(text === null ? {} : { configuration: withKept(text, kept) }),
        ...(input.labels == null ? {} : { labels: sql<string>`${input.labels}::jsonb` }),
        ...(input.environment == null ? {} : { environment: sql<string>`${input.environment}::jsonb` }),
      })
      .where("id", "=", component.id)
      .execute();
    return {
      result: component.id,
      audit: [
        {
          target: { type: "component", id: component.id, name },
          before,
          after: {
            ...after,
            ...(fieldsReplaced.length > 0 ? { fieldsReplaced } : {}),
            ...(variables.replaced.length > 0 ? { environmentReplaced: variables.replaced } : {}),
          },
        },
        ...bound,
      ],
    };
  },
});

type Stored = Connected & { flavor_id: string; configuration: Record<string, unknown> };

/** What is connected stays; where the configuration names another resource, that one is asked of the same connector. */
const keptConnection = async (tx: Tx, { flavor_id, configuration: old, connector_id: id }: Stored, configuration: Record<string, unknown>) =>
  id && (await namesAnotherResource(tx, flavor_id, old, configuration)) ? { id } : undefined;

/** What was sent with the kept fields of the row, each number in its own spelling. */
const withKept = (text: string, kept: readonly string[]) =>
  sql<string>`${text}::jsonb || coalesce((select jsonb_object_agg(stored.key, stored.value) from jsonb_each(component.configuration) stored where stored.key = any(${[...kept]}::text[])), '{}'::jsonb)`;

function keptFields(text: string | undefined): string[] {
  const list = z.array(z.string()).safeParse(text === undefined ? [] : parse(text));
  return list.success ? list.data : [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return [];
  }
}
