import pg from "pg";
import { expect, it } from "vitest";
import { createTestDatabase } from "@/db/test-database";

async function ask(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, options: "-c search_path=reeve" });
  await client.connect();
  return client
    .query(text)
    .then((answer) => answer.rows)
    .finally(() => client.end());
}

it("gives every caller a migrated database of its own", async () => {
  const [one, two] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  try {
    await ask(one.ownerUrl, "insert into throttle (key) values ('only here')");
    expect(await ask(one.appUrl, "select key from throttle")).toEqual([{ key: "only here" }]);
    expect(await ask(two.appUrl, "select key from throttle")).toEqual([]);
    expect(await ask(two.appUrl, "select count(*)::int as flavors from flavor")).toEqual([{ flavors: 82 }]);
  } finally {
    await Promise.all([one.drop(), two.drop()]);
  }
});

it("gives the app's role no way to change the audit trail or the migrations", async () => {
  const database = await createTestDatabase();
  try {
    for (const statement of [
      "update audit_entry set action = 'x'",
      "delete from audit_entry",
      "truncate audit_entry",
      "insert into audit_entry default values",
      "update audit_head set last_seq = 0",
      "delete from schema_migration",
      "create table mine (a int)",
      "alter table run disable row level security",
    ]) {
      await expect(ask(database.appUrl, statement), statement).rejects.toThrow(/permission denied|must be owner/);
    }
  } finally {
    await database.drop();
  }
});
