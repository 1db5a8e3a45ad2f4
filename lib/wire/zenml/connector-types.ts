import "server-only";
import { typeNamed } from "@/lib/connectors/configuration";
import { listConnectorTypes } from "@/lib/connectors/queries";
import { ask } from "@/lib/kernel/query";
import type { ConnectorType } from "@/lib/providers/connectors/catalogue";
import type { Endpoint } from "./endpoint";

// Types of connectors on the wire. A logo is an outside address, so none is sent; what a client can do by itself it knows better.

const NO_LOGO = { logo_url: null };

export const typeModel = (type: ConnectorType) => ({
  ...type,
  description: type.description ?? "",
  resource_types: type.resource_types.map((resource) => ({ ...resource, ...NO_LOGO })),
  ...NO_LOGO,
  docs_url: null,
  sdk_docs_url: null,
  local: true,
  remote: false,
});

export const CONNECTOR_TYPE_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/service_connector_types",
    permission: "connector:read",
    audit: "none: what Reeve knows by itself",
    list: true,
    handle: async ({ context, query }) => {
      const [type, resource, method] = [query.get("connector_type"), query.get("resource_type"), query.get("auth_method")];
      return (await ask(listConnectorTypes, context, {}))
        .filter(
          (one) =>
            (!type || one.connector_type === type) &&
            (!resource || one.resource_types.some((known) => known.resource_type === resource)) &&
            (!method || one.auth_methods.some((known) => known.auth_method === method)),
        )
        .map(typeModel);
    },
  },
  {
    method: "GET",
    path: "/service_connector_types/{connector_type}",
    permission: "connector:read",
    audit: "none: what Reeve knows by itself",
    handle: async ({ context, path }) => {
      await ask(listConnectorTypes, context, {});
      return typeModel(typeNamed(path.connector_type ?? ""));
    },
  },
];
