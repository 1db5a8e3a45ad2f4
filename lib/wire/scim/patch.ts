import { isObject, isTrue, type Json, type JsonObject } from "./json";
import { type Filter, parseFilter } from "./filter";
import { invalid } from "./problem";

// PATCH (RFC 7644 §3.5.2) on a resource as plain data, in the dialects of Okta and Entra: operations in any case, values without a path,
// keys with dots or URNs in them, filters that create what they name. Attributes that we don't know end up nowhere.

export type Operation = { op: "add" | "replace" | "remove"; path?: string; value?: Json };

const MAX_OPERATIONS = 1_000;

/** The operations of a PatchOp body. Error: 400 invalidSyntax. */
export function operationsOf(body: JsonObject): Operation[] {
  const list = body.Operations ?? body.operations;
  if (!Array.isArray(list) || list.length === 0) throw invalid("invalidSyntax", "A PATCH needs Operations, a list.");
  if (list.length > MAX_OPERATIONS) throw invalid("tooMany", `A PATCH has at most ${MAX_OPERATIONS} operations.`);
  return list.map((entry) => {
    if (!isObject(entry)) throw invalid("invalidSyntax", "Each operation is an object.");
    const op = typeof entry.op === "string" ? entry.op.toLowerCase() : "";
    if (op !== "add" && op !== "replace" && op !== "remove") throw invalid("invalidSyntax", "op is add, replace or remove.");
    if (entry.path !== undefined && entry.path !== null && typeof entry.path !== "string") throw invalid("invalidPath", "path is text.");
    if (op !== "remove" && entry.value === undefined) throw invalid("invalidValue", `${op} needs a value.`);
    if (op === "remove" && !entry.path) throw invalid("noTarget", "remove needs a path.");
    return { op, ...(entry.path ? { path: entry.path as string } : {}), value: entry.value };
  });
}

/** Applies operations to a copy of the resource. Errors: 400 invalidPath, invalidValue. */
export function patched(resource: JsonObject, operations: readonly Operation[]): JsonObject {
  const copy = structuredClone(resource);
  for (const { op, path, value } of operations) {
    if (path !== undefined) change(copy, op, path, value);
    else if (!isObject(value)) throw invalid("invalidValue", "Without a path the value is an object of attributes.");
    else for (const [key, part] of Object.entries(value)) if (key !== "schemas") change(copy, op, key, part);
  }
  return copy;
}

export type Path = { steps: string[]; filter?: Filter; sub?: string };
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/** Reads a path: `name.givenName`, `emails[type eq "work"].value`, `urn:…:User:department`. Error: 400 invalidPath. */
export function parsePath(text: string): Path {
  const match = /^(urn:[^[\]]*:)?([^[\]]*)(?:\[(.*)\](?:\.([\w$-]+))?)?$/s.exec(text.trim());
  if (!match || text.length > 1_000) throw invalid("invalidPath", `The path ${text.slice(0, 100)} can't be read.`);
  const [, urn = "", rest = "", filter, sub] = match;
  const schema = urn.toLowerCase();
  const dotted = rest.split(".").filter(Boolean);
  const steps = schema === `${ENTERPRISE.toLowerCase()}:` ? [ENTERPRISE, ...dotted] : text.toLowerCase() === ENTERPRISE.toLowerCase() ? [ENTERPRISE] : dotted;
  if (steps.length === 0 || steps.length > 3) throw invalid("invalidPath", `The path ${text.slice(0, 100)} names no attribute.`);
  return { steps, ...(filter === undefined ? {} : { filter: parseFilter(filter) }), ...(sub ? { sub } : {}) };
}

