import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import pg from "pg";
import { type Reeve, startReeve } from "../../fixtures";

// The unmodified zenml client of the test environment, with a home of its own for each user of it.

const ROOT = path.resolve(import.meta.dirname, "../../..");
export const VENV = process.env.REEVE_ZENML_VENV ?? path.join(ROOT, ".cache", "zenml-venv");

/** How the browser tests hand on the Reeve that they started; it serves here too. */
const REEVE_VARIABLE = "REEVE_E2E";

export type Result = { code: number; output: string };

/** A Reeve for the file's tests: the one that an outer process already started, or one of our own. */
export async function openReeve(): Promise<Reeve & { stop: () => Promise<void> }> {
  const given = process.env[REEVE_VARIABLE];
  return given ? { ...(JSON.parse(given) as Reeve), stop: async () => undefined } : startReeve();
}

export type Account = { name: string; workspace: string; role: string };

/** Applies a set-up to the running installation with `reeve apply`; gives a function that reads the files which that wrote beside it. */
export function applySetup(reeve: Reeve, setup: object): (file: string) => string {
  const folder = fs.mkdtempSync(path.join(reeve.files, "setup-"));
  const file = path.join(folder, "setup.json");
  fs.writeFileSync(file, JSON.stringify({ organization: "Acme", ...setup }), { mode: 0o600 });
  execFileSync(process.execPath, ["scripts/reeve.mjs", "apply", file], {
    cwd: ROOT,
    env: { ...process.env, REEVE_DATA: reeve.dataDirectory, NODE_ENV: "production" },
    stdio: "pipe",
  });
  return (name) => fs.readFileSync(path.join(folder, name), "utf8").trim();
}

/** Makes service accounts; gives their keys by name. */
export function addServiceAccounts(reeve: Reeve, accounts: readonly Account[]): Record<string, string> {
  const workspaces = [...new Set(accounts.map((account) => account.workspace))].map((name) => ({ name }));
  const written = applySetup(reeve, { workspaces, serviceAccounts: accounts.map((account) => ({ ...account, keyFile: `./${account.name}.key` })) });
  return Object.fromEntries(accounts.map(({ name }) => [name, written(`${name}.key`)]));
}

export type ZenmlClient = {
  /** Runs a script of this folder. */
  python: (script: string, ...args: string[]) => Promise<Result>;
  zenml: (...args: string[]) => Promise<Result>;
  /** Starts a command that waits for something; gives the process, what it has printed so far, and its end. */
  start: (...args: string[]) => { process: ChildProcess; printed: () => string; end: Promise<number> };
  /** The folder of its configuration, artifacts and scripts. */
  home: string;
};

/**
 * A client whose configuration and artifact store lie in `home`. With a key it logs in by environment variables, as CI does; without
 * one it is what somebody has who never logged in.
 */
export function zenmlClient(home: string, login: { url: string; key: string } | undefined, more: Record<string, string> = {}): ZenmlClient {
  const work = path.join(home, "work");
  fs.mkdirSync(work, { recursive: true });
  for (const file of fs.readdirSync(import.meta.dirname))
    if (file.endsWith(".py")) fs.copyFileSync(path.join(import.meta.dirname, file), path.join(work, file));
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: process.env.NODE_ENV,
    PATH: `${path.join(VENV, "bin")}:${process.env.PATH}`,
    HOME: home,
    COLUMNS: "300",
    NO_COLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    ZENML_ANALYTICS_OPT_IN: "false",
    ZENML_CONFIG_PATH: path.join(home, "config"),
    ZENML_LOCAL_STORES_PATH: path.join(home, "stores"),
    ZENML_LOGGING_COLORS_DISABLED: "true",
    AUTO_OPEN_DASHBOARD: "false",
    ...(login ? { ZENML_STORE_URL: login.url, ZENML_STORE_API_KEY: login.key } : {}),
    ...more,
  };
  const run = (command: string, args: string[]): Promise<Result> =>
    new Promise((resolve) => {
      execFile(path.join(VENV, "bin", command), args, { cwd: work, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
        resolve({ code: error ? (typeof error.code === "number" ? error.code : 1) : 0, output: stdout + stderr }),
      );
    });
  const start: ZenmlClient["start"] = (...args) => {
    const child = spawn(path.join(VENV, "bin", "zenml"), args, { cwd: work, env: { ...env, BROWSER: "true" }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
    return { process: child, printed: () => output, end: new Promise((resolve) => child.once("exit", (code) => resolve(code ?? 1))) };
  };
  return { home, start, python: (script, ...args) => run("python", [script, ...args]), zenml: (...args) => run("zenml", args) };
}

export type Wire = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<{ status: number; body: unknown }>;

/** Plain calls of the wire with a token of the key, for what the client doesn't do by itself (many at once, wrong values). */
export async function wireOf(url: string, key: string): Promise<Wire> {
  const login = await fetch(`${url}/api/v1/login`, { method: "POST", body: new URLSearchParams({ grant_type: "zenml-api-key", password: key }) });
  const { access_token: token } = (await login.json()) as { access_token: string };
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as unknown };
  };
}

/** Looks into the database past row-level security. */
export async function rows<T extends pg.QueryResultRow>(reeve: Reeve, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: reeve.ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}
