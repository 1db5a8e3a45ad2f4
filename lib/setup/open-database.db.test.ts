import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { openDatabase } from "./open-database";

const database = useTestDatabase();
let directory: string;

beforeEach(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-open-"));
  vi.stubEnv("REEVE_DATA", directory);
  vi.stubEnv("DATABASE_URL", database.ownerUrl);
  vi.stubEnv("REEVE_APP_DATABASE_URL", database.appUrl);
  vi.stubEnv("REEVE_MASTER_KEY", undefined);
  vi.stubEnv("REEVE_SIGNING_KEY", undefined);
  forgetEnvironment();
  forgetKeys();
});
afterEach(() => {
  vi.unstubAllEnvs();
  forgetEnvironment();
  forgetKeys();
  fs.rmSync(directory, { recursive: true });
});

it("makes keys for a database of one's own while it is empty, and never for one with data", async () => {
  await openDatabase();
  const keys = path.join(directory, "keys");
  expect(fs.readdirSync(keys).sort()).toEqual(["master.key", "signing.key"]);

  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query("insert into reeve.organization (id, name) values (gen_random_uuid(), 'Acme')").finally(() => owner.end());
  await openDatabase(); // with its keys it opens
  fs.rmSync(path.join(keys, "master.key"));
  forgetKeys();
  await openDatabase(); // sealed
  expect(fs.readdirSync(keys)).toEqual(["signing.key"]);
  fs.rmSync(path.join(keys, "signing.key"));
  forgetKeys();
  await expect(openDatabase()).rejects.toMatchObject({ cause: { message: expect.stringContaining("signing key is missing") } });
  expect(fs.readdirSync(keys)).toEqual([]);
});
