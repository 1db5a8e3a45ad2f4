import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { heldConnector } from "@/lib/connectors/configuration";
import { deleteConnector } from "@/lib/connectors/delete-connector";
import { issueCredential } from "@/lib/connectors/issue-credential";
import { listResources } from "@/lib/connectors/list-resources";
import { CONNECTOR_FIELDS, type ConnectorView, getConnector, listConnectors } from "@/lib/connectors/queries";
import { registerConnector, tryConnector } from "@/lib/connectors/register-connector";
import { connectorChange, tryChange, updateConnector } from "@/lib/connectors/update-connector";
import { verifyConnector } from "@/lib/connectors/verify-connector";
import { AppError } from "@/lib/kernel/errors";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { bodyOf } from "./bodies";
import { changedConnector, changeOf, clientEntity, connectorEntity, newConnector, resourcesModel, wishOf } from "./connector-bodies";
import { CONNECTOR_TYPE_ENDPOINTS } from "./connector-types";
import type { Endpoint, WireCall } from "./endpoint";
import { fullStackResources } from "./full-stack";
import { booleanParameter } from "./list-query";
import { answerList } from "./scoped-list";

// Connectors on the wire (WIRE §10). Main keys go in and stay; what a client gets is what was issued for it.

const stackInfo = z.object({ type: z.string(), auth_method: z.string(), configuration: z.record(z.string(), z.unknown()).nullish() });

const view = (call: WireCall, id: string | undefined): Promise<ConnectorView> => ask(getConnector, call.context, { id });
const mayChange = (call: WireCall, { workspace_id: workspaceId, created_by: ownerId }: ConnectorView) =>
  can(call.context.actor, "connector:update", { workspaceId, ownerId }).allowed;
const present = (call: WireCall, one: ConnectorView, hydrate: boolean) =>
  connectorEntity(one, { hydrate, isChanger: booleanParameter(call.query, "expand_secrets", false) && mayChange(call, one) });
const target = ({ query }: WireCall) => ({ resourceType: query.get("resource_type"), resourceId: query.get("resource_id") });

function labelsOf(query: URLSearchParams): Record<string, string | null> | undefined {
  const text = query.get("labels_str");
  if (!text) return undefined;
  const read = z.record(z.string(), z.string().nullable()).safeParse(parsed(text));
  if (read.success) return read.data;
  throw new AppError("invalid_input", "labels_str is a JSON object of texts.");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Tries a configuration that comes in the body: a new one, or a change of a connector whose keys it stands for. */
async function tried(call: WireCall, lists: boolean) {
  const wish = bodyOf(call, newConnector);
  const held = heldConnector(wish.configuration ?? {});
  const change = held ? connectorChange.parse(changeOf(held, wish)) : null;
  const answer = change
    ? await tryChange(call.context, { ...change, name: undefined }, { isLax: true, lists })
    : await tryConnector(call.context, wishOf(wish), { isLax: true, lists });
  return resourcesModel({ id: null, name: null, type: wish.connector_type }, answer);
}

export const CONNECTOR_ENDPOINTS: Endpoint[] = [
  ...CONNECTOR_TYPE_ENDPOINTS,
  {
    method: "GET",
    path: "/service_connectors",
    permission: "connector:read",
    audit: "none: no keys",
    list: true,
    handle: (call) =>
      answerList(
        call,
        CONNECTOR_FIELDS,
        (input) => ask(listConnectors, call.context, { ...input, resourceTypes: call.query.getAll("resource_type"), labels: labelsOf(call.query) }),
        (items) => items.map((item) => present(call, item, call.hydrate)),
        { scopes: [], ignore: ["resource_type", "labels_str"] },
      ),
  },
  {
    method: "POST",
    path: "/service_connectors",
    permission: "connector:create",
    audit: "entry",
    apart: true,
    handle: async (call) => {
      const { id } = await registerConnector(call.context, wishOf(bodyOf(call, newConnector)), { isLax: true, tries: "may" });
      return connectorEntity(await view(call, id), { hydrate: true, isChanger: true }); // marks: clients that hold the type check for its fields
    },
  },
  {
    method: "POST",
    path: "/service_connectors/verify",
    permission: "connector:create",
    audit: "none: nothing is kept",
    apart: true,
    handle: (call) => tried(call, booleanParameter(call.query, "list_resources", true)),
  },
  {
    method: "POST",
    path: "/service_connectors/full_stack_resources",
    permission: "connector:create",
    audit: "none: names of resources",
    apart: true,
    handle: async (call) => {
      const id = call.query.get("connector_uuid");
      if (id) {
        const { open, reach } = await verifyConnector(call.context, { id, lists: true });
        return fullStackResources(open.connector.type, reach);
      }
      const { type, auth_method: method, configuration } = bodyOf(call, stackInfo);
      const answer = await tryConnector(call.context, { name: "full stack", type, method, configuration: configuration ?? {} }, { isLax: true, lists: true });
      return fullStackResources(type, answer);
    },
  },
  {
    method: "GET",
    path: "/service_connectors/resources",
    permission: "connector:use",
    audit: "none: names of resources",
    apart: true,
    handle: async (call) => {
      const of = (name: string) => call.query.get(name) ?? undefined;
      const found = await listResources(call.context, { type: of("connector_type"), resourceType: of("resource_type"), resourceId: of("resource_id") });
      return found.map(({ answer, ...one }) => resourcesModel(one, answer));
    },
  },
  {
    method: "GET",
    path: "/service_connectors/{connector_id}",
    permission: "connector:read",
    audit: "none: no keys",
    handle: async (call) => present(call, await view(call, call.path.connector_id), call.hydrate),
  },
  {
    method: "PUT",
    path: "/service_connectors/{connector_id}",
    permission: "connector:update",
    audit: "entry",
    apart: true,
    handle: async (call) => {
      const change = changeOf(call.path.connector_id ?? "", bodyOf(call, changedConnector));
      const id = await updateConnector(call.context, change, { isLax: true, tries: "skip" });
      return connectorEntity(await view(call, id), { hydrate: true, isChanger: true });
    },
  },
  {
    method: "DELETE",
    path: "/service_connectors/{connector_id}",
    permission: "connector:delete",
    audit: "entry",
    handle: (call) => execute(deleteConnector, call.context, { id: call.path.connector_id }),
  },
  {
    method: "PUT",
    path: "/service_connectors/{connector_id}/verify",
    permission: "connector:verify",
    audit: "entry",
    apart: true,
    handle: async (call) => {
      const asked = { id: call.path.connector_id ?? "", ...target(call), lists: booleanParameter(call.query, "list_resources", true) };
      const { open, reach } = await verifyConnector(call.context, asked);
      return resourcesModel({ id: open.connector.id, name: open.connector.name, type: open.connector.type }, reach);
    },
  },
  {
    method: "GET",
    path: "/service_connectors/{connector_id}/client",
    permission: "connector:use",
    audit: "entry",
    apart: true,
    handle: async (call) => {
      const issued = await issueCredential(call.context, { id: call.path.connector_id ?? "", ...target(call), purpose: "client" });
      return clientEntity(await view(call, call.path.connector_id), issued, new Date().toISOString());
    },
  },
];
