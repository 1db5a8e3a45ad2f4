import "server-only";
import { z } from "zod";
import { COMPONENT_TYPES, type ComponentType } from "@/lib/components/schema";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { deleteConnector } from "@/lib/connectors/delete-connector";
import { registerConnector } from "@/lib/connectors/register-connector";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
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
const info = z.object({
  flavor: z.string(),
  configuration: record.default({}),
  service_connector_index: z.number().int().nullish(),
  service_connector_resource_id: z.string().nullish(),
});
const connectorInfo = z.object({ type: z.string(), auth_method: z.string(), configuration: record.default({}) });
const newStack = z.object({
  ...shared,
  name: z.string(),
  description: z.string().nullish(),
  components: z.partialRecord(z.enum(COMPONENT_TYPES), z.array(z.union([z.uuid(), info]))),
  secrets: z.array(z.string()).nullish(),
  service_connectors: z.array(z.union([z.uuid(), connectorInfo])).nullish(),
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

const NOBODYS = "00000000-0000-0000-0000-000000000000";

type NewComponent = { type: ComponentType; flavor: string; configuration: string; connection?: { id: string; resourceId?: string | null } };

/** The ids of a new stack's components and those to be made with it, in the body's order. */
function wishes(call: WireCall, components: z.output<typeof newStack>["components"], connectors: readonly string[]): { ids: string[]; made: NewComponent[] } {
  const sent = verbatimBody(call).components as Record<string, { configuration?: unknown }[]>;
  const ids: string[] = [];
  const made: NewComponent[] = [];
  for (const [type, list] of Object.entries(components) as [ComponentType, (string | z.output<typeof info>)[]][])
    for (const [index, item] of list.entries()) {
      if (typeof item === "string") ids.push(item);
      else made.push({ type, flavor: item.flavor, configuration: textOf(sent[type]?.[index]?.configuration) ?? "{}", ...connected(item, connectors) });
    }
  return { ids, made };
}

function connected({ service_connector_index: index, service_connector_resource_id: resourceId }: z.output<typeof info>, connectors: readonly string[]) {
  // One that is none of the body's is nobody's: the command says so to who may make a stack.
  return index == null ? {} : { connection: { id: connectors[index] ?? NOBODYS, resourceId } };
}

/**
 * Registers the connectors that come with a new stack, under its name, and what `make` makes of them. Where that fails they are deleted again:
 * trying a connector calls outside, so they can't be of one transaction with the stack.
 */
async function withConnectors(call: WireCall, body: z.output<typeof newStack>, make: (ids: string[]) => Promise<string>): Promise<string> {
  const ids: string[] = [];
  const made: string[] = [];
  try {
    for (const one of body.service_connectors ?? []) {
      if (typeof one !== "string") made.push(await registerBeside(call, body, one));
      ids.push(typeof one === "string" ? one : (made.at(-1) as string));
    }
    return await make(ids);
  } catch (error) {
    for (const id of made) await execute(deleteConnector, call.context, { id });
    throw error;
  }
}

/** Under the stack's name, or with four characters more where that is taken. */
async function registerBeside(call: WireCall, { name, labels }: z.output<typeof newStack>, one: z.output<typeof connectorInfo>): Promise<string> {
  const wish = {
    type: one.type,
    method: one.auth_method,
    configuration: one.configuration,
    labels: Object.fromEntries(Object.entries(labels ?? {}).map(([key, value]) => [key, String(value)])),
  };
  const as = (called: string) => registerConnector(call.context, { ...wish, name: called }, { isLax: true, tries: "may" });
  const { id } = await as(name).catch((error) => {
    if (error instanceof AppError && error.code === "conflict") return as(`${name}-${newId().slice(-4)}`);
    throw error;
  });
  return id;
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
    apart: true,
    handle: async (call) => {
      const body = bodyOf(call, newStack);
      const id = await withConnectors(call, body, (connectors) => {
        const { ids, made } = wishes(call, body.components, connectors);
        const input = { name: body.name, description: body.description ?? "", stackSpecPath: body.stack_spec_path, components: ids, newComponents: made };
        return execute(createStack, call.context, { ...input, secrets: body.secrets, ...asSent(call) });
      });
      return one(call, id);
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
