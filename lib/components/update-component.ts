import "server-only";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { z } from "zod";
import { secretReference, isSecretField } from "@/lib/flavors/config-schema";
import { flavorOf } from "@/lib/flavors/find-flavor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { jsonText } from "@/lib/kernel/json-text";
import { auditable, replacedUnseen, requireFitting } from "./check-configuration";
import { lockComponent, requireChangeable, requireFreeName, requireUnchanged } from "./find-component";
import { objectOf, objectText, textMap, thingName } from "./object-text";

// Changes a component; kind and flavor stay. As on the recorded server a configuration replaces the one before: clients send the whole.

const input = z.strictObject({
  id: z.uuid(),
  name: thingName.nullish(),
  configuration: objectText.nullish(),
  /** JSON list of secret fields whose stored value stays: forms never hold it. */
  kept: z.string().max(10_000).optional(),
  environment: textMap.nullish(),
  labels: objectText.nullish(),
  /** The time of the last change that the form knows. */
  basedOn: z.string().optional(),
});

/** Changes a component. Errors: not_found, forbidden for `default`, bad_request for a configuration that does not fit, conflict. */
export const updateComponent = defineCommand({
  name: "component.updated",
  permission: "component:update",
  input,
  scope: ({ tx, input }) => lockComponent(tx, input.id),
  run: async ({ tx, input, target: { component }, request, now }) => {
    requireChangeable(component, "modified");
    requireUnchanged(component, input.basedOn);
    const name = input.name ?? component.name;
    if (name !== component.name) await requireFreeName(tx, component.workspace_id, component.type, name);
    const flavor = await flavorOf(tx, component.flavor_id);
    const old = component.configuration;
    let text = input.configuration ?? null;
    if (text !== null) {
      const kept = keptFields(input.kept).filter(
        (field) => isSecretField(flavor.schema.properties?.[field]) && Object.hasOwn(old, field) && !secretReference(old[field]),
      );
      requireFitting(flavor, component.type, objectOf(text) ?? {}, request, { known: new Set(Object.keys(old)), kept });
      if (kept.length > 0) text = jsonText({ ...objectOf(text), ...Object.fromEntries(kept.map((field) => [field, old[field]])) });
    }
    const configuration = text === null ? old : (objectOf(text) ?? {});
    const before = {
      name: component.name,
      configuration: auditable(flavor.schema, old),
      labels: objectOf(component.labelsText ?? "null") ?? null,
      environment: objectOf(component.environmentText),
    };
    const after = {
      name,
      configuration: auditable(flavor.schema, configuration),
      labels: input.labels == null ? before.labels : objectOf(input.labels),
      environment: input.environment == null ? before.environment : objectOf(input.environment),
    };
    const fieldsReplaced = replacedUnseen(flavor.schema, old, configuration);
    if (jsonText(before) === jsonText(after) && fieldsReplaced.length === 0 && isDeepStrictEqual(old, configuration))
      return { result: component.id, audit: UNCHANGED };
    await tx
      .updateTable("component")
      .set({
        name,
        updated_at: now,
        ...(text === null ? {} : { configuration: sql<string>`${text}::jsonb` }),
        ...(input.labels == null ? {} : { labels: sql<string>`${input.labels}::jsonb` }),
        ...(input.environment == null ? {} : { environment: sql<string>`${input.environment}::jsonb` }),
      })
      .where("id", "=", component.id)
      .execute();
    return {
      result: component.id,
      audit: {
        target: { type: "component", id: component.id, name },
        before,
        after: fieldsReplaced.length > 0 ? { ...after, fieldsReplaced } : after,
      },
    };
  },
});

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
