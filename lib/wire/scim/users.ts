import "server-only";
import { sql } from "kysely";
import { provisionUser, removeDirectoryUser, updateDirectoryUser } from "@/lib/directories/provision-user";
import { type DirectoryUser, readUser, readUsers } from "@/lib/directories/read-directory";
import { execute } from "@/lib/kernel/command";
import type { ScimAnswer, ScimCall } from "./call";
import { type Collection, serveCollection } from "./collection";
import type { Attributes } from "./filter-sql";
import type { JsonObject } from "./json";
import { patched } from "./patch";
import { userResource, userStateOf } from "./resources";

// /Users. PUT and PATCH end in the same command: a PATCH is applied to the resource as it stands.

const kept = (...path: string[]) => ({ sql: sql`(u.attributes #>> ${path}::text[])`, type: "text" as const });
const FILTERED: Attributes = {
  id: { sql: sql`u.id::text`, type: "exact" },
  username: { sql: sql`u.user_name`, type: "text" },
  externalid: { sql: sql`u.external_id`, type: "exact" },
  active: { sql: sql`u.active`, type: "boolean" },
  displayname: kept("displayName"),
  title: kept("title"),
  nickname: kept("nickName"),
  usertype: kept("userType"),
  "name.givenname": kept("name", "givenName"),
  "name.familyname": kept("name", "familyName"),
  "name.formatted": kept("name", "formatted"),
  emails: { list: sql`(u.attributes->'emails')` },
  "emails.value": { list: sql`(u.attributes->'emails')` },
  phonenumbers: { list: sql`(u.attributes->'phoneNumbers')` },
  "meta.created": { sql: sql`u.created_at`, type: "time" },
  "meta.lastmodified": { sql: sql`u.updated_at`, type: "time" },
};

/** What is particular to /Users. */
export const users: Collection<DirectoryUser> = {
  noun: "user",
  path: "/Users",
  attributes: FILTERED,
  list: readUsers,
  get: readUser,
  getForChange: readUser,
  resource: userResource,
  create: (call) => execute(provisionUser, call.context, { directoryId: call.directoryId, state: userStateOf(call.body, true) }),
  replace: (call, user) => write(call, user, call.body),
  patch: (call, user, operations) => write(call, user, patched(userResource({ ...user, groups: [] }, call.base), operations)),
  remove: ({ context, directoryId }, { id }) => execute(removeDirectoryUser, context, { directoryId, userId: id }),
};

const write = ({ context, directoryId }: ScimCall, { id, version, active }: DirectoryUser, resource: JsonObject) =>
  execute(updateDirectoryUser, context, { directoryId, userId: id, version, state: userStateOf(resource, active) });

export const serveUsers = (call: ScimCall): Promise<ScimAnswer> => serveCollection(users, call);
