import "server-only";
import { sql } from "kysely";
import { parse, stringify } from "lossless-json";
import { anyOf } from "@/lib/kernel/any-of";
import type { Tx } from "@/lib/kernel/transaction";

// What was logged on runs, steps, artifact versions and model versions. Entries are only ever added; reading gives the latest value
// of each key, and where all values of a key are objects, their members with the later winning. Values are JSON text as it was sent.

/** The metadata of each resource as the text of a JSON object; `{}` for those that have none. One query. */
export async function readMetadata(tx: Tx, resourceIds: Iterable<string>): Promise<Map<string, string>> {
  const ids = [...new Set(resourceIds)];
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ resource_id: string; key: string; value: string }>`
    select resource_id, key, value from (
      select resource_id, key, value, created_at, id,
        row_number() over (partition by resource_id, key order by created_at desc, id desc) as age,
        bool_and(left(value, 1) = '{') over (partition by resource_id, key) as only_objects
      from metadata_entry where resource_id = ${anyOf(ids)}
    ) entry
    where age = 1 or only_objects
    order by resource_id, key, created_at, id`.execute(tx);
  const found = new Map<string, Map<string, string[]>>(ids.map((id) => [id, new Map()]));
  for (const { resource_id: id, key, value } of rows) {
    const values = found.get(id);
    values?.set(key, [...(values.get(key) ?? []), value]);
  }
  return new Map([...found].map(([id, values]) => [id, objectText(values)]));
}

export type MetadataValue = { key: string /** JSON text. */; value: string; type: string; at: string };

/** What was logged on one resource, by key: the value that `readMetadata` gives, its type and when it was last logged. One query. */
export async function readMetadataValues(tx: Tx, resourceId: string): Promise<MetadataValue[]> {
  const { rows } = await sql<MetadataValue>`
    select key, value, type, created_at as at from (
      select key, value, type, created_at, id,
        row_number() over (partition by key order by created_at desc, id desc) as age,
        bool_and(left(value, 1) = '{') over (partition by key) as only_objects
      from metadata_entry where resource_id = ${resourceId}
    ) entry
    where age = 1 or only_objects
    order by key, created_at, id`.execute(tx);
  const byKey = new Map<string, MetadataValue[]>();
  for (const row of rows) byKey.set(row.key, [...(byKey.get(row.key) ?? []), row]);
  return [...byKey.values()].map((values) => {
    const latest = values[values.length - 1] as MetadataValue;
    return values.length === 1 ? latest : { ...latest, value: merged(values.map(({ value }) => value)) };
  });
}

function objectText(values: Map<string, string[]>): string {
  return `{${[...values].map(([key, texts]) => `${JSON.stringify(key)}: ${texts.length === 1 ? texts[0] : merged(texts)}`).join(", ")}}`;
}

/** lossless-json keeps each number's spelling. */
function merged(texts: string[]): string {
  return stringify(Object.assign({}, ...texts.map((text) => parse(text) as object))) ?? "{}";
}
