/*
 * What `npm start` runs: environment → database → migrations → set-up file → web server (a process per core) and worker, which
 * live and die with this one. scripts/start.mjs has built everything before. Nothing here serves a request.
 */
import { type ChildProcess, spawn } from "node:child_process";
import cluster from "node:cluster";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { closeDatabase } from "@/db/client";
import { answerScrapes } from "@/lib/jobs/scrape";
import { applySetupFileOnce } from "@/lib/setup/apply-once";
import { environment, type Env, unknownVariables } from "@/lib/kernel/env";
import { whySealed } from "@/lib/kernel/active-master-key";
import type { AppError } from "@/lib/kernel/errors";
import { wholeReason } from "@/lib/kernel/sealed-error";
import { log } from "@/lib/kernel/log";
import { unlock } from "@/lib/master-key/outside-keys";
import { outsideScope } from "@/lib/kernel/transaction";
import { newSetupLink } from "@/lib/setup/setup-link";
import { readSetupFile } from "@/lib/setup/read-setup-file";
import { openDatabase, type OpenDatabase, prepareDatabase, StartError, takeLauncherLock } from "@/lib/setup/open-database";

export interface LaunchOptions {
  /** The repository. */
  root: string;
  /** Folder of worker.mjs. */
  bundles: string;
  isDev: boolean;
}

const PORT_WAIT_MS = 8_000; // a web server whose launcher was killed needs a moment to notice
const READY_WAIT_MS = 90_000;
const STOP_WAIT_MS = 10_000;
const RESTART_MAX_MS = 30_000;
const STABLE_AFTER_MS = 60_000;
/** Room for what lives only as long as one answer: with Node's 16 MB much of a page is copied before it is garbage. */
const YOUNG_MB = 64;

/** Stops a start with wrong settings before anything is built for it. Throws EnvironmentError, SetupFileError. */
export function checkEnvironment(): void {
  const env = environment();
  for (const name of unknownVariables(process.env)) log.warn(`${name} isn't a setting of Reeve; is it misspelt?`);
  if (env.setupFile) readSetupFile(env.setupFile);
}

/** Starts everything and returns when it serves; ends the process when a signal asks for it. Throws errors that are sentences. */
export async function launch(options: LaunchOptions): Promise<void> {
  const env = environment();
  const stopping = new AbortController();
  const signals = stopSignals(stopping);

  const open = await openDatabase();
  const guard = new DatabaseGuard(open, stopping.signal);
  const children: Child[] = [];
  try {
    await guard.lock();
    await waitForPort(env, stopping.signal);
    const migrations = await prepareDatabase(open);
    if (migrations.length > 0) log.info("migrated the database", { migrations: migrations.length });
    process.env.REEVE_APP_DATABASE_URL = open.appUrl;
    await unlock().catch((error: Error) => log.warn("secrets are sealed", { error: wholeReason(error) }));
    if (env.setupFile) await applySetupFileOnce(env.setupFile, (line) => console.log(line));
    const link = await newSetupLink();
    const sealed = await outsideScope(whySealed);
    await closeDatabase();

    const childEnvironment = environmentOf(env, open, options);
    const web = webStarter(env, options, childEnvironment);
    for (let n = 0; n < (options.isDev ? 1 : env.webProcesses); n++) children.push(new Child("web", web, stopping.signal));
    children.push(new Child("worker", () => spawnWorker(options, childEnvironment), stopping.signal));
    await untilReady(env, children[0] as Child, stopping.signal);
    if (!stopping.signal.aborted) announce(env, open, link, sealed);
    await signals;
  } finally {
    stopping.abort();
    await Promise.all(children.map((child) => child.stop()));
    await guard.stop();
  }
  process.exit(0);
}

/** Resolves at the first signal; a second one ends everything at once. */
function stopSignals(stopping: AbortController): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (stopping.signal.aborted) return;
        stopping.abort();
        resolve();
      });
    }
  });
}

// ── the database ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Keeps the embedded server running and the launcher's lock on it. With DATABASE_URL there is nothing to keep. */
class DatabaseGuard {
  private current;
  private held: { release(): Promise<void> } | undefined;
  private watching: Promise<void> = Promise.resolve();
  private readonly stopAsked: Promise<unknown>;

  constructor(
    private readonly open: OpenDatabase,
    private readonly stopping: AbortSignal,
  ) {
    this.current = open.embedded;
    this.stopAsked = new Promise((resolve) => stopping.addEventListener("abort", resolve, { once: true }));
  }

  async lock(): Promise<void> {
    if (!this.current) return;
    this.held = await takeLauncherLock(this.current.ownerUrl);
    if (!this.held) {
      this.current = undefined; // it belongs to the other one
      throw new StartError(`Reeve is already running on ${environment().dataDirectory}. Stop it first, or set REEVE_DATA (and PORT) to start a second one.`);
    }
    this.watching = this.watch().catch((error) => {
      log.error("the database didn't start again", { error });
      process.kill(process.pid, "SIGTERM");
    });
  }

  private async watch(): Promise<void> {
    while (this.current) {
      await Promise.race([this.current.exited, this.stopAsked]); // the end of an adopted server is only polled for
      if (this.stopping.aborted) return;
      log.error("the database ended by itself; starting it again");
      await this.held?.release();
      this.held = undefined;
      this.current = undefined;
      this.current = await this.open.reopen();
      if (!this.stopping.aborted) this.held = await takeLauncherLock(this.current.ownerUrl);
    }
  }

  /** Called when the stop has begun: a restart that is under way ends first, so that nothing is left running. */
  async stop(): Promise<void> {
    await this.held?.release();
    await this.current?.stop();
    await this.watching;
    await this.current?.stop();
  }
}

