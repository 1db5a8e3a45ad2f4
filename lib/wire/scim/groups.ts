import "server-only";
import { sql } from "kysely";
import { type MemberChange, provisionGroup, removeDirectoryGroup, updateDirectoryGroup } from "@/lib/directories/provision-group";
import { type DirectoryGroup, readGroup, readGroups } from "@/lib/directories/read-directory";
import { execute } from "@/lib/kernel/command";
import { isUuid } from "@/lib/kernel/id";
import { type Filter, parseFilter } from "./filter";
import { type Attributes, conditionOf } from "./filter-sql";
import type { JsonObject } from "./json";
import { type Operation, operationsOf, parsePath, patched } from "./patch";
import { invalid, ScimError } from "./problem";
import { byName, etagOf, groupResource, groupStateOf, memberIds } from "./resources";
import { listBody, pageOf, projected, type ScimAnswer, type ScimCall } from "./call";
import { changedUnlessStale, requireMatch, unchanged } from "./versions";

// /Groups. A PATCH of members is read as what comes and what goes, so that a group of thousands is not read and written for one of them.

const FILTERED: Attributes = {
  id: { sql: sql`g.id::text`, type: "exact" },
  displayname: { sql: sql`g.display_name`, type: "text" },
  externalid: { sql: sql`g.external_id`, type: "exact" },
  members: { list: sql`(select jsonb_agg(jsonb_build_object('value', m.user_id)) from directory_member m where m.group_id = g.id)` },
  "members.value": { list: sql`(select jsonb_agg(jsonb_build_object('value', m.user_id)) from directory_member m where m.group_id = g.id)` },
  "meta.created": { sql: sql`g.created_at`, type: "time" },
  "meta.lastmodified": { sql: sql`g.updated_at`, type: "time" },
};

export async function serveGroups(call: ScimCall): Promise<ScimAnswer> {
  if (call.id === undefined) {
    if (call.method === "GET") return list(call);
    if (call.method === "POST") return create(call);
    throw new ScimError(405, "Groups are listed and created here.");
  }
  if (call.method === "GET") {
    const group = await found(call, wantsMembers(call.query));
    return unchanged(call, group) ?? shown(call, group, 200);
  }
  if (call.method === "PUT")
    return change(call, () => ({ state: groupStateOf(call.body), members: { replace: memberIds(byName(call.body).get("members")) ?? [] } }));
  if (call.method === "PATCH") {
    const operations = operationsOf(call.body);
    return change(call, (group) => afterPatch(group, operations, call.base));
  }
  if (call.method === "DELETE") {
    const group = await found(call, false);
    requireMatch(call, group);
    await execute(removeDirectoryGroup, call.context, { directoryId: call.directoryId, groupId: group.id });
    return { status: 204 };
  }
  throw new ScimError(405, "A group is read, replaced, changed or deleted.");
}

type GroupChange = { state: ReturnType<typeof groupStateOf>; members: MemberChange };

/** Operations on members become sets of ids; the others are applied to the resource. */
function afterPatch(group: DirectoryGroup, operations: readonly Operation[], base: string): GroupChange {
  const members = new Members();
  const others: Operation[] = [];
  for (const operation of operations) {
    if (operation.path !== undefined) {
      if (isMembers(operation.path)) members.take(operation);
      else others.push(operation);
      continue;
    }
    const value = operation.value as JsonObject | null;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw invalid("invalidValue", "Without a path the value is an object of attributes.");
    for (const [key, part] of Object.entries(value)) {
      if (isMembers(key)) members.take({ op: operation.op, path: "members", value: part });
      // Okta repeats the id, which nobody can change.
      else if (!["id", "schemas"].includes(key.toLowerCase())) others.push({ op: operation.op, path: key, value: part });
    }
  }
  return { state: groupStateOf(patched(groupResource({ ...group, members: undefined }, base), others)), members: members.change };
}

const isMembers = (path: string): boolean => parsePath(path).steps[0]?.toLowerCase() === "members";

