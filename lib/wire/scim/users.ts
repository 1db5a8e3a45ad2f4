import "server-only";
import { sql } from "kysely";
import { provisionUser, removeDirectoryUser, updateDirectoryUser } from "@/lib/directories/provision-user";
import { type DirectoryUser, readUser, readUsers } from "@/lib/directories/read-directory";
import { execute } from "@/lib/kernel/command";
import { isUuid } from "@/lib/kernel/id";
import { parseFilter } from "./filter";
import { type Attributes, conditionOf } from "./filter-sql";
import { operationsOf, patched } from "./patch";
import { ScimError } from "./problem";
import { etagOf, userResource, userStateOf } from "./resources";
import { listBody, pageOf, projected, type ScimAnswer, type ScimCall } from "./call";
import { changedUnlessStale, requireMatch, unchanged } from "./versions";

// /Users. PUT and PATCH end in the same command: a PATCH is applied to the resource as it stands and written back if nobody was faster.

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

export async function serveUsers(call: ScimCall): Promise<ScimAnswer> {
  if (call.id === undefined) {
    if (call.method === "GET") return list(call);
    if (call.method === "POST") return create(call);
    throw new ScimError(405, "Users are listed and created here.");
  }
  if (call.method === "GET") {
    const user = await found(call);
    return unchanged(call, user) ?? shown(call, user, 200);
  }
  if (call.method === "PUT") return change(call, (user) => userStateOf(call.body, user.active));
  if (call.method === "PATCH") {
    const operations = operationsOf(call.body);
    return change(call, (user) => userStateOf(patched(userResource({ ...user, groups: [] }, call.base), operations), user.active));
  }
  if (call.method === "DELETE") {
    const user = await found(call);
    requireMatch(call, user);
    await execute(removeDirectoryUser, call.context, { directoryId: call.directoryId, userId: user.id });
    return { status: 204 };
  }
  throw new ScimError(405, "A user is read, replaced, changed or deleted.");
}

async function list({ query, directoryId, base }: ScimCall): Promise<ScimAnswer> {
  const { startIndex, offset, limit } = pageOf(query);
  const filter = query.get("filter");
  const where = filter ? conditionOf(parseFilter(filter), FILTERED) : undefined;
  const { total, items } = await readUsers(directoryId, { where, offset, limit });
  return {
    status: 200,
    body: listBody(
      items.map((user) => projected(userResource(user, base), query)),
      total,
      startIndex,
    ),
  };
}

async function create(call: ScimCall): Promise<ScimAnswer> {
  const state = userStateOf(call.body, true);
  const { id } = await execute(provisionUser, call.context, { directoryId: call.directoryId, state });
  return shown(call, await found({ ...call, id }), 201);
}

function change(call: ScimCall, stateOf: (user: DirectoryUser) => ReturnType<typeof userStateOf>): Promise<ScimAnswer> {
  return changedUnlessStale(call, async () => {
    const user = await found(call);
    requireMatch(call, user);
    const input = { directoryId: call.directoryId, userId: user.id, version: user.version, state: stateOf(user) };
    await execute(updateDirectoryUser, call.context, input);
    return shown(call, await found(call), 200);
  });
}

async function found({ directoryId, id }: ScimCall): Promise<DirectoryUser> {
  const user = isUuid(id) ? await readUser(directoryId, id) : undefined;
  if (!user) throw new ScimError(404, "There is no such user in this directory.");
  return user;
}

const shown = (call: ScimCall, user: DirectoryUser, status: number): ScimAnswer => {
  const body = userResource(user, call.base);
  const location = `${call.base}/Users/${user.id}`;
  return { status, body: projected(body, call.query), headers: { etag: etagOf(user), ...(status === 201 ? { location } : {}) } };
};
