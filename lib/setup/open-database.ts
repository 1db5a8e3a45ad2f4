import "server-only";
/*
 * From the environment to a database that is up, with both roles: the embedded one (started, or taken over), or the one of
 * DATABASE_URL. For the launcher and the command line, the two that may know the owner's URL.
 */
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { APP_ROLE, type EmbeddedDatabase, type EmbeddedPasswords, newPasswords, startEmbedded } from "@/db/embedded";
import { migrate } from "@/db/migrate";
import { checkAppRole, prepareAppRole } from "@/db/roles";
import { environment } from "@/lib/kernel/env";
import { authenticationKey, ensureKeys, keysDirectory, writeOnce } from "@/lib/kernel/keys";

/** Something stands in the way of the start; `message` says what and what to do. */
export class StartError extends Error {
  override name = "StartError";
}

export interface OpenDatabase {
  ownerUrl: string;
  appUrl: string;
  /** The running embedded server; undefined with DATABASE_URL. */
  embedded?: EmbeddedDatabase;
  /** Starts the embedded server again after it ended by itself, with the same URLs. */
  reopen(): Promise<EmbeddedDatabase>;
}

/** Makes keys on the first start, opens the database, and returns the URLs of both roles. Throws errors that are sentences. */
export async function openDatabase(): Promise<OpenDatabase> {
  const env = environment();
  if (env.databaseUrl) {
    ensureKeys(!(await holdsOrganization(env.databaseUrl)));
    const appUrl = await prepareAppRole(env.databaseUrl, env.appDatabaseUrl, () => authenticationKey("app-database-password").toString("base64url"));
    return { ownerUrl: env.databaseUrl, appUrl, reopen: () => Promise.reject(new Error("not embedded")) };
  }
  if (env.appDatabaseUrl) {
    throw new StartError("REEVE_APP_DATABASE_URL is set and DATABASE_URL isn't: set both for a PostgreSQL of your own, or none for the embedded one.");
  }
  const directory = path.join(env.dataDirectory, "pg");
  const isNew = !fs.existsSync(path.join(directory, "data"));
  makeDataDirectory(env.dataDirectory);
  ensureKeys(isNew);
  const passwords = embeddedPasswords(isNew);
  const reopen = () => startEmbedded({ directory, passwords });
  const embedded = await reopen();
  return { ownerUrl: embedded.ownerUrl, appUrl: embedded.appUrl, embedded, reopen };
}

/** Whether there is data already, that new keys couldn't read. */
async function holdsOrganization(ownerUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "reeve-launcher", connectionTimeoutMillis: 10_000 });
  client.on("error", () => undefined); // the query that is running rejects with it
  try {
    await client.connect();
  } catch (cause) {
    throw new StartError(`The database of DATABASE_URL can't be entered: ${(cause as Error).message}`, { cause });
  }
  try {
    const { rows: tables } = await client.query("select to_regclass('reeve.organization') is not null as \"isThere\"");
    if (!tables[0].isThere) return false;
    const { rows } = await client.query('select exists (select from reeve.organization) as "isThere"');
    return rows[0].isThere;
  } finally {
    await client.end();
  }
}

/** Migrates, and proves the walls of the app's role. Returns the migrations that were run. */
export async function prepareDatabase(open: OpenDatabase): Promise<string[]> {
  const appRole = open.embedded ? APP_ROLE : decodeURIComponent(new URL(open.appUrl).username);
  const done = await migrate(open.ownerUrl, appRole);
  await checkAppRole(open.appUrl);
  return done;
}

const LAUNCHER_LOCK = 7_733_102;

/**
 * Takes the lock that one launcher holds on an embedded database: it dies with the connection, so a killed launcher leaves
 * nothing behind. Returns undefined when another one holds it.
 */
export async function takeLauncherLock(ownerUrl: string): Promise<{ release(): Promise<void> } | undefined> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "reeve-launcher", keepAlive: true });
  client.on("error", () => undefined); // the server went away, and the lock with it: the launcher takes it again after the restart
  await client.connect();
  const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [LAUNCHER_LOCK]);
  if (rows[0].taken) return { release: () => client.end().catch(() => undefined) };
  await client.end();
  return undefined;
}

function makeDataDirectory(directory: string): void {
  try {
    // Others may pass through (the database runs as another user when we are root), but not look: both folders in it are 0700.
    fs.mkdirSync(directory, { recursive: true, mode: 0o711 });
    fs.accessSync(directory, fs.constants.W_OK);
  } catch (cause) {
    throw new StartError(`The data folder ${directory} can't be written (${(cause as NodeJS.ErrnoException).code}). Set REEVE_DATA to a folder of yours.`, {
      cause,
    });
  }
  if (process.getuid?.() === 0) fs.chmodSync(directory, fs.statSync(directory).mode | 0o011);
}

function embeddedPasswords(isNew: boolean): EmbeddedPasswords {
  const file = path.join(keysDirectory(), "database.json");
  if (!fs.existsSync(file)) {
    if (!isNew) {
      throw new StartError(
        `There is a database in ${environment().dataDirectory}, but its passwords (${file}) are missing. Put back the keys folder from your backup.`,
      );
    }
    writeOnce(file, `${JSON.stringify(newPasswords(), null, 2)}\n`);
  }
  return JSON.parse(fs.readFileSync(file, "utf8")) as EmbeddedPasswords;
}