class Members {
  private replace: Set<string> | undefined;
  private readonly add = new Set<string>();
  private readonly remove = new Set<string>();

  get change(): MemberChange {
    return { ...(this.replace ? { replace: [...this.replace] } : {}), add: [...this.add], remove: [...this.remove] };
  }

  take({ op, path = "members", value }: Operation): void {
    const { filter } = parsePath(path);
    if (op === "remove") {
      const ids = filter ? idsOfFilter(filter) : memberIds(value);
      if (ids === undefined) this.set([]);
      else for (const id of ids) this.drop(id);
      return;
    }
    if (filter) throw invalid("invalidPath", "A member has nothing that can be set: add or remove it.");
    const ids = memberIds(value) ?? [];
    if (op === "replace") this.set(ids);
    else for (const id of ids) this.join(id);
  }

  private set(ids: string[]): void {
    this.replace = new Set(ids);
    this.add.clear();
    this.remove.clear();
  }

  private join(id: string): void {
    (this.replace ?? this.add).add(id);
    this.remove.delete(id);
  }

  private drop(id: string): void {
    if (this.replace) this.replace.delete(id);
    else {
      this.add.delete(id);
      this.remove.add(id);
    }
  }
}

/** `members[value eq "…"]`, also several with `or`. */
function idsOfFilter(filter: Filter): string[] {
  if (filter.kind === "or") return filter.of.flatMap(idsOfFilter);
  if (filter.kind !== "compare" || filter.path !== "value" || filter.op !== "eq")
    throw invalid("invalidPath", 'Members are named as members[value eq "<id>"].');
  return memberIds([filter.value]) ?? [];
}

async function list({ query, directoryId, base }: ScimCall): Promise<ScimAnswer> {
  const { startIndex, offset, limit } = pageOf(query);
  const filter = query.get("filter");
  const where = filter ? conditionOf(parseFilter(filter), FILTERED) : undefined;
  const { total, items } = await readGroups(directoryId, { where, offset, limit }, { members: wantsMembers(query) });
  return {
    status: 200,
    body: listBody(
      items.map((group) => projected(groupResource(group, base), query)),
      total,
      startIndex,
    ),
  };
}

async function create(call: ScimCall): Promise<ScimAnswer> {
  const input = { directoryId: call.directoryId, state: groupStateOf(call.body), members: memberIds(byName(call.body).get("members")) ?? [] };
  const { id } = await execute(provisionGroup, call.context, input);
  return shown(call, await found({ ...call, id }, true), 201);
}

function change(call: ScimCall, changeOf: (group: DirectoryGroup) => GroupChange): Promise<ScimAnswer> {
  return changedUnlessStale(call, async () => {
    const group = await found(call, false);
    requireMatch(call, group);
    const input = { directoryId: call.directoryId, groupId: group.id, version: group.version, ...changeOf(group) };
    await execute(updateDirectoryGroup, call.context, input);
    return shown(call, await found(call, wantsMembers(call.query)), 200);
  });
}

function wantsMembers(query: URLSearchParams): boolean {
  const names = (parameter: string) =>
    (query.get(parameter) ?? "")
      .toLowerCase()
      .split(",")
      .map((name) => name.trim().split(".")[0]);
  return !names("excludedAttributes").includes("members") && (!query.get("attributes") || names("attributes").includes("members"));
}

async function found({ directoryId, id }: ScimCall, members: boolean): Promise<DirectoryGroup> {
  const group = isUuid(id) ? await readGroup(directoryId, id, { members }) : undefined;
  if (!group) throw new ScimError(404, "There is no such group in this directory.");
  return group;
}

const shown = (call: ScimCall, group: DirectoryGroup, status: number): ScimAnswer => {
  const location = `${call.base}/Groups/${group.id}`;
  return { status, body: projected(groupResource(group, call.base), call.query), headers: { etag: etagOf(group), ...(status === 201 ? { location } : {}) } };
};
