import "server-only";
/*
 * A migrated PostgreSQL database for one test file, cloned from the run's template (30–125 ms) and dropped afterwards.
 * Only for tests. `useTestDatabase()` also points the environment at it, so that `database()` of db/client.ts works.
 */
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import { CLUSTER_VARIABLE, TEMPLATE_DATABASE, type TestCluster } from "@/db/test-cluster";

export interface TestDatabase {
  /** May do everything in this database, row-level security included; for arranging and for looking behind the app's back. */
  ownerUrl: string;
  /** What the product itself uses. */
  appUrl: string;
  drop(): Promise<void>;
}

/** Clones the template. The caller drops it. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const text = process.env[CLUSTER_VARIABLE];
  if (!text) throw new Error("There is no test cluster: name the file *.db.test.ts and run it with vitest.");
  const cluster = JSON.parse(text) as TestCluster;
  const name = `test_${randomBytes(6).toString("hex")}`;
  const urlOf = (url: string, database: string) => url.replace("/DATABASE", `/${database}`);
  const asSuperuser = async (statement: string) => {
    const client = new pg.Client({ connectionString: urlOf(cluster.superuser, "postgres") });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  };
  await asSuperuser(`create database ${name} template ${TEMPLATE_DATABASE} owner reeve_owner`);
  return {
    ownerUrl: urlOf(cluster.owner, name),
    appUrl: urlOf(cluster.app, name),
    drop: () => asSuperuser(`drop database if exists ${name} with (force)`),
  };
}

/**
 * One database for the calling test file, made before its tests and dropped after them. Sets DATABASE_URL and
 * REEVE_APP_DATABASE_URL; the returned object's fields are filled when the tests run.
 */
export function useTestDatabase(): TestDatabase {
  const handle: TestDatabase = { ownerUrl: "", appUrl: "", drop: async () => undefined };
  beforeAll(async () => {
    Object.assign(handle, await createTestDatabase());
    process.env.DATABASE_URL = handle.ownerUrl;
    process.env.REEVE_APP_DATABASE_URL = handle.appUrl;
  });
  afterAll(async () => {
    const { closeDatabase } = await import("@/db/client");
    await closeDatabase();
    await handle.drop();
  });
  return handle;
}
