import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

// The launcher as an operator meets it: one start after the other on one data folder, ended in every way there is.

const ROOT = path.resolve(import.meta.dirname, "../..");
const SETUP = {
  organization: "Acme",
  workspaces: [{ name: "fraud-detection" }],
  users: [{ email: "ada@example.com", name: "Ada", password: "tulip-Orbit-94-canyon", grants: [{ role: "system-admin" }] }],
  serviceAccounts: [{ name: "ci", workspace: "fraud-detection", role: "contributor", keyFile: "ci.key" }],
};

let folder: string;
let port: number;
let setupFile: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-start-"));
  fs.chmodSync(folder, 0o711);
  setupFile = path.join(folder, "setup.json");
  fs.writeFileSync(setupFile, JSON.stringify(SETUP), { mode: 0o600 });
  port = await new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port: free } = server.address() as net.AddressInfo;
      server.close(() => resolve(free));
    });
  });
});
afterAll(async () => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) await ended(child, "SIGTERM");
  fs.rmSync(folder, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  output(): string;
}

function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => name === "REEVE_DIST_DIR" || !/^(REEVE_|DATABASE_URL$|PORT$|NODE_ENV$|VITEST)/.test(name));
  return { ...Object.fromEntries(inherited), NODE_ENV: "production", PORT: String(port), REEVE_DATA: path.join(folder, "data"), ...extra };
}

function start(extra: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, ["scripts/start.mjs"], { cwd: ROOT, env: environment(extra), stdio: ["ignore", "pipe", "pipe"] });
  children.push(child);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
  return { child, output: () => output };
}

async function ready(started: Started): Promise<void> {
  await expect.poll(() => `${started.child.exitCode ?? ""}${started.output()}`, { timeout: 180_000, interval: 100 }).toMatch(/is ready at|^\d/);
  expect(started.output()).toContain("is ready at");
}

function ended(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("exit", (code) => resolve(code));
    if (signal) child.kill(signal);
  });
}

