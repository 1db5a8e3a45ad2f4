import "server-only";
import { z } from "zod";
import { COMPONENT_TYPES, type ComponentType } from "@/lib/components/schema";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { createStack } from "@/lib/stacks/create-stack";
import { deleteStack } from "@/lib/stacks/delete-stack";
import { getStack, listStacks, STACK_FIELDS, type ComponentView, type StackView } from "@/lib/stacks/queries";
import { updateStack } from "@/lib/stacks/update-stack";
import { bodyOf, textOf, verbatimBody } from "./bodies";
import { componentBody } from "./components";
import type { Endpoint, WireCall } from "./endpoint";
import { denied, type Envelope, entity, raw, times } from "./respond";
import { answerList } from "./scoped-list";
import { nestedUser } from "./users";

// Stacks on the wire: components by kind, as lists of ids, or in a new stack as components to be made with it.

const record = z.record(z.string(), z.unknown());
const shared = {
  stack_spec_path: z.string().nullish(),
  environment: z.record(z.string(), z.string()).nullish(),
  labels: record.nullish(),
};
const info = z.object({ flavor: z.string(), configuration: record.default({}), service_connector_index: z.number().nullish() });
const newStack = z.object({
  ...shared,
  name: z.string(),
  description: z.string().nullish(),
  components: z.partialRecord(z.enum(COMPONENT_TYPES), z.array(z.union([z.uuid(), info]))),
  secrets: z.array(z.string()).nullish(),
  service_connectors: z.array(z.unknown()).nullish(),
});
const changedStack = z.object({
  ...shared,
  name: z.string().nullish(),
  description: z.string().nullish(),
  components: z.partialRecord(z.enum(COMPONENT_TYPES), z.array(z.uuid())).nullish(),
  add_secrets: z.array(z.string()).nullish(),
  remove_secrets: z.array(z.string()).nullish(),
});

const owned = (view: { created_by: string | null; created_at: string; updated_at: string }) => ({ ...times(view), user_id: view.created_by });

/** A stack inside another thing, without metadata. */
export const nestedStack = (view: Pick<StackView, "id" | "name" | "created_by" | "created_at" | "updated_at">): Envelope =>
  entity({ id: view.id, name: view.name, body: owned(view) });

function stack(actor: Actor, view: StackView, hydrate: boolean): Envelope {
  const components: Record<string, Envelope[]> = {};
  for (const part of view.components ?? []) components[part.type] = [...(components[part.type] ?? []), nestedComponent(actor, part)];
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
          secrets: view.secrets.map((secret) => secret.id),
          labels: raw(view.labels ?? "{}"),
        }
      : null,
    resources: { user: nestedUser(view.owner) },
  });
}

const nestedComponent = (actor: Actor, part: ComponentView): Envelope =>
  can(actor, "component:read", { workspaceId: part.workspace_id, ownerId: part.created_by, thing: { type: "component", id: part.id, name: part.name } }).allowed
    ? entity({ id: part.id, name: part.name, body: componentBody(part) })
    : denied(part);

const one = async (call: WireCall, id: string | undefined, hydrate = true) =>
  stack(call.context.actor, await ask(getStack, call.context, { id, hydrate }), hydrate);

type Wishes = { ids: string[]; made: { type: ComponentType; flavor: string; configuration: string }[]; connectors: number[] };

/** The ids of a new stack's components and those to be made with it, in the body's order. */
function wishes(call: WireCall, components: z.output<typeof newStack>["components"]): Wishes {
  const sent = verbatimBody(call).components as Record<string, { configuration?: unknown }[]>;
  const found: Wishes = { ids: [], made: [], connectors: [] };
  for (const [type, list] of Object.entries(components) as [ComponentType, (string | z.output<typeof info>)[]][])
    for (const [index, item] of list.entries()) {
      if (typeof item === "string") found.ids.push(item);
      else {
        if (item.service_connector_index != null) found.connectors.push(item.service_connector_index);
        found.made.push({ type, flavor: item.flavor, configuration: textOf(sent[type]?.[index]?.configuration) ?? "{}" });
      }
    }
  return found;
}

const asSent = (call: WireCall) => {
  const { environment, labels } = verbatimBody(call);
  return { environment: textOf(environment), labels: textOf(labels) };
};

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
        (items) => items.map((item) => stack(call.context.actor, item, call.hydrate)),
      ),
  },
  {
    method: "POST",
    path: "/stacks",
    permission: "stack:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, newStack);
      const { ids, made, connectors } = wishes(call, body.components);
      const links = { connectors: [...(body.service_connectors ?? []), ...connectors], secrets: body.secrets };
      const input = { name: body.name, description: body.description ?? "", stackSpecPath: body.stack_spec_path, components: ids, newComponents: made };
      return one(call, await execute(createStack, call.context, { ...input, ...links, ...asSent(call) }));
    },
  },
  { method: "GET", path: "/stacks/{stack_id}", permission: "stack:read", audit: "none: a read", handle: (call) => one(call, call.path.stack_id, call.hydrate) },
  {
    method: "PUT",
    path: "/stacks/{stack_id}",
    permission: "stack:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, changedStack);
      const components = body.components ? Object.values(body.components).flat() : null;
      const input = { id: call.path.stack_id, name: body.name, description: body.description, stackSpecPath: body.stack_spec_path, components };
      return one(call, await execute(updateStack, call.context, { ...input, secrets: body.add_secrets, removedSecrets: body.remove_secrets, ...asSent(call) }));
    },
  },
  {
    method: "DELETE",
    path: "/stacks/{stack_id}",
    permission: "stack:delete",
    audit: "entry",
    handle: (call) => execute(deleteStack, call.context, { id: call.path.stack_id }),
  },
];
