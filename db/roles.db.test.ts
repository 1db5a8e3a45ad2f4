import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { checkAppRole, prepareAppRole } from "@/db/roles";
import { CLUSTER_VARIABLE, type TestCluster } from "@/db/test-cluster";
import { createTestDatabase, type TestDatabase } from "@/db/test-database";

let database: TestDatabase;
let superuserUrl: string;
let superuser: pg.Client;
const suffix = `test_${process.pid}_${Date.now()}`;
const made = [`maker_${suffix}`, `new_${suffix}`, `plain_${suffix}`];

beforeAll(async () => {
  database = await createTestDatabase();
  const cluster = JSON.parse(process.env[CLUSTER_VARIABLE] as string) as TestCluster;
  superuserUrl = cluster.superuser.replace("/DATABASE", new URL(database.ownerUrl).pathname);
  superuser = new pg.Client({ connectionString: superuserUrl });
  await superuser.connect();
});
afterAll(async () => {
  for (const role of made) await superuser.query(`drop role if exists ${role}`);
  await superuser.end();
  await database.drop();
});

const withRole = (url: string, role: string, password: string) => Object.assign(new URL(url), { username: role, password }).toString();
const noPassword = () => expect.unreachable();

it("lets the app's own role pass, and names everything that is wrong with the owner's", async () => {
  await checkAppRole(database.appUrl);
  await expect(checkAppRole(database.ownerUrl)).rejects.toThrow(/it owns the table run.*it may UPDATE the audit trail.*it may make things in the schema/s);
  await expect(checkAppRole(superuserUrl)).rejects.toThrow(/it is a superuser; it bypasses row-level security/);
});

it.each([
  ["grant update on reeve.audit_entry to reeve_app", "revoke update on reeve.audit_entry from reeve_app", /it may UPDATE the audit trail/],
  [
    "alter table reeve.run disable row level security",
    "alter table reeve.run enable row level security",
    /the table run has a workspace_id but no row-level security/,
  ],
  ["create table reeve.later (workspace_id uuid)", "drop table reeve.later", /the table later has a workspace_id but no row-level security/],
  ["grant create on schema reeve to reeve_app", "revoke create on schema reeve from reeve_app", /it may make things in the schema/],
])("finds: %s", async (break_, mend, problem) => {
  await superuser.query(break_);
  try {
    await expect(checkAppRole(database.appUrl)).rejects.toThrow(problem);
  } finally {
    await superuser.query(mend);
  }
  await checkAppRole(database.appUrl);
});

it("refuses an app's URL that leads to another database", async () => {
  const url = new URL(database.appUrl);
  url.pathname = "/postgres";
  await expect(checkAppRole(url.toString())).rejects.toThrow(/doesn't lead to the database of DATABASE_URL/);
});

it("refuses one role for both", async () => {
  await expect(prepareAppRole(database.ownerUrl, database.ownerUrl, noPassword)).rejects.toThrow(/same role as DATABASE_URL/);
});

it("makes the app's role where the owner may, and says what to do where it may not", async () => {
  const [maker, fresh, plain] = made as [string, string, string];
  await superuser.query(`create role ${maker} login createrole password 'maker-word'`);
  await superuser.query(`create role ${plain} login password 'plain-word'`);
  const appUrl = withRole(database.ownerUrl, fresh, "new-word");

  await expect(prepareAppRole(withRole(database.ownerUrl, plain, "plain-word"), appUrl, noPassword)).rejects.toThrow(
    /doesn't exist, and the role of DATABASE_URL may not make roles/,
  );
  expect(await prepareAppRole(withRole(database.ownerUrl, maker, "maker-word"), appUrl, noPassword)).toBe(appUrl);
  const client = new pg.Client({ connectionString: appUrl });
  await client.connect();
  const { rows } = await client.query("select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as powerful from pg_roles where rolname = current_user");
  expect(rows).toEqual([{ powerful: false }]);
  await client.end();
});

it("doesn't show a password when a database can't be entered", async () => {
  const error = await prepareAppRole("postgresql://u:secret-word@127.0.0.1:1/x", undefined, () => "p").catch((reason) => reason as Error);
  expect(String(error)).toMatch(/The database of DATABASE_URL can't be entered/);
  expect(String(error)).not.toContain("secret-word");
});
