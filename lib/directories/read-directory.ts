import "server-only";
import { type RawBuilder, sql, type SqlBool } from "kysely";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";

// What a directory reads back of itself. It belongs to no workspace; every read is bound to one directory: another one's people are not there (SCIM-3).

type Versioned = { id: string; externalId: string | null; version: number; createdAt: string; updatedAt: string };
export type DirectoryUser = Versioned & {
  userName: string;
  active: boolean;
  attributes: unknown;
  groups: { id: string; name: string }[];
};
/** `members` is undefined where they were not asked for. */
export type DirectoryGroup = Versioned & { displayName: string; members?: { id: string; name: string }[] };
export type Page<T> = { total: number; items: T[] };

type Window = { where?: RawBuilder<SqlBool>; offset: number; limit: number };

/** A page of people, in the order of their making. */
export function readUsers(directoryId: string, window: Window): Promise<Page<DirectoryUser>> {
  const wanted = wantedOf(sql`u`, directoryId, window);
  return outsideScope((tx) =>
    pageOf(
      window,
      () => users(tx, wanted, window.offset, window.limit),
      () => count(tx, sql`directory_user u`, sql`u`, wanted),
    ),
  );
}

/**
 * Which rows a list is about. The directory of a filtered list is asked so that no index serves it: before PostgreSQL has counted a first
 * sync it takes a directory for a single row, and would read all of it for the one that the filter names.
 */
const wantedOf = (alias: RawBuilder<unknown>, directoryId: string, { where }: Window): RawBuilder<SqlBool> =>
  where ? sql<SqlBool>`(${alias}.directory_id = ${directoryId}) is true and ${where}` : sql<SqlBool>`${alias}.directory_id = ${directoryId}`;

/** A first page that is not full says itself how many there are. */
async function pageOf<T>({ offset, limit }: Window, items: () => Promise<T[]>, total: () => Promise<number>): Promise<Page<T>> {
  const found = limit === 0 ? [] : await items();
  return { total: offset === 0 && found.length < limit ? found.length : await total(), items: found };
}

/** One person; undefined when this directory has none of the id. */
export const readUser = (directoryId: string, id: string): Promise<DirectoryUser | undefined> =>
  outsideScope(async (tx) => (await users(tx, sql`u.directory_id = ${directoryId} and u.id = ${id}`, 0, 1))[0]);

async function users(tx: Tx, where: RawBuilder<unknown>, offset: number, limit: number): Promise<DirectoryUser[]> {
  const { rows } = await sql<DirectoryUser>`
    select u.id, u.external_id as "externalId", u.user_name as "userName", u.active, u.attributes, u.version,
      u.created_at as "createdAt", u.updated_at as "updatedAt",
      coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.display_name) order by g.display_name)
        from directory_member m join directory_group g on g.id = m.group_id where m.user_id = u.id), '[]'::jsonb) as groups
    from directory_user u where u.deleted_at is null and ${where} order by u.created_at, u.id offset ${offset} limit ${limit}`.execute(tx);
  return rows;
}

/** A page of groups, in the order of their making. */
export function readGroups(directoryId: string, window: Window, options: { members: boolean }): Promise<Page<DirectoryGroup>> {
  const wanted = wantedOf(sql`g`, directoryId, window);
  return outsideScope((tx) =>
    pageOf(
      window,
      () => groups(tx, wanted, window.offset, window.limit, options.members),
      () => count(tx, sql`directory_group g`, sql`g`, wanted),
    ),
  );
}

/** One group; undefined when this directory has none of the id. */
export const readGroup = (directoryId: string, id: string, options: { members: boolean }): Promise<DirectoryGroup | undefined> =>
  outsideScope(async (tx) => (await groups(tx, sql`g.directory_id = ${directoryId} and g.id = ${id}`, 0, 1, options.members))[0]);

async function groups(tx: Tx, where: RawBuilder<unknown>, offset: number, limit: number, members: boolean): Promise<DirectoryGroup[]> {
  const list = sql`, coalesce((select jsonb_agg(jsonb_build_object('id', u.id, 'name', u.user_name) order by m.created_at, u.id)
      from directory_member m join directory_user u on u.id = m.user_id where m.group_id = g.id), '[]'::jsonb) as members`;
  const { rows } = await sql<DirectoryGroup>`
    select g.id, g.external_id as "externalId", g.display_name as "displayName", g.version, g.created_at as "createdAt", g.updated_at as "updatedAt"
      ${members ? list : sql``}
    from directory_group g where g.deleted_at is null and ${where} order by g.created_at, g.id offset ${offset} limit ${limit}`.execute(tx);
  return rows;
}

async function count(tx: Tx, from: RawBuilder<unknown>, alias: RawBuilder<unknown>, wanted: RawBuilder<SqlBool>): Promise<number> {
  const { rows } = await sql<{ total: number }>`select count(*)::int as total from ${from} where ${alias}.deleted_at is null and ${wanted}`.execute(tx);
  return rows[0]?.total ?? 0;
}
