import "server-only";
import type { Condition } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import {
  COMPONENT_FIELDS,
  type ComponentView,
  FLAVOR_FIELDS,
  type FlavorView,
  getComponent,
  getFlavor,
  getStack,
  listComponents,
  listFlavors,
  listStacks,
  STACK_FIELDS,
  type StackView,
} from "@/lib/stacks/queries";
import type { Endpoint, WireCall } from "./endpoint";
import { type Envelope, entity, raw, times } from "./respond";
import { answerList } from "./scoped-list";
import { nestedUser } from "./users";

// Stacks, components and flavors on the wire: reading. A flavor's logo is an outside address, so none is sent.

/** A stack inside another thing, without metadata. */
export const nestedStack = (view: Pick<StackView, "id" | "name" | "created_by" | "created_at" | "updated_at">): Envelope =>
  entity({ id: view.id, name: view.name, body: owned(view) });

const owned = (view: { created_by: string | null; created_at: string; updated_at: string }) => ({ ...times(view), user_id: view.created_by });

function stack(view: StackView, hydrate: boolean): Envelope {
  const components: Record<string, Envelope[]> = {};
  for (const part of view.components ?? [])
    components[part.type] = [...(components[part.type] ?? []), entity({ id: part.id, name: part.name, body: componentBody(part) })];
  return entity({
    id: view.id,
    name: view.name,
    body: owned(view),
    metadata: hydrate
      ? {
          components,
          description: view.description,
          stack_spec_path: view.stack_spec_path,
          environment: raw(view.environment),
          secrets: [],
          labels: raw(view.labels ?? "{}"),
        }
      : null,
    resources: { user: nestedUser(view.owner) },
  });
}

const componentBody = (view: ComponentView) => ({
  ...owned(view),
  type: view.type,
  flavor_name: view.flavor.name,
  integration: view.flavor.integration,
  logo_url: null,
});

function component(view: ComponentView, hydrate: boolean): Envelope {
  return entity({
    id: view.id,
    name: view.name,
    body: componentBody(view),
    metadata: hydrate
      ? {
          configuration: raw(view.configuration),
          environment: raw(view.environment),
          secrets: [],
          labels: raw(view.labels),
          connector_resource_id: null,
          connector: null,
        }
      : null,
    resources: { user: nestedUser(view.owner), flavor: entity({ id: view.flavor.id, name: view.flavor.name, body: flavorBody(view.flavor) }) },
  });
}

const flavorBody = (view: FlavorView) => ({
  ...owned(view),
  type: view.type,
  display_name: view.display_name,
  integration: view.integration,
  source: view.source,
  logo_url: null,
  is_custom: view.is_custom,
});

function flavor(view: FlavorView, hydrate: boolean): Envelope {
  return entity({
    id: view.id,
    name: view.name,
    body: flavorBody(view),
    metadata: hydrate
      ? {
          config_schema: raw(view.configSchema),
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

/** The client says `scope_type` for a component's type where it looks one up by name; it holds whatever `logical_operator` says. */
const typeScope = (call: WireCall): Condition[] => call.query.getAll("scope_type").map((value) => ({ field: "type", op: "equals", value }));

export const STACK_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/stacks",
    permission: "stack:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        STACK_FIELDS,
        (input) => ask(listStacks, call.context, { ...input, hydrate: call.hydrate }),
        (items) => items.map((item) => stack(item, call.hydrate)),
      ),
  },
  {
    method: "GET",
    path: "/stacks/{stack_id}",
    permission: "stack:read",
    audit: "none: a read",
    handle: async (call) => stack(await ask(getStack, call.context, { id: call.path.stack_id, hydrate: call.hydrate }), call.hydrate),
  },
  {
    method: "GET",
    path: "/components",
    permission: "component:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        COMPONENT_FIELDS,
        ({ always, spec }) => ask(listComponents, call.context, { spec, always: [...always, ...typeScope(call)], hydrate: call.hydrate }),
        (items) => items.map((item) => component(item, call.hydrate)),
      ),
  },
  {
    method: "GET",
    path: "/components/{component_id}",
    permission: "component:read",
    audit: "none: a read",
    handle: async (call) => component(await ask(getComponent, call.context, { id: call.path.component_id, hydrate: call.hydrate }), call.hydrate),
  },
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
    method: "GET",
    path: "/flavors/{flavor_id}",
    permission: "flavor:read",
    audit: "none: a read",
    handle: async (call) => flavor(await ask(getFlavor, call.context, { id: call.path.flavor_id, hydrate: call.hydrate }), call.hydrate),
  },
];
