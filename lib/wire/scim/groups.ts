import "server-only";
import { sql } from "kysely";
import { type MemberChange, provisionGroup, removeDirectoryGroup, updateDirectoryGroup } from "@/lib/directories/provision-group";
import { type DirectoryGroup, readGroup, readGroups } from "@/lib/directories/read-directory";
import { execute } from "@/lib/kernel/command";
import type { ScimAnswer, ScimCall } from "./call";
import { type Collection, serveCollection } from "./collection";
import type { Filter } from "./filter";
import type { Attributes } from "./filter-sql";
import { isObject } from "./json";
import { type Operation, parsePath, patched } from "./patch";
import { invalid } from "./problem";
import { byName, groupResource, groupStateOf, memberIds } from "./resources";

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

/** What is particular to /Groups. */
export const groups: Collection<DirectoryGroup> = {
  noun: "group",
  path: "/Groups",
  attributes: FILTERED,
  list: (directoryId, window, query) => readGroups(directoryId, window, { members: wantsMembers(query) }),
  get: (directoryId, id, query) => readGroup(directoryId, id, { members: wantsMembers(query) }),
  getForChange: (directoryId, id) => readGroup(directoryId, id, { members: false }),
  resource: groupResource,
  create: (call) => {
    const members = memberIds(byName(call.body).get("members")) ?? [];
    return execute(provisionGroup, call.context, { directoryId: call.directoryId, state: groupStateOf(call.body), members });
  },
  replace: (call, group) => write(call, group, { state: groupStateOf(call.body), members: { replace: memberIds(byName(call.body).get("members")) ?? [] } }),
  patch: (call, group, operations) => write(call, group, afterPatch(group, operations, call.base)),
  remove: ({ context, directoryId }, { id }) => execute(removeDirectoryGroup, context, { directoryId, groupId: id }),
};

const write = ({ context, directoryId }: ScimCall, { id, version }: DirectoryGroup, change: GroupChange) =>
  execute(updateDirectoryGroup, context, { directoryId, groupId: id, version, ...change });

export const serveGroups = (call: ScimCall): Promise<ScimAnswer> => serveCollection(groups, call);

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
    const { value } = operation;
    if (!isObject(value)) throw invalid("invalidValue", "Without a path the value is an object of attributes.");
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

function wantsMembers(query: URLSearchParams): boolean {
  const names = (parameter: string) =>
    (query.get(parameter) ?? "")
      .toLowerCase()
      .split(",")
      .map((name) => name.trim().split(".")[0]);
  return !names("excludedAttributes").includes("members") && (!query.get("attributes") || names("attributes").includes("members"));
}
