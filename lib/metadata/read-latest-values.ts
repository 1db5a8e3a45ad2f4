import "server-only";
import { sql } from "kysely";
import { anyOf } from "@/lib/kernel/any-of";
import type { Tx } from "@/lib/kernel/transaction";
import { plainValue } from "@/lib/runs/recorded";

/** The latest values of some keys on some things, for columns of lists: the value that filters compare with, as people read it. One query. */
export async function readLatestValues(tx: Tx, ids: readonly string[], keys: readonly string[]): Promise<Map<string, Record<string, string>>> {
  if (ids.length === 0 || keys.length === 0) return new Map();
  const { rows } = await sql<{ id: string; key: string; value: string }>`
    select distinct on (m.resource_id, m.key) m.resource_id as id, m.key, m.value from metadata_entry m
    where m.resource_id = ${anyOf([...ids])} and m.key = any (${[...keys]}::text[])
    order by m.resource_id, m.key, m.created_at desc, m.id desc`.execute(tx);
  const found = new Map<string, Record<string, string>>();
  for (const { id, key, value } of rows) found.set(id, { ...found.get(id), [key]: plainValue(value) });
  return found;
}
