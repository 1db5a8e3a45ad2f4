import "server-only";
import type { RawBuilder, SqlBool } from "kysely";
import type { Taken } from "@/lib/directories/provision-user";
import type { Page } from "@/lib/directories/read-directory";
import { isUuid } from "@/lib/kernel/id";
import { listBody, pageOf, projected, type ScimAnswer, type ScimCall } from "./call";
import { parseFilter } from "./filter";
import { type Attributes, conditionOf } from "./filter-sql";
import type { JsonObject } from "./json";
import { type Operation, operationsOf } from "./patch";
import { ScimError } from "./problem";
import { etagOf } from "./resources";
import { queryOf, SEARCH } from "./search-query";
import { changedUnlessStale, requireMatch, unchanged } from "./versions";

// What /Users and /Groups have in common: lists by filter and page, one thing with its version, and changes that end in a command. PUT and
// PATCH are the same way: the thing as it stands, what it becomes, written back if nobody was faster.

type Window = { where?: RawBuilder<SqlBool>; offset: number; limit: number };
type Found = { id: string; version: number };

export type Collection<T extends Found> = {
  /** As a sentence names it: "user". */
  noun: string;
  /** Below the endpoint's address: "/Users". */
  path: string;
  attributes: Attributes;
  /** `query`: what the caller wants to see of it. */
  list: (directoryId: string, window: Window, query: URLSearchParams) => Promise<Page<T>>;
  get: (directoryId: string, id: string, query: URLSearchParams) => Promise<T | undefined>;
  /** The same for a change, which may need less of it. */
  getForChange: (directoryId: string, id: string) => Promise<T | undefined>;
  resource: (thing: T, base: string) => JsonObject;
  create: (call: ScimCall) => Promise<{ id: string }>;
  replace: (call: ScimCall, thing: T) => Promise<Taken>;
  patch: (call: ScimCall, thing: T, operations: readonly Operation[]) => Promise<Taken>;
  remove: (call: ScimCall, thing: T) => Promise<Taken>;
};

/** When a client may ask again about a removal that waits for a person. */
const ASK_AGAIN_S = 600;

/** Who asked for a removal that was not taken hears so: nobody is to believe that access ended which did not. */
function requireTaken({ notTaken }: Taken): void {
  if (!notTaken) return;
  if (notTaken.why === "refused") throw new ScimError(403, notTaken.sentence);
  throw new ScimError(429, notTaken.sentence, undefined, { "retry-after": String(ASK_AGAIN_S) });
}

/** Answers a request to a collection or to one of its things. */
export async function serveCollection<T extends Found>(of: Collection<T>, call: ScimCall): Promise<ScimAnswer> {
  const there = async (id: string | undefined, get: (id: string) => Promise<T | undefined>): Promise<T> => {
    const thing = isUuid(id) ? await get(id) : undefined;
    if (!thing) throw new ScimError(404, `There is no such ${of.noun} in this directory.`);
    return thing;
  };
  const read = (id = call.id) => there(id, (known) => of.get(call.directoryId, known, call.query));
  const forChange = () => there(call.id, (known) => of.getForChange(call.directoryId, known));
  const shown = (thing: T, status: number): ScimAnswer => {
    const location: Record<string, string> = status === 201 ? { location: `${call.base}${of.path}/${thing.id}` } : {};
    return { status, body: projected(of.resource(thing, call.base), call.query), headers: { etag: etagOf(thing), ...location } };
  };
  const changed = (change: (thing: T) => Promise<Taken>) =>
    changedUnlessStale(call, async () => {
      const thing = await forChange();
      requireMatch(call, thing);
      requireTaken(await change(thing));
      return shown(await read(), 200);
    });

  if (call.id === undefined) {
    if (call.method === "GET") return listed(of, call);
    if (call.method === "POST") return shown(await read((await of.create(call)).id), 201);
    throw new ScimError(405, `A ${of.noun} is created, and all are listed, here.`);
  }
  if (call.id === SEARCH) {
    if (call.method === "POST") return listed(of, { ...call, query: queryOf(call.body) });
    throw new ScimError(405, "A search is a POST.");
  }
  if (call.method === "GET") {
    const thing = await read();
    return unchanged(call, thing) ?? shown(thing, 200);
  }
  if (call.method === "PUT") return changed((thing) => of.replace(call, thing));
  if (call.method === "PATCH") {
    const operations = operationsOf(call.body);
    return changed((thing) => of.patch(call, thing, operations));
  }
  if (call.method === "DELETE") {
    const thing = await forChange();
    requireMatch(call, thing);
    requireTaken(await of.remove(call, thing));
    return { status: 204 };
  }
  throw new ScimError(405, `A ${of.noun} is read, replaced, changed or deleted.`);
}

async function listed<T extends Found>(of: Collection<T>, { query, directoryId, base }: ScimCall): Promise<ScimAnswer> {
  const { startIndex, offset, limit } = pageOf(query);
  const filter = query.get("filter");
  const where = filter ? conditionOf(parseFilter(filter), of.attributes) : undefined;
  const { total, items } = await of.list(directoryId, { where, offset, limit }, query);
  const resources = items.map((thing) => projected(of.resource(thing, base), query));
  return { status: 200, body: listBody(resources, total, startIndex) };
}
