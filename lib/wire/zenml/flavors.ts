import "server-only";
import { z } from "zod";
import { COMPONENT_TYPES } from "@/lib/components/schema";
import { createFlavor, deleteFlavor, syncFlavors, updateFlavor } from "@/lib/flavors/change-flavor";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { FLAVOR_FIELDS, type FlavorView, getFlavor, listFlavors } from "@/lib/stacks/queries";
import { bodyOf, textOf, verbatimBody } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { type Envelope, entity, raw, times } from "./respond";
import { answerList } from "./scoped-list";
import { nestedUser } from "./users";

// Flavors on the wire. A logo is an outside address, so none is sent; what a client registers is always custom, whatever it says.

const text = z.string().max(255).nullish();
const about = {
  display_name: text,
  integration: text,
  connector_type: text,
  connector_resource_type: text,
  connector_resource_id_attr: text,
  logo_url: z.string().nullish(),
  docs_url: z.string().nullish(),
  sdk_docs_url: z.string().nullish(),
};
const newFlavor = z.object({
  ...about,
  name: z.string(),
  type: z.enum(COMPONENT_TYPES),
  source: z.string(),
  config_schema: z.record(z.string(), z.unknown()),
});
const changedFlavor = z.object({
  ...about,
  name: z.string().nullish(),
  type: z.enum(COMPONENT_TYPES).nullish(),
  source: z.string().nullish(),
  config_schema: z.record(z.string(), z.unknown()).nullish(),
});

/** `body` of a flavor, also inside a component. */
export const flavorBody = (view: FlavorView) => ({
  ...times(view),
  user_id: view.created_by,
  type: view.type,
  display_name: view.display_name,
  integration: view.integration,
  source: view.source,
  logo_url: null,
  is_custom: view.is_custom,
});

/** The schema with a title: `zenml … flavor describe` needs one. Where there is none it is the name that the client gives the class. */
function titled({ configSchema = "{}", source }: FlavorView): string {
  const schema = JSON.parse(configSchema) as { title?: string };
  if (schema.title !== undefined) return configSchema;
  const title = JSON.stringify(`${(source.split(".").at(-1) ?? source).replace(/Flavor$/, "")}Config`);
  return Object.keys(schema).length === 0 ? `{"title": ${title}}` : configSchema.replace("{", () => `{"title": ${title}, `);
}

function flavor(view: FlavorView, hydrate: boolean): Envelope {
  return entity({
    id: view.id,
    name: view.name,
    body: flavorBody(view),
    metadata: hydrate
      ? {
          config_schema: raw(titled(view)),
          connector_type: view.connector_type,
          connector_resource_type: view.connector_resource_type,
          connector_resource_id_attr: view.connector_resource_id_attr,
          docs_url: view.docs_url,
          sdk_docs_url: view.sdk_docs_url,
        }
      : null,
    resources: { user: nestedUser(view.owner) },
  });
}

const one = async (call: WireCall, id: string | undefined, hydrate = true) => flavor(await ask(getFlavor, call.context, { id, hydrate }), hydrate);

const schemaText = (call: WireCall) => textOf(verbatimBody(call).config_schema);

export const FLAVOR_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/flavors",
    permission: "flavor:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        FLAVOR_FIELDS,
        (input) => ask(listFlavors, call.context, { ...input, hydrate: call.hydrate }),
        (items) => items.map((item) => flavor(item, call.hydrate)),
      ),
  },
  {
    method: "POST",
    path: "/flavors",
    permission: "flavor:create",
    audit: "entry",
    handle: async (call) => {
      const { config_schema: _, ...body } = bodyOf(call, newFlavor);
      return one(call, await execute(createFlavor, call.context, { ...body, configSchema: schemaText(call) }));
    },
  },
  {
    method: "PATCH",
    path: "/flavors/sync",
    permission: "workspace:update",
    audit: "none: built-in flavors come with the release, so nothing changes",
    handle: (call) => execute(syncFlavors, call.context, {}),
  },
  {
    method: "GET",
    path: "/flavors/{flavor_id}",
    permission: "flavor:read",
    audit: "none: a read",
    handle: (call) => one(call, call.path.flavor_id, call.hydrate),
  },
  {
    method: "PUT",
    path: "/flavors/{flavor_id}",
    permission: "flavor:update",
    audit: "entry",
    handle: async (call) => {
      const { config_schema: _, ...body } = bodyOf(call, changedFlavor);
      return one(call, await execute(updateFlavor, call.context, { ...body, id: call.path.flavor_id, configSchema: schemaText(call) }));
    },
  },
  {
    method: "DELETE",
    path: "/flavors/{flavor_id}",
    permission: "flavor:delete",
    audit: "entry",
    handle: (call) => execute(deleteFlavor, call.context, { id: call.path.flavor_id }),
  },
];