// ── the processes ────────────────────────────────────────────────────────────────────────────────────────────────────

/** A process that is started again when it ends, later and later while it keeps failing. */
class Child {
  private running: ChildProcess | undefined;
  private readonly done: Promise<void>;
  failures = 0;

  constructor(
    readonly name: string,
    private readonly start: () => ChildProcess,
    private readonly stopping: AbortSignal,
  ) {
    this.done = this.keep();
  }

  private async keep(): Promise<void> {
    while (!this.stopping.aborted) {
      const startedAt = Date.now();
      const child = this.start();
      this.running = child;
      const how = await new Promise<string>((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
      });
      this.running = undefined;
      if (this.stopping.aborted) return;
      this.failures = Date.now() - startedAt > STABLE_AFTER_MS ? 1 : this.failures + 1;
      const waitMs = Math.min(500 * 2 ** (this.failures - 1), RESTART_MAX_MS);
      log.error(`the ${this.name} process ended (${how}); starting it again`, { waitMs });
      await sleep(waitMs, undefined, { signal: this.stopping }).catch(() => undefined);
    }
  }

  async stop(): Promise<void> {
    this.running?.kill("SIGTERM");
    const timer = setTimeout(() => this.running?.kill("SIGKILL"), STOP_WAIT_MS);
    await this.done;
    clearTimeout(timer);
  }
}

/** What the children see: the app's role only, never the owner's URL; the launcher's own settings are settled. */
function environmentOf(env: Env, open: OpenDatabase, options: LaunchOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: undefined, // said, not left out: cluster.fork fills in from this process what isn't there
    NODE_ENV: options.isDev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    NEXTAUTH_URL: env.url,
    PORT: String(env.port),
    REEVE_HOST: env.host,
    REEVE_URL: env.url,
    REEVE_DATA: env.dataDirectory,
    REEVE_APP_DATABASE_URL: open.appUrl,
    REEVE_PRELOAD: "1",
  };
}

/** How one more web process starts. In production all of them share the port through this process, which hands connections out in turn. */
function webStarter(env: Env, options: LaunchOptions, environment: NodeJS.ProcessEnv): () => ChildProcess {
  const next = path.join(options.root, "node_modules/next/dist/bin/next");
  const preload = `file://${path.join(options.root, "scripts/preload.mjs")}`;
  const args = [options.isDev ? "dev" : "start", "--port", String(env.port), "--hostname", env.host];
  if (options.isDev) {
    const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ""} --import ${preload}`;
    const stdio = ["ignore", "inherit", "inherit", "ipc"] as const;
    return () => spawn(process.execPath, [next, ...args], { cwd: options.root, env: { ...environment, NODE_OPTIONS }, stdio: [...stdio], detached: true });
  }
  const execArgv = ["--import", preload, "--enable-source-maps", `--max-semi-space-size=${YOUNG_MB}`];
  cluster.setupPrimary({ exec: next, args, execArgv, cwd: options.root, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  answerScrapes();
  return () => cluster.fork(environment).process;
}

function spawnWorker(options: LaunchOptions, environment: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ["--conditions", "react-server", "--enable-source-maps", path.join(options.bundles, "worker.mjs")], {
    cwd: options.root,
    env: environment,
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
}

// ── the way there ───────────────────────────────────────────────────────────────────────────────────────────────────

async function waitForPort(env: Env, stopping: AbortSignal): Promise<void> {
  const deadline = Date.now() + PORT_WAIT_MS;
  for (;;) {
    const code = await new Promise<string | undefined>((resolve) => {
      const probe = net.createServer();
      probe.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      probe.listen(env.port, env.host, () => probe.close(() => resolve(undefined)));
    });
    if (!code || stopping.aborted) return;
    if (code !== "EADDRINUSE") throw new StartError(`REEVE_HOST and PORT (${env.host}, ${env.port}) can't be listened on: ${code}.`);
    if (Date.now() > deadline) throw new StartError(`The port ${env.port} is in use by another program. Stop it, or set PORT to another one.`);
    await sleep(250);
  }
}

async function untilReady(env: Env, web: Child, stopping: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_WAIT_MS;
  const host = { "0.0.0.0": "127.0.0.1", "::": "[::1]" }[env.host] ?? (env.host.includes(":") ? `[${env.host}]` : env.host);
  while (!stopping.aborted) {
    const answer = await fetch(`http://${host}:${env.port}/api/health/ready`).catch(() => undefined);
    if (answer?.ok) return;
    if (web.failures >= 3) throw new StartError("The web server doesn't start; the lines above say why.");
    if (Date.now() > deadline) throw new StartError(`The web server doesn't answer after ${READY_WAIT_MS / 1000} s.`);
    await sleep(150);
  }
}

function announce(env: Env, open: OpenDatabase, link: string | undefined, sealed: AppError | undefined): void {
  const { version } = JSON.parse(fs.readFileSync("package.json", "utf8")) as { version: string };
  const database = open.embedded
    ? `embedded PostgreSQL in ${path.join(env.dataDirectory, "pg")}${open.embedded.isAdopted ? " (was still running; taken over)" : ""}`
    : `PostgreSQL at ${new URL(open.ownerUrl).host}`;
  const lines = [`Reeve ${version} is ready at ${env.url}`, `  database  ${database}`];
  if (link) lines.push(`  set up    ${link}`, "            (works once, within 24 hours; the next start makes a new one)");
  if (sealed) lines.push(`  sealed    ${wholeReason(sealed)}`);
  console.log(lines.join("\n")); // at once: who waits for the first line has them all
}
