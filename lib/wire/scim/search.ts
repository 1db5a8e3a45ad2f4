import "server-only";
import { listBody, pageOf, projected, type ScimAnswer, type ScimCall } from "./call";
import type { Collection } from "./collection";
import { parseFilter } from "./filter";
import { conditionOf } from "./filter-sql";
import { groups } from "./groups";
import type { JsonObject } from "./json";
import { ScimError } from "./problem";
import { queryOf } from "./search-query";
import { users } from "./users";

// A search over both kinds (RFC 7644 §3.4.3): people first, then groups, as one list.

/** Answers POST /.search. Errors: 400 for a filter that neither kind can answer, 405. */
export async function search(call: ScimCall): Promise<ScimAnswer> {
  if (call.method !== "POST") throw new ScimError(405, "A search is a POST.");
  const query = queryOf(call.body);
  const { startIndex, offset, limit } = pageOf(query);
  const filter = query.get("filter");
  const found = { total: 0, resources: [] as JsonObject[], answered: 0 };
  const add = async <T extends { id: string; version: number }>(of: Collection<T>): Promise<unknown> => {
    try {
      const where = filter ? conditionOf(parseFilter(filter), of.attributes) : undefined;
      const window = { where, offset: Math.max(0, offset - found.total), limit: limit - found.resources.length };
      const { total, items } = await of.list(call.directoryId, window, query);
      found.total += total;
      found.answered++;
      found.resources.push(...items.map((thing) => projected(of.resource(thing, call.base), query)));
    } catch (error) {
      // What one kind doesn't know it has none of.
      if (!(error instanceof ScimError) || error.scimType !== "invalidFilter") throw error;
      return error;
    }
  };
  const refusal = (await add(users)) ?? undefined;
  await add(groups);
  if (found.answered === 0) throw refusal;
  return { status: 200, body: listBody(found.resources, found.total, startIndex) };
}
