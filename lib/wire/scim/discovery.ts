import type { JsonObject } from "./json";
import { ENTERPRISE, GROUP, USER } from "./resources";

// What the endpoint can do (RFC 7644 §4, RFC 7643 §5 to §7).

export const serviceProviderConfig = (base: string): JsonObject => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: MAX_PAGE },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: true },
  authenticationSchemes: [{ type: "oauthbearertoken", name: "Bearer token", description: "The directory's token in the Authorization header.", primary: true }],
  meta: { resourceType: "ServiceProviderConfig", location: `${base}/ServiceProviderConfig` },
});

export const MAX_PAGE = 1_000;

export const resourceTypes = (base: string): JsonObject[] =>
  [
    { id: "User", endpoint: "/Users", schema: USER, schemaExtensions: [{ schema: ENTERPRISE, required: false }] },
    { id: "Group", endpoint: "/Groups", schema: GROUP, schemaExtensions: [] },
  ].map(({ id, ...type }) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
    id,
    name: id,
    ...type,
    meta: { resourceType: "ResourceType", location: `${base}/ResourceTypes/${id}` },
  }));

type Options = { required?: boolean; multiValued?: boolean; mutability?: string; uniqueness?: string; subAttributes?: JsonObject[] };
const attribute = (
  name: string,
  type = "string",
  { required = false, multiValued = false, mutability = "readWrite", uniqueness = "none", subAttributes }: Options = {},
): JsonObject => ({
  name,
  type,
  multiValued,
  required,
  caseExact: name === "externalId",
  mutability,
  returned: "default",
  uniqueness,
  ...(subAttributes ? { subAttributes } : {}),
});
/** The address of another resource, of which `value` is the id. */
const reference = (type: string): JsonObject => ({ ...attribute("$ref", "reference"), caseExact: true, referenceTypes: [type] });
const texts = (...names: string[]) => names.map((name) => attribute(name));
const ours = (...names: string[]) => names.map((name) => attribute(name, "string", { mutability: "readOnly" }));
const values = (name: string) =>
  attribute(name, "complex", { multiValued: true, subAttributes: [...texts("value", "display", "type"), attribute("primary", "boolean")] });

export const schemas = (base: string): JsonObject[] =>
  [
    {
      id: USER,
      name: "User",
      attributes: [
        attribute("userName", "string", { required: true, uniqueness: "server" }),
        attribute("externalId"),
        attribute("active", "boolean"),
        attribute("name", "complex", { subAttributes: texts("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix") }),
        ...texts("displayName", "nickName", "profileUrl", "title", "userType", "preferredLanguage", "locale", "timezone"),
        ...["emails", "phoneNumbers", "addresses", "roles", "entitlements"].map(values),
        attribute("groups", "complex", {
          multiValued: true,
          mutability: "readOnly",
          subAttributes: [...texts("value", "display", "type"), reference("Group")],
        }),
      ],
    },
    {
      id: GROUP,
      name: "Group",
      attributes: [
        attribute("displayName", "string", { required: true, uniqueness: "server" }),
        attribute("externalId"),
        attribute("members", "complex", { multiValued: true, subAttributes: [...texts("value"), reference("User"), ...ours("display", "type")] }),
      ],
    },
    {
      id: ENTERPRISE,
      name: "EnterpriseUser",
      attributes: [
        ...texts("employeeNumber", "costCenter", "organization", "division", "department"),
        attribute("manager", "complex", { subAttributes: texts("value", "displayName") }),
      ],
    },
  ].map((schema) => ({
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
    ...schema,
    meta: { resourceType: "Schema", location: `${base}/Schemas/${schema.id}` },
  }));
