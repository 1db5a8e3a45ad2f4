import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { checkAppRole } from "@/db/roles";
import { newId } from "@/lib/kernel/id";
import { inScope } from "@/lib/kernel/transaction";
import { asOwner } from "@/lib/kernel/test-rows";

// The second wall: a transaction in the scope of one workspace sees and touches no row of another, in any table, whatever it asks.

const db = useTestDatabase();
const A = newId();
const B = newId();
let tables: string[] = [];

beforeAll(async () => {
  const found = await asOwner<{ name: string }>(
    db.ownerUrl,
    `select table_name as name from information_schema.columns join information_schema.tables using (table_schema, table_name)
     where table_schema = 'reeve' and column_name = 'workspace_id' and table_type = 'BASE TABLE' order by 1`,
  );
  tables = found.map((row) => row.name);
  // One row of each workspace in each table, without making everything that it refers to.
  await asOwner(
    db.ownerUrl,
    `do $$ declare c record; begin
       for c in select conrelid::regclass as t, conname from pg_constraint where connamespace = 'reeve'::regnamespace and contype in ('f', 'c') loop
         execute format('alter table %s drop constraint %I', c.t, c.conname);
       end loop;
       for c in select table_name as t from information_schema.tables where table_schema = 'reeve' and table_type = 'BASE TABLE' loop
         execute format('alter table %I disable trigger user', c.t);
       end loop; end $$`,
  );
  for (const table of tables) for (const workspace of [A, B]) await asOwner(db.ownerUrl, await insertText(table), [workspace]);
});

/** An insert of a row that has only what it must have. */
async function insertText(table: string): Promise<string> {
  const columns = await asOwner<{ name: string; type: string }>(
    db.ownerUrl,
    `select column_name as name, data_type as type from information_schema.columns
     where table_schema = 'reeve' and table_name = $1 and is_nullable = 'NO' and column_default is null and is_identity = 'NO' and is_generated = 'NEVER' and column_name <> 'workspace_id'`,
    [table],
  );
  const value = (type: string) =>
    ({
      uuid: "gen_random_uuid()",
      text: "md5(random()::text)",
      bytea: "sha256(random()::text::bytea)",
      ARRAY: "array[md5(random()::text)]",
      jsonb: "'{}'",
      boolean: "false",
      "timestamp with time zone": "now()",
    })[type] ?? "(random() * 1000)::int";
  return `insert into "${table}" (${["workspace_id", ...columns.map((column) => `"${column.name}"`)].join(", ")}) values (${["$1", ...columns.map((column) => value(column.type))].join(", ")})`;
}

const countIn = (scope: string[], table: string, where = "true") =>
  inScope(scope, async (tx) => {
    const { rows } = await sql
      .raw<{ a: number; b: number }>(
        `select count(*) filter (where workspace_id = '${A}')::int as a, count(*) filter (where workspace_id = '${B}')::int as b from "${table}" where ${where}`,
      )
      .execute(tx);
    return rows[0];
  });

it("covers the tables that there are", () => {
  expect(tables).toEqual(expect.arrayContaining(["project", "run", "step_run", "artifact_version", "document", "audit_entry", "outbox", "metadata_entry"]));
  expect(tables.length).toBeGreaterThan(25);
});

it("a transaction sees the rows of its workspaces and no others, in every table", async () => {
  const seen: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const table of tables) {
    expected[table] = [
      { a: 1, b: 0 },
      { a: 0, b: 1 },
      { a: 1, b: 1 },
      { a: 0, b: 0 },
      { a: 0, b: 0 },
    ];
    seen[table] = [
      await countIn([A], table),
      await countIn([B], table),
      await countIn([A, B], table),
      await countIn([], table),
      await countIn([A], table, `workspace_id = '${B}' or true is null`),
    ];
  }
  expect(seen).toEqual(expected);
});

it("a connection that names no scope sees none either", async () => {
  const { database } = await import("@/db/client");
  for (const table of tables) {
    const { rows } = await sql.raw<{ n: number }>(`select count(*)::int as n from "${table}" where workspace_id is not null`).execute(database());
    expect(rows[0]?.n, table).toBe(0);
  }
});

it("the scope ends with its transaction", async () => {
  await inScope([A], async () => undefined);
  const { rows } = await inScope([], (tx) => sql<{ scope: string }>`select current_setting('reeve.workspaces', true) as scope`.execute(tx));
  expect(rows[0]?.scope).toBe("");
});

it("nothing can be written into, moved into, changed in or deleted from a workspace out of scope", async () => {
  for (const table of tables.filter((name) => name !== "audit_entry")) {
    const text = await insertText(table);
    const insertInto = (workspace: string) =>
      inScope([A], (tx) =>
        sql
          .raw(text.replace("$1", `'${workspace}'`))
          .execute(tx)
          .then(() => Promise.reject(new Error("undo"))),
      );
    await expect(insertInto(B), `${table}: insert`).rejects.toThrow(table === "entity_count" ? "permission denied" : "row-level security");
    // A workspace has one open move; that the second is refused as such says that the wall let it through.
    await expect(insertInto(A), `${table}: insert in scope`).rejects.toThrow(/undo|permission denied|"secret_move_open"/);
    await expect(
      inScope([A], (tx) => sql.raw(`update "${table}" set workspace_id = '${B}'`).execute(tx)),
      `${table}: move`,
    ).rejects.toThrow(/row-level security|permission denied/);
    const touched = await inScope([A], async (tx) => {
      const changed = await sql.raw(`update "${table}" set workspace_id = workspace_id where workspace_id = '${B}'`).execute(tx);
      const deleted = await sql.raw(`delete from "${table}" where workspace_id = '${B}'`).execute(tx);
      return [Number(changed.numAffectedRows), Number(deleted.numAffectedRows)];
    }).catch((error: Error) => (/permission denied/.test(error.message) ? [0, 0] : Promise.reject(error)));
    expect(touched, table).toEqual([0, 0]);
  }
});

describe("AZ-13: the start refuses an app role without its walls", () => {
  it.each([
    ["alter table run disable row level security", "the table run has a workspace_id but no row-level security", "alter table run enable row level security"],
    ["create table extra (workspace_id uuid)", "the table extra has a workspace_id but no row-level security", "drop table extra"],
    ["grant update on audit_entry to reeve_app", "it may UPDATE the audit trail", "revoke update on audit_entry from reeve_app"],
    ["grant delete on audit_entry to reeve_app", "it may DELETE the audit trail", "revoke delete on audit_entry from reeve_app"],
    ["grant truncate on audit_entry to reeve_app", "it may TRUNCATE the audit trail", "revoke truncate on audit_entry from reeve_app"],
    ["grant create on schema reeve to reeve_app", "it may make things in the schema", "revoke create on schema reeve from reeve_app"],
  ])("%s", async (breakIt, problem, mendIt) => {
    await checkAppRole(db.appUrl);
    await asOwner(db.ownerUrl, breakIt);
    try {
      await expect(checkAppRole(db.appUrl)).rejects.toThrow(problem);
    } finally {
      await asOwner(db.ownerUrl, mendIt);
    }
    await checkAppRole(db.appUrl);
  });

  it("the owner's role is refused as the app's", async () => {
    await expect(checkAppRole(db.ownerUrl)).rejects.toThrow("it owns the table");
  });
});
