import type { DirectoryGroup, DirectoryUser } from "@/lib/directories/read-directory";
import type { GroupState, UserState } from "@/lib/directories/schema";
import { booleanOf, isObject, type Json, type JsonObject, plainName } from "./json";
import { invalid } from "./problem";

// Our people and groups as SCIM resources (RFC 7643 §4), and back.

export const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

const MAX_TEXT = 10_000;
/** What is kept of a person beside user name, external id and active. Everything else, a password above all, is dropped. */
const KEPT = "displayName nickName title userType preferredLanguage locale timezone profileUrl name emails phoneNumbers addresses roles entitlements".split(
  " ",
);

/** A person as a resource. `base`: the endpoint's address. */
export function userResource(user: DirectoryUser, base: string): JsonObject {
  const attributes = user.attributes as JsonObject;
  return {
    schemas: [USER, ...(ENTERPRISE in attributes ? [ENTERPRISE] : [])],
    id: user.id,
    ...(user.externalId === null ? {} : { externalId: user.externalId }),
    ...attributes,
    userName: user.userName,
    active: user.active,
    groups: user.groups.map((group) => ({ value: group.id, $ref: `${base}/Groups/${group.id}`, display: group.name, type: "direct" })),
    meta: meta("User", user, `${base}/Users/${user.id}`),
  };
}

/** A group as a resource; without members where they were not read. */
export function groupResource(group: DirectoryGroup, base: string): JsonObject {
  return {
    schemas: [GROUP],
    id: group.id,
    ...(group.externalId === null ? {} : { externalId: group.externalId }),
    displayName: group.displayName,
    ...(group.members
      ? { members: group.members.map((member) => ({ value: member.id, $ref: `${base}/Users/${member.id}`, display: member.name, type: "User" })) }
      : {}),
    meta: meta("Group", group, `${base}/Groups/${group.id}`),
  };
}

export const etagOf = (thing: { version: number }): string => `W/"${thing.version}"`;

const meta = (resourceType: string, thing: { createdAt: string; updatedAt: string; version: number }, location: string): JsonObject => ({
  resourceType,
  created: thing.createdAt,
  lastModified: thing.updatedAt,
  location,
  version: etagOf(thing),
});

/** What a resource says of a person. A user name is a must; without `active` the person stays as `activeBefore` says. Errors: 400 invalidValue. */
export function userStateOf(resource: JsonObject, activeBefore: boolean): UserState {
  refuseLong(resource);
  const named = byName(resource);
  const userName = text(named, "userName").trim();
  if (!userName) throw invalid("invalidValue", "userName is missing.");
  if (userName.length > 320) throw invalid("invalidValue", "userName is longer than 320 characters.");
  const active = named.has("active") ? booleanOf(named.get("active")) : activeBefore;
  if (active === undefined) throw invalid("invalidValue", "active is true or false.");
  const attributes: JsonObject = {};
  for (const key of KEPT) {
    const value = named.get(key.toLowerCase());
    if (value !== undefined && value !== null) attributes[key] = value;
  }
  const enterprise = named.get(ENTERPRISE.toLowerCase());
  if (isObject(enterprise)) attributes[ENTERPRISE] = withManager(enterprise);
  const fullName = fullNameOf(named).slice(0, 200);
  return { userName, externalId: externalIdOf(named), active, email: emailOf(named.get("emails"), userName), fullName, attributes };
}

/** What a resource says of a group, without its members. Errors: 400 invalidValue. */
export function groupStateOf(resource: JsonObject): GroupState {
  const named = byName(resource);
  const displayName = text(named, "displayName").trim();
  if (!displayName) throw invalid("invalidValue", "displayName is missing.");
  if (displayName.length > 400) throw invalid("invalidValue", "displayName is longer than 400 characters.");
  return { displayName, externalId: externalIdOf(named) };
}

/** The ids of a list of members: objects with a value or the address that ends in it, or the ids themselves. Undefined when there is no list. Error: 400 invalidValue. */
export function memberIds(value: Json | undefined): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return (Array.isArray(value) ? value : [value]).map((item) => {
    const named = isObject(item) ? byName(item) : undefined;
    const id = named
      ? (named.get("value") ??
        String(named.get("$ref") ?? "")
          .split("/")
          .at(-1))
      : item;
    if (typeof id !== "string" || !/^[0-9a-f-]{36}$/i.test(id)) throw invalid("invalidValue", "A member is named by the id of a user of this directory.");
    return id.toLowerCase();
  });
}

/** A resource's attributes by their names in small letters; names are the same in any case, and may carry the schema's URN. */
export function byName(resource: JsonObject): Map<string, Json> {
  return new Map(Object.entries(resource).map(([key, value]) => [plainName(key), value]));
}

function text(named: Map<string, Json>, key: string): string {
  const value = named.get(key.toLowerCase());
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") throw invalid("invalidValue", `${key} is text.`);
  return value;
}

function externalIdOf(named: Map<string, Json>): string | null {
  const externalId = text(named, "externalId");
  if (externalId.length > 400) throw invalid("invalidValue", "externalId is longer than 400 characters.");
  return externalId || null;
}

/** The primary address, else the first, else a user name that is one. */
function emailOf(emails: Json | undefined, userName: string): string | null {
  const list = (Array.isArray(emails) ? emails : []).flatMap((item) => {
    const named = isObject(item) ? byName(item) : undefined;
    const value = named ? named.get("value") : item;
    return typeof value === "string" && isAddress(value) ? [{ value: value.trim(), isPrimary: booleanOf(named?.get("primary")) === true }] : [];
  });
  return list.find((item) => item.isPrimary)?.value ?? list[0]?.value ?? (isAddress(userName) ? userName : null);
}

const isAddress = (value: string): boolean => /^[^\s@]+@[^\s@]+$/.test(value.trim()) && value.length <= 320;

function fullNameOf(named: Map<string, Json>): string {
  const display = text(named, "displayName").trim();
  if (display) return display;
  const name = named.get("name");
  if (!isObject(name)) return "";
  const parts = byName(name);
  return text(parts, "formatted").trim() || [text(parts, "givenName"), text(parts, "familyName")].join(" ").trim();
}

/** Entra sends the manager's id as bare text. */
function withManager(enterprise: JsonObject): JsonObject {
  const { manager, ...rest } = enterprise;
  if (manager === undefined || manager === null) return rest;
  return { ...rest, manager: typeof manager === "string" ? { value: manager } : manager };
}

function refuseLong(value: Json): void {
  if (typeof value === "string" && value.length > MAX_TEXT) throw invalid("invalidValue", `A text is longer than ${MAX_TEXT} characters.`);
  if (typeof value === "object" && value !== null) for (const part of Object.values(value)) refuseLong(part);
}