/** Process ids of everything that belongs to the data folder or was started by the launcher. */
function processes(launcher: number): { web: number[]; worker: number; database: number } {
  const find = (test: (line: string) => boolean) =>
    execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
      .split("\n")
      .filter(test)
      .map((line) => Number(line.trim().split(/\s+/)[0]));
  const child = (line: string, text: RegExp) => new RegExp(`^\\s*\\d+\\s+${launcher}\\s`).test(line) && text.test(line);
  return {
    web: find((line) => child(line, /next/)),
    worker: find((line) => child(line, /worker/))[0] ?? Number.NaN,
    database: Number(fs.readFileSync(path.join(folder, "data", "pg", "data", "postmaster.pid"), "utf8").split("\n")[0]),
  };
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const answer = (where: string) =>
  fetch(`http://127.0.0.1:${port}${where}`).then(
    (response) => response.status,
    () => 0,
  );

const METRICS_TOKEN = "scrape-0123456789";
/** How many processes a scrape adds up, by a limit that each of them has; the database's own figures stand in it once. */
async function scrapedProcesses(web: number): Promise<number> {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(fs.readFileSync(`/proc/${web}/limits`, "utf8"))?.[1]);
  const response = await fetch(`http://127.0.0.1:${port}/api/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  const text = await response.text();
  expect(text.match(/^reeve_database_up 1$/gm)).toHaveLength(1);
  return Number(/^process_max_fds (\d+)$/m.exec(text)?.[1]) / limit;
}

it("starts, keeps what a kill -9 of each part leaves behind, and stops without a trace", async () => {
  const several = { REEVE_SETUP_FILE: setupFile, REEVE_WEB_PROCESSES: "2" };
  const first = start(several);
  await ready(first);
  expect(first.output()).toContain("create organization Acme");
  expect(first.output()).not.toContain("/setup#");
  expect(fs.statSync(path.join(folder, "ci.key")).mode & 0o777).toBe(0o600);
  expect(await Promise.all(["/api/health", "/api/health/ready", "/fraud-detection/health", "/fraud-detection/ready", "/api/metrics"].map(answer))).toEqual([
    200, 200, 200, 200, 404,
  ]);

  const second = start({ PORT: String(port + 1) });
  expect(await ended(second.child)).toBe(1);
  expect(second.output()).toMatch(/Reeve is already running on .*data\. Stop it first/);
  expect(await answer("/api/health/ready")).toBe(200);

  const before = processes(first.child.pid as number);
  expect(before.web).toHaveLength(2);
  for (const pid of before.web) process.kill(pid, "SIGKILL");
  process.kill(before.worker, "SIGKILL");
  await expect.poll(() => processes(first.child.pid as number).web.filter((pid) => !before.web.includes(pid)), { timeout: 30_000 }).toHaveLength(2);
  await expect.poll(() => answer("/api/health/ready"), { timeout: 30_000 }).toBe(200);
  process.kill(before.database, "SIGKILL");
  await expect.poll(() => first.output(), { timeout: 60_000 }).toContain("the database ended by itself");
  await expect.poll(() => answer("/api/health/ready"), { timeout: 60_000, interval: 200 }).toBe(200);

  const left = processes(first.child.pid as number);
  await ended(first.child, "SIGKILL");
  await expect.poll(() => [...left.web, left.worker].some(isAlive), { timeout: 15_000 }).toBe(false);
  expect(isAlive(left.database)).toBe(true);

  const third = start({ ...several, REEVE_METRICS_TOKEN: METRICS_TOKEN });
  await ready(third);
  expect(third.output()).toMatch(/was still running; taken over/);
  expect(third.output()).toMatch(/was applied on/);
  const last = processes(third.child.pid as number);
  expect(last.database).toBe(left.database);
  await expect.poll(() => scrapedProcesses(last.web[0] as number), { timeout: 30_000 }).toBe(2);
  expect(await ended(third.child, "SIGINT")).toBe(0);
  expect([...last.web, last.worker, last.database].filter(isAlive)).toEqual([]);
});

it("applies a set-up file while nothing runs, and plans without changing", async () => {
  const reeve = (...args: string[]) => execFileSync(process.execPath, ["scripts/reeve.mjs", ...args], { cwd: ROOT, env: environment(), encoding: "utf8" });
  expect(reeve("apply", setupFile)).toContain("Nothing to change.");
  const other = path.join(folder, "other.json");
  fs.writeFileSync(other, JSON.stringify({ ...SETUP, workspaces: [...SETUP.workspaces, { name: "churn" }] }), { mode: 0o600 });
  expect(reeve("apply", other, "--plan")).toMatch(/This would change:\n {2}create workspace churn/);
  expect(reeve("apply", other)).toMatch(/Changed:\n {2}create workspace churn/);
  expect(reeve("apply", other)).toContain("Nothing to change.");
  expect(() => execFileSync(process.execPath, ["scripts/reeve.mjs", "aply"], { cwd: ROOT, env: environment(), stdio: "pipe" })).toThrow(
    /There is no command aply/,
  );
});

it("starts sealed without the master key: all but values works, and the key that is put back opens them at once", async () => {
  const first = start({ REEVE_SETUP_FILE: setupFile });
  await ready(first);
  const api = (where: string) => `http://127.0.0.1:${port}/fraud-detection/api/v1${where}`;
  const login = async () => {
    const form = new URLSearchParams({ grant_type: "zenml-api-key", password: fs.readFileSync(path.join(folder, "ci.key"), "utf8").trim() });
    const response = await fetch(api("/login"), { method: "POST", body: form });
    return ((await response.json()) as { access_token: string }).access_token;
  };
  const token = await login();
  const call = async (method: string, where: string, body?: unknown, as = token) => {
    const headers = { authorization: `Bearer ${as}`, ...(body === undefined ? {} : { "content-type": "application/json" }) };
    const response = await fetch(api(where), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
    return { status: response.status, text: await response.text() };
  };
  const made = await call("POST", "/secrets", { name: "lake", private: false, values: { password: "s3cret-of-the-lake" } });
  expect(made.status, made.text).toBe(200);
  const secret = `/secrets/${(JSON.parse(made.text) as { id: string }).id}`;
  expect((await call("GET", secret)).text).toContain("s3cret-of-the-lake");
  await ended(first.child, "SIGINT");

  const keyFile = path.join(folder, "data", "keys", "master.key");
  fs.renameSync(keyFile, `${keyFile}.away`);
  const sealed = start({ REEVE_METRICS_TOKEN: METRICS_TOKEN });
  await ready(sealed);
  expect(sealed.output()).toMatch(/sealed {4}The master key is missing.*Put back /);
  const health = await fetch(`http://127.0.0.1:${port}/api/health/ready`);
  expect([health.status, await health.json()]).toEqual([200, { status: "ok", secrets: "sealed" }]);
  const scrape = await fetch(`http://127.0.0.1:${port}/api/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(await scrape.text()).toMatch(/^reeve_sealed 1$/m);
  // A token from before still holds, a new login works, names are listed, things are made: values alone wait.
  expect((await call("GET", "/secrets")).text).toContain("lake");
  expect((await call("POST", "/tags", { name: "made-while-sealed" }, await login())).status).toBe(200);
  for (const answer of [await call("GET", secret), await call("POST", "/secrets", { name: "other", private: false, values: { a: "b" } })]) {
    expect(answer.status, answer.text).toBe(503);
    expect(answer.text).toContain("master key");
    expect(answer.text).not.toContain("s3cret");
  }
  fs.renameSync(`${keyFile}.away`, keyFile);
  expect((await call("GET", secret)).text).toContain("s3cret-of-the-lake");
  expect(await (await fetch(`http://127.0.0.1:${port}/api/health/ready`)).json()).toEqual({ status: "ok" });
  expect(await ended(sealed.child, "SIGINT")).toBe(0);
});

it.each([
  [{ PORT: "eighty" }, /^PORT has to be a number/],
  [{ REEVE_HOST: "0.0.0.0" }, /^REEVE_HOST is 0\.0\.0\.0/],
  [{ REEVE_URL: "http://reeve.example.com" }, /REEVE_INSECURE_HTTP=1/],
  [{ DATABASE_URL: "postgresql://nobody:secret-word@127.0.0.1:1/none" }, /^The database of DATABASE_URL can't be entered/],
  [{ REEVE_SETUP_FILE: "/nowhere/setup.json" }, /there is no file \/nowhere\/setup\.json/],
])("stops with a sentence: %j", async (extra, sentence) => {
  const started = start(extra as Record<string, string>);
  expect(await ended(started.child)).toBe(1);
  expect(started.output()).toMatch(new RegExp(sentence.source, "m"));
  expect(started.output()).not.toMatch(/secret-word|\n {4}at /);
});
