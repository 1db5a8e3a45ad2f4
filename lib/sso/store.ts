import "server-only";
import { type Kysely, sql } from "kysely";
import type { DB } from "@/db/types";

// The sign-on library's storage on our own tables (its DatabaseDriver). It gives sealed values; we keep them, and say when they end.

type Sealed = { value: string; iv?: string; tag?: string };
type Index = { name: string; value: string };
type Row = { value: string; iv: string | null; tag: string | null };

/** The library deletes a wrong key after an exchange, so a code would buy tokens until it expires: here reading a code takes it. */
const READ_ONCE = new Set(["oauth:code"]);
const MOST = 50;

const isAlive = sql`(s.expires_at is null or s.expires_at > clock_timestamp())`;
const sealedOf = (row: Row): Sealed => ({ value: row.value, iv: row.iv ?? undefined, tag: row.tag ?? undefined });
const limitOf = (limit?: number): number => Math.min(limit && limit > 0 ? limit : MOST, MOST);
const orderOf = (order?: "ASC" | "DESC") => (order === "ASC" ? sql`asc` : sql`desc`);

export function signOnStore(db: Kysely<DB>) {
  return {
    async get(namespace: string, key: string): Promise<Sealed | null> {
      const found = READ_ONCE.has(namespace)
        ? sql<Row>`delete from sso_store as s where s.namespace = ${namespace} and s.key = ${key} and ${isAlive} returning s.value, s.iv, s.tag`
        : sql<Row>`select s.value, s.iv, s.tag from sso_store as s where s.namespace = ${namespace} and s.key = ${key} and ${isAlive}`;
      const row = (await found.execute(db)).rows[0];
      return row ? sealedOf(row) : null;
    },

    async getAll(namespace: string, offset?: number, limit?: number, _page?: string, order?: "ASC" | "DESC"): Promise<{ data: Sealed[] }> {
      const { rows } = await sql<Row>`select s.value, s.iv, s.tag from sso_store as s where s.namespace = ${namespace} and ${isAlive}
        order by s.created_at ${orderOf(order)}, s.key limit ${limitOf(limit)} offset ${offset ?? 0}`.execute(db);
      return { data: rows.map(sealedOf) };
    },

    async getByIndex(namespace: string, index: Index, offset?: number, limit?: number, _page?: string, order?: "ASC" | "DESC"): Promise<{ data: Sealed[] }> {
      const { rows } = await sql<Row>`select s.value, s.iv, s.tag from sso_index as i
        join sso_store as s on s.namespace = i.namespace and s.key = i.store_key
        where i.namespace = ${namespace} and i.name = ${index.name} and i.value = ${index.value} and ${isAlive}
        order by s.created_at ${orderOf(order)}, s.key limit ${limitOf(limit)} offset ${offset ?? 0}`.execute(db);
      return { data: rows.map(sealedOf) };
    },

    async getCount(namespace: string, index?: Index): Promise<number> {
      const named = index
        ? sql`and exists (select from sso_index as i where i.namespace = s.namespace and i.store_key = s.key and i.name = ${index.name} and i.value = ${index.value})`
        : sql``;
      const { rows } = await sql<{ n: number }>`select count(*)::int as n from sso_store as s
        where s.namespace = ${namespace} and ${isAlive} ${named}`.execute(db);
      return rows[0]?.n ?? 0;
    },

    /** `ttl` in seconds, none: for good. The names it is found by are replaced with it. */
    async put(namespace: string, key: string, sealed: Sealed, ttl = 0, ...indexes: Index[]): Promise<void> {
      const end = ttl > 0 ? sql`clock_timestamp() + make_interval(secs => ${ttl})` : sql`null`;
      await db.transaction().execute(async (tx) => {
        await sql`insert into sso_store (namespace, key, value, iv, tag, expires_at)
          values (${namespace}, ${key}, ${sealed.value}, ${sealed.iv ?? null}, ${sealed.tag ?? null}, ${end})
          on conflict (namespace, key) do update set value = excluded.value, iv = excluded.iv, tag = excluded.tag,
            expires_at = excluded.expires_at, modified_at = clock_timestamp()`.execute(tx);
        await sql`delete from sso_index where namespace = ${namespace} and store_key = ${key}`.execute(tx);
        for (const { name, value } of indexes)
          await sql`insert into sso_index (namespace, name, value, store_key) values (${namespace}, ${name}, ${value}, ${key})
            on conflict do nothing`.execute(tx);
      });
    },

    async delete(namespace: string, key: string): Promise<void> {
      await sql`delete from sso_store where namespace = ${namespace} and key = ${key}`.execute(db);
    },

    async deleteMany(namespace: string, keys: string[]): Promise<void> {
      await sql`delete from sso_store where namespace = ${namespace} and key = any(${keys}::text[])`.execute(db);
    },

    /** It has no connections of its own to close, and keeps no count. */
    close: async () => undefined,
    getStats: async () => ({}),
  };
}
