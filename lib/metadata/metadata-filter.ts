import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { type Condition, conditionsSql, type Field, type Fields, likeText, type Operator } from "@/lib/kernel/list";
import { limitOf } from "@/lib/kernel/limit-of";
import type { Tx } from "@/lib/kernel/transaction";
import type { MetadataResourceType } from "./write-metadata";

// Filters of console lists by logged metadata: `meta.<key>`. What counts is the latest value of the key on a thing, which the database
// marks; text is compared with the value as a person means it, without its quotes. A condition that few values fit is answered from the
// index of keys and values, one that many fit by looking at each row of the list in turn: neither reads the whole table for a page.

/** Up to so many values are read from the index of keys before the list is walked instead; counts stop there too. */
const FEW = 10_000;
/** Longer values are not in the index of texts. */
const INDEXED_LENGTH = 200;

export type MetadataList = {
  /** The reference of the thing's id, e.g. `r.id`. */
  id: string;
  projectId: string;
  type: MetadataResourceType;
};

/** Where many values fit, a count goes through the list row by row, and stops here unless all are asked for. */
const COUNTED_ON_THE_WALK = 1_000;

/** The field `meta` twice: for reading a page in order, and for counting. Spread into a list's own fields. */
export type MetadataFields = {
  page: Fields;
  count: Fields;
  /** Where counting stops, when that is sooner than in other lists. */
  countedUpTo?: number;
  /** How many of the project's things fit, where the only condition is one of metadata: the total for who may read them all. */
  total?: { count: number; isExact: boolean };
};

/** Looks which conditions few values fit, and gives the fields. Error: invalid_input for a value that does not fit its operator. */
export async function metadataFields(tx: Tx, list: MetadataList, conditions: readonly Condition[], countsAll: boolean): Promise<MetadataFields> {
  let isWalked = false;
  let total: MetadataFields["total"];
  const few = new Set<string>();
  for (const { field, op, value } of conditions) {
    if (!field.startsWith("meta.") || !isPositive(op)) continue;
    const key = field.slice("meta.".length);
    const isAlone = conditions.length === 1;
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from (
        select 1 from metadata_entry m where ${ofKey(list, key)} and ${matches(op, value)} ${isAlone && countsAll ? sql`` : limitOf(FEW + 1)}) found`.execute(
      tx,
    );
    const count = rows[0]?.count ?? 0;
    if (count <= FEW) few.add(named(key, op, value));
    else isWalked = !countsAll;
    const isExact = count <= FEW || countsAll;
    if (isAlone) total = { count: isExact ? count : FEW, isExact };
  }
  const field = (forCount: boolean): Field => ({
    kind: "metadata",
    keyed: (key) => ({
      kind: "metadata",
      sortable: false,
      where: (op, value) => conditionOn(list, key, op, value, few.has(named(key, op, value)) ? "few" : forCount ? "any" : "many"),
    }),
  });
  const page = { meta: field(false) };
  return isWalked ? { page, count: page, countedUpTo: COUNTED_ON_THE_WALK, total } : { page, count: { meta: field(true) }, total };
}

const named = (key: string, op: Operator, value: Condition["value"]) => JSON.stringify([key, op, value]);

const POSITIVE_OF: Partial<Record<Operator, Operator>> = { notequals: "equals", notoneof: "oneof", notcontains: "contains" };
const isPositive = (op: Operator) => op !== "isnull" && op !== "isnotnull" && !POSITIVE_OF[op];

function conditionOn(list: MetadataList, key: string, op: Operator, value: Condition["value"], way: "few" | "many" | "any"): RawBuilder<SqlBool> {
  const id = sql.ref(list.id);
  const isThere = sql<SqlBool>`exists (select 1 from metadata_entry m where m.resource_id = ${id} and m.key = ${key})`;
  if (op === "isnotnull") return isThere;
  if (op === "isnull") return sql<SqlBool>`not ${isThere}`;
  const latest = (match: RawBuilder<SqlBool>) =>
    sql<SqlBool>`coalesce((select ${match} from metadata_entry m where m.resource_id = ${id} and m.key = ${key} and m.is_latest limit 1), false)`;
  const positive = POSITIVE_OF[op];
  if (positive) return sql<SqlBool>`not ${latest(matches(positive, value))}`; // also where nothing is recorded: a missing value equals nothing
  if (way === "many") return latest(matches(op, value));
  const ids = sql`select m.resource_id from metadata_entry m where ${ofKey(list, key)} and ${matches(op, value)}`;
  // As an array it is read once and looked up by primary key, whatever the planner expects of the values.
  return way === "few" ? sql<SqlBool>`${id} = any(array(${ids}))` : sql<SqlBool>`${id} in (${ids})`;
}

const ofKey = ({ projectId, type }: MetadataList, key: string) =>
  sql<SqlBool>`m.project_id = ${projectId} and m.resource_type = ${type} and m.key = ${key} and m.is_latest`;

const NUMBER: Fields = { "the value": { kind: "number", sql: sql.ref("m.value_number") } };
const OF_NUMBERS: ReadonlySet<string> = new Set(["equals", "gt", "gte", "lt", "lte", "between"]);

/** The condition on one entry `m`. */
function matches(op: Operator, value: Condition["value"]): RawBuilder<SqlBool> {
  if (OF_NUMBERS.has(op)) return conditionsSql(NUMBER, [{ field: "the value", op, value }]);
  const texts = typeof value === "string" ? [value] : value;
  if (op === "oneof") {
    const spellings = texts.flatMap((text) => [...new Set([JSON.stringify(text), escaped(text)])]);
    const bare = texts.filter((text) => /^(true|false|null|-?\d.*)$/.test(text));
    // The first condition is the one of the index of texts.
    const isText = sql<SqlBool>`(m.value_number is null and length(m.value) <= ${sql.lit(INDEXED_LENGTH)} and m.value in (${sql.join([...spellings, ...bare])}))`;
    const rest = [...spellings.filter((text) => text.length > INDEXED_LENGTH).map((text) => sql`m.value = ${text}`), ...bare.flatMap(sameNumber)];
    return rest.length === 0 ? isText : sql<SqlBool>`(${isText} or ${sql.join(rest, sql` or `)})`;
  }
  const [text = ""] = texts;
  const inner = [...new Set([JSON.stringify(text).slice(1, -1), escaped(text).slice(1, -1)])].map(likeText);
  const patterns = inner.flatMap((part) => (op === "startswith" ? [`"${part}%`, `${part}%`] : op === "endswith" ? [`%${part}"`, `%${part}`] : [`%${part}%`]));
  return sql<SqlBool>`(${sql.join(
    patterns.map((pattern) => sql`m.value ilike ${pattern}`),
    sql` or `,
  )})`;
}

const sameNumber = (text: string) => (Number.isFinite(Number(text)) && text.trim() !== "" ? [sql`m.value_number = ${Number(text)}::float8`] : []);

/** A text as Python's json writes it: letters beyond ASCII as \uXXXX. */
const escaped = (text: string): string => JSON.stringify(text).replace(/[^\x20-\x7e]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
