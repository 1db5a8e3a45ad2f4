import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

// A whole Reeve for tests that look from outside: the built product on a free port, with a data folder of its own and a set-up file.
// Knows nothing of the product's code: only its commands, files and URLs.

export const ROOT = path.resolve(import.meta.dirname, "..");
const START_WAIT_MS = 300_000; // a first start builds the web server
const STOP_WAIT_MS = 20_000;

export type Person = { email: string; name: string; password: string };
export type PersonId = "viewer" | "contributor" | "workspaceAdmin" | "systemAdmin" | "auditor" | "outsider" | "mover";

export const WORKSPACE = "fraud-detection";
export const OTHER_WORKSPACE = "churn";
/** Whose secrets move from store to store: no other test keeps any there. */
export const MOVED_WORKSPACE = "lending";

export const PEOPLE: Record<PersonId, Person> = {
  viewer: { email: "vera@acme.example", name: "Vera Lindqvist", password: "seven grey herons wade" },
  contributor: { email: "carlos@acme.example", name: "Carlos Mbeki", password: "nine brass kettles sing" },
  workspaceAdmin: { email: "wilma@acme.example", name: "Wilma Okafor", password: "three quiet harbours wait" },
  systemAdmin: { email: "sven@acme.example", name: "Sven Aalto", password: "eight paper lanterns drift" },
  auditor: { email: "aiko@acme.example", name: "Aiko Brandt", password: "four amber ledgers close" },
  outsider: { email: "oskar@acme.example", name: "Oskar Visser", password: "two distant bells answer" },
  mover: { email: "mina@acme.example", name: "Mina Duarte", password: "six patient ferries cross" },
};

const SETUP = {
  organization: "Acme",
  workspaces: [
    { name: WORKSPACE, displayName: "Fraud detection" },
    { name: OTHER_WORKSPACE, displayName: "Churn" },
    { name: MOVED_WORKSPACE, displayName: "Lending" },
  ],
  users: [
    { ...PEOPLE.viewer, grants: [{ role: "viewer", workspace: WORKSPACE }] },
    { ...PEOPLE.contributor, grants: [{ role: "contributor", workspace: WORKSPACE }] },
    { ...PEOPLE.workspaceAdmin, grants: [{ role: "workspace-admin", workspace: WORKSPACE }] },
    { ...PEOPLE.systemAdmin, grants: [{ role: "system-admin" }] },
    { ...PEOPLE.auditor, grants: [{ role: "auditor" }] },
    { ...PEOPLE.outsider, grants: [{ role: "contributor", workspace: OTHER_WORKSPACE }] },
    { ...PEOPLE.mover, grants: [{ role: "workspace-admin", workspace: MOVED_WORKSPACE }] },
  ],
  serviceAccounts: [
    { name: "ci", workspace: WORKSPACE, role: "contributor", keyFile: "./ci.key" },
    { name: "churn-ci", workspace: OTHER_WORKSPACE, role: "contributor", keyFile: "./churn-ci.key" },
  ],
};

export type Reeve = {
  /** What people type, without a slash at the end. */
  url: string;
  /** Where it listens: differs from `url` behind a proxy. */
  localUrl: string;
  /** The folder of REEVE_DATA; the set-up file and the keys lie in `files`. */
  dataDirectory: string;
  files: string;
  /** Where local artifact stores of WORKSPACE are read from. */
  artifactRoot: string;
  /** API keys by service account. */
  keys: { ci: string; churnCi: string };
  /** What the launcher prints for the first set-up, when there is no set-up file. */
  setupLink?: string;
  /** The database as its owner, past row-level security; embedded database only. */
  ownerUrl: string;
};

export type RunningReeve = Reeve & {
  /** Everything that the launcher, the web server and the worker printed. */
  output(): string;
  /** Ends all of it and removes its folders. */
  stop(): Promise<void>;
};

/** Starts one. `isSetUp` false leaves out the set-up file; `env` adds variables, such as REEVE_TRUSTED_PROXIES. */
export async function startReeve({ isSetUp = true, env = {} }: { isSetUp?: boolean; env?: Record<string, string> } = {}): Promise<RunningReeve> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "reeve-e2e-"));
  chmodSync(folder, 0o711); // the database may run as another user
  const files = mkdtempSync(path.join(folder, "files-"));
  const dataDirectory = path.join(folder, "data");
  const artifactRoot = path.join(files, "artifacts");
  mkdirSync(artifactRoot);
  const setupFile = path.join(files, "setup.json");
  if (isSetUp) writeFileSync(setupFile, JSON.stringify(SETUP, null, 2), { mode: 0o600 });
  const port = await freePort();
  const localUrl = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    cwd: ROOT,
    env: {
      ...withoutOurs(process.env),
      PORT: String(port),
      REEVE_DATA: dataDirectory,
      REEVE_LOCAL_ARTIFACT_ROOTS: `${WORKSPACE}=${artifactRoot}`,
      REEVE_ALLOW_NETWORKS: "127.0.0.0/8", // where the tests' own identity providers are
      ...(isSetUp ? { REEVE_SETUP_FILE: setupFile } : {}),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const stop = async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(
      () => output.includes("is ready at"),
      child,
      () => output,
    );
    if (!isSetUp)
      await until(
        () => /#\S+/.test(output),
        child,
        () => output,
      );
  } catch (error) {
    await stop();
    throw error;
  }
  const key = (name: string) => (isSetUp ? readFileSync(path.join(files, name), "utf8").trim() : "");
  return {
    url: env.REEVE_URL ?? localUrl,
    localUrl,
    dataDirectory,
    files,
    artifactRoot,
    keys: { ci: key("ci.key"), churnCi: key("churn-ci.key") },
    setupLink: /\S+\/setup#\S+/.exec(output)?.[0],
    ownerUrl: ownerUrlOf(dataDirectory),
    output: () => output,
    stop,
  };
}

/** The variables of whoever runs the tests, without what would change the Reeve that is started. */
function withoutOurs(source: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = ["REEVE_DIST_DIR", "REEVE_LOG_LEVEL"];
  return Object.fromEntries(
    Object.entries(source).filter(([name]) => kept.includes(name) || !/^(REEVE_|NEXTAUTH_|DATABASE_URL$|PORT$|NODE_ENV$|VITEST|TEST$)/.test(name)),
  ) as NodeJS.ProcessEnv;
}

function ownerUrlOf(dataDirectory: string): string {
  if (process.env.DATABASE_URL) return process.env.DATABASE_URL;
  const { owner } = JSON.parse(readFileSync(path.join(dataDirectory, "keys", "database.json"), "utf8")) as { owner: string };
  const socket =
    readFileSync(path.join(dataDirectory, "pg", "data", "postmaster.pid"), "utf8")
      .split("\n")[4]
      ?.trim() ?? "";
  return `postgresql://reeve_owner:${owner}@localhost:5432/reeve?${new URLSearchParams({ host: socket })}`;
}

async function until(isTrue: () => boolean, child: ChildProcess, output: () => string): Promise<void> {
  const deadline = Date.now() + START_WAIT_MS;
  while (!isTrue()) {
    if (child.exitCode !== null) throw new Error(`Reeve ended with ${child.exitCode} instead of starting:\n${output()}`);
    if (Date.now() > deadline) throw new Error(`Reeve did not start within ${START_WAIT_MS / 1000} s:\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_WAIT_MS);
  await exit;
  clearTimeout(timer);
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
