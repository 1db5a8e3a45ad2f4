import "server-only";
/*
 * One PostgreSQL for a whole test run: a temporary cluster without fsync and a migrated template database, from which
 * db/test-database.ts clones. vitest calls setup and teardown once; a cluster whose run was killed is swept by the next one.
 */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { APP_ROLE, type EmbeddedDatabase, newPasswords, startEmbedded } from "@/db/embedded";
import { migrate } from "@/db/migrate";

export const TEMPLATE_DATABASE = "reeve_template";
/** The environment variable through which workers learn of the cluster (JSON of TestCluster). */
export const CLUSTER_VARIABLE = "REEVE_TEST_CLUSTER";
const PREFIX = "reeve-test-";

/** URLs with the placeholder DATABASE in the place of the database's name. */
export interface TestCluster {
  superuser: string;
  owner: string;
  app: string;
}

let running: { database: EmbeddedDatabase; directory: string } | undefined;

/** Starts the cluster and its template, unless an outer process already did. */
export async function setup(): Promise<void> {
  if (process.env[CLUSTER_VARIABLE] || running) return;
  const { cluster } = await startTestCluster();
  process.env[CLUSTER_VARIABLE] = JSON.stringify(cluster);
}

/** Stops what `setup` started. */
export async function teardown(): Promise<void> {
  if (!running) return;
  delete process.env[CLUSTER_VARIABLE];
  await running.database.stop();
  fs.rmSync(running.directory, { recursive: true, force: true });
  running = undefined;
}

async function startTestCluster(): Promise<{ cluster: TestCluster }> {
  await sweepAbandoned();
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  fs.chmodSync(directory, 0o711); // the database's own folder below it is 0700
  const database = await startEmbedded({
    directory: path.join(directory, "pg"),
    passwords: newPasswords(),
    isDurable: false,
    maxConnections: 300,
  });
  running = { database, directory };
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  await client.query(`create database ${TEMPLATE_DATABASE} owner reeve_owner`);
  await client.end();
  await migrate(database.urlOf("owner", TEMPLATE_DATABASE), APP_ROLE);
  const url = (role: "owner" | "app" | "superuser") => database.urlOf(role, "DATABASE");
  return { cluster: { superuser: url("superuser"), owner: url("owner"), app: url("app") } };
}

/** Ends the clusters of runs that were killed: their folders are named by the process that made them. */
async function sweepAbandoned(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!owner || isAlive(owner)) continue;
    const directory = path.join(os.tmpdir(), name);
    try {
      const lines = fs.readFileSync(path.join(directory, "pg", "data", "postmaster.pid"), "utf8").split("\n");
      if (lines[1]?.startsWith(directory)) process.kill(Number(lines[0]), "SIGQUIT");
    } catch {
      // no server left, or not ours to end
    }
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