function change(target: JsonObject, op: Operation["op"], text: string, value: Json | undefined): void {
  const { steps, filter, sub } = parsePath(text);
  let place = target;
  for (const step of steps.slice(0, -1)) {
    const key = keyOf(place, step);
    if (op === "remove" && !isObject(place[key])) return;
    if (!isObject(place[key])) place[key] = {};
    place = place[key] as JsonObject;
  }
  const key = keyOf(place, steps.at(-1) as string);
  const before = place[key];
  if (filter) changeItems(place, key, op, filter, sub, value);
  else if (op === "remove") delete place[key];
  else if (op === "add" && Array.isArray(before)) place[key] = union(before, Array.isArray(value) ? value : [value ?? null]);
  else if (isObject(before) && isObject(value)) place[key] = merged(before, value);
  else place[key] = structuredClone(value ?? null);
}

/** Changes the items of a list that a filter names. What is set and not there is made from the filter's own comparisons, as Entra expects. */
function changeItems(place: JsonObject, key: string, op: Operation["op"], filter: Filter, sub: string | undefined, value: Json | undefined): void {
  const list = Array.isArray(place[key]) ? (place[key] as Json[]) : [];
  const named = list.filter((item) => matches(item, filter));
  if (op === "remove") {
    if (!sub) place[key] = list.filter((item) => !named.includes(item));
    else for (const item of named) if (isObject(item)) delete item[keyOf(item, sub)];
    return;
  }
  if (named.length === 0) {
    const made = fromComparisons(filter);
    if (!made) throw invalid("noTarget", "Nothing has what the path's filter asks for.");
    list.push(made);
    named.push(made);
    place[key] = list;
  }
  for (const item of named)
    if (isObject(item)) {
      if (sub) item[keyOf(item, sub)] = structuredClone(value ?? null);
      else if (isObject(value)) Object.assign(item, structuredClone(value));
    }
}

function fromComparisons(filter: Filter): JsonObject | undefined {
  const parts = filter.kind === "and" ? filter.of : [filter];
  const made: JsonObject = {};
  for (const part of parts) {
    if (part.kind !== "compare" || part.op !== "eq") return undefined;
    made[part.path] = part.value;
  }
  return made;
}

function matches(item: Json, filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
      return filter.of.every((part) => matches(item, part));
    case "or":
      return filter.of.some((part) => matches(item, part));
    case "not":
      return !matches(item, filter.of);
    case "present":
      return isObject(item) && item[keyOf(item, filter.path)] !== undefined;
    case "values":
      return false;
    case "compare": {
      const held = isObject(item) ? item[keyOf(item, filter.path)] : filter.path === "value" ? item : undefined;
      if (typeof filter.value === "boolean") return isTrue(held) === filter.value;
      const [left, right] = [String(held ?? "").toLowerCase(), String(filter.value ?? "").toLowerCase()];
      if (filter.op === "eq") return left === right;
      if (filter.op === "ne") return left !== right;
      if (filter.op === "co") return left.includes(right);
      if (filter.op === "sw") return left.startsWith(right);
      if (filter.op === "ew") return left.endsWith(right);
      throw invalid("invalidPath", `A path compares with eq, ne, co, sw or ew, not ${filter.op}.`);
    }
  }
}

/** Attribute names are the same in any case (RFC 7643 §2.1). Never a name that objects inherit. */
function keyOf(object: JsonObject, name: string): string {
  const wanted = name.toLowerCase();
  if (["__proto__", "constructor", "prototype"].includes(wanted)) throw invalid("invalidPath", "There is no such attribute.");
  return Object.keys(object).find((key) => key.toLowerCase() === wanted) ?? name;
}

function merged(before: JsonObject, value: JsonObject): JsonObject {
  const result = { ...before };
  for (const [key, part] of Object.entries(value)) result[keyOf(result, key)] = structuredClone(part);
  return result;
}

/** Values that are there already stay as they are; two are the same when their `value` is. */
function union(before: readonly Json[], more: readonly Json[]): Json[] {
  const identity = (item: Json) => JSON.stringify(isObject(item) && item.value !== undefined ? item.value : item);
  const held = new Set(before.map(identity));
  return [...before, ...more.filter((item) => !held.has(identity(item)) && held.add(identity(item)))];
}
