import "server-only";
import { z } from "zod";
import { createComponent } from "@/lib/components/create-component";
import { deleteComponent } from "@/lib/components/delete-component";
import { COMPONENT_TYPES, type ComponentType } from "@/lib/components/schema";
import { updateComponent } from "@/lib/components/update-component";
import { can } from "@/lib/authz/can";
import type { ConnectorView } from "@/lib/connectors/queries";
import type { Actor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import type { Condition } from "@/lib/kernel/list";
import { ask } from "@/lib/kernel/query";
import { COMPONENT_FIELDS, type ComponentView, getComponent, listComponents, listComponentTypes } from "@/lib/stacks/queries";
import { bodyOf, textOf, verbatimBody } from "./bodies";
import { nestedConnector } from "./connector-bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { flavorBody } from "./flavors";
import { denied, type Envelope, entity, raw, times } from "./respond";
import { answerList } from "./scoped-list";
import { nestedUser } from "./users";

// Components on the wire. A configuration comes back as it was sent, with its secrets for those who need them to run
// (docs/decisions/0015).

const record = z.record(z.string(), z.unknown());
const linked = {
  environment: z.record(z.string(), z.string()).nullish(),
  labels: record.nullish(),
  connector: z.uuid().nullish(),
  connector_resource_id: z.string().nullish(),
};
const newComponent = z.object({
  ...linked,
  name: z.string(),
  type: z.enum(COMPONENT_TYPES),
  flavor: z.string(),
  configuration: record,
  secrets: z.array(z.string()).nullish(),
});
const changedComponent = z.object({
  ...linked,
  name: z.string().nullish(),
  configuration: record.nullish(),
  add_secrets: z.array(z.string()).nullish(),
  remove_secrets: z.array(z.string()).nullish(),
});

/** The kinds in the order of the recorded answer. */
const RECORDED_TYPES: readonly ComponentType[] = [
  "alerter",
  "annotator",
  "artifact_store",
  "container_registry",
  "data_validator",
  "experiment_tracker",
  "feature_store",
  "image_builder",
  "log_store",
  "model_deployer",
  "orchestrator",
  "step_operator",
  "model_registry",
  "deployer",
  "sandbox",
];

/** `body` of a component, also inside a stack. */
export const componentBody = (view: ComponentView) => ({
  ...times(view),
  user_id: view.created_by,
  type: view.type,
  flavor_name: view.flavor.name,
  integration: view.flavor.integration,
  logo_url: null,
});

const connected = (actor: Actor, view: ConnectorView): Envelope =>
  can(actor, "connector:read", { workspaceId: view.workspace_id, ownerId: view.created_by, thing: { type: "connector", id: view.id, name: view.name } }).allowed
    ? nestedConnector(view)
    : denied(view);

function component(actor: Actor, view: ComponentView, hydrate: boolean): Envelope {
  return entity({
    id: view.id,
    name: view.name,
    body: componentBody(view),
    metadata: hydrate
      ? {
          configuration: raw(view.configuration),
          environment: raw(view.environment),
          secrets: view.secrets.map((secret) => secret.id),
          labels: raw(view.labels),
          connector_resource_id: view.connector_resource_id,
          connector: view.connector && connected(actor, view.connector),
        }
      : null,
    resources: { user: nestedUser(view.owner), flavor: entity({ id: view.flavor.id, name: view.flavor.name, body: flavorBody(view.flavor) }) },
  });
}

/** The client says `scope_type` for a component's type where it looks one up by name; it holds whatever `logical_operator` says. */
const typeScope = (call: WireCall): Condition[] => call.query.getAll("scope_type").map((value) => ({ field: "type", op: "equals", value }));

const one = async (call: WireCall, id: string | undefined, hydrate = true) =>
  component(call.context.actor, await ask(getComponent, call.context, { id, hydrate }), hydrate);

/** As recorded: a resource without a connector means nothing, and null disconnects. */
const links = ({ connector: id, connector_resource_id: resourceId }: { connector?: string | null; connector_resource_id?: string | null }) =>
  id === undefined ? {} : { connection: id === null ? null : { id, resourceId } };

/** The parts that come back as they were sent. */
function asSent(call: WireCall): { configuration?: string; environment: string | null; labels: string | null } {
  const { configuration, environment, labels } = verbatimBody(call);
  return { configuration: textOf(configuration) ?? undefined, environment: textOf(environment), labels: textOf(labels) };
}

export const COMPONENT_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/component-types",
    permission: "component:read",
    audit: "none: a read",
    handle: async (call) => (await ask(listComponentTypes, call.context, {})).sort((a, b) => RECORDED_TYPES.indexOf(a) - RECORDED_TYPES.indexOf(b)),
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
        (items) => items.map((item) => component(call.context.actor, item, call.hydrate)),
      ),
  },
  {
    method: "POST",
    path: "/components",
    permission: "component:create",
    audit: "entry",
    handle: async (call) => {
      const { name, type, flavor, secrets, ...body } = bodyOf(call, newComponent);
      return one(call, await execute(createComponent, call.context, { name, type, flavor, ...asSent(call), ...links(body), secrets }));
    },
  },
  {
    method: "GET",
    path: "/components/{component_id}",
    permission: "component:read",
    audit: "none: a read",
    handle: (call) => one(call, call.path.component_id, call.hydrate),
  },
  {
    method: "PUT",
    path: "/components/{component_id}",
    permission: "component:update",
    audit: "entry",
    handle: async (call) => {
      const { name, add_secrets: secrets, remove_secrets: removedSecrets, ...body } = bodyOf(call, changedComponent);
      const input = { id: call.path.component_id, name, ...asSent(call), ...links(body), secrets, removedSecrets };
      return one(call, await execute(updateComponent, call.context, input));
    },
  },
  {
    method: "DELETE",
    path: "/components/{component_id}",
    permission: "component:delete",
    audit: "entry",
    handle: (call) => execute(deleteComponent, call.context, { id: call.path.component_id }),
  },
];
