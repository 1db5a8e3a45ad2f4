/*
 * npm run bench: starts the built product on a database of its own (durable, as in production), fills it, and measures two lists at
 * several sizes beside a floor: the smallest Next server that reads twenty rows. Everything is on loopback and is removed afterwards.
 *   --large     also a million runs
 *   --plans     prints the plan of each list's slowest statement
 *   --seconds n how long one figure may take (6)
 */
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import pg from "pg";
import { closeDatabase } from "@/db/client";
import { openSession } from "@/lib/identity/start-session";
import { loadActor } from "@/lib/identity/actor";
import { ask } from "@/lib/kernel/query";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { countRuns } from "@/lib/runs/count-runs";
import { listRuns } from "@/lib/runs/list-runs";
import { openDatabase } from "@/lib/setup/open-database";
import { serveZenml } from "@/lib/wire/zenml/serve";
import { findWorkspace } from "@/lib/workspaces/find-workspace";
import { type Explained, explain, statementsOf } from "./explain";
import { fill, type Plot } from "./fill";
import { type Measured, measure, type Target } from "./load";

const { values: options } = parseArgs({
  options: {
    large: { type: "boolean", default: false },
    plans: { type: "boolean", default: false },
    seconds: { type: "string", default: "6" },
    sizes: { type: "string" },
  },
});
const SIZES = options.sizes ? options.sizes.split(",").map(Number) : options.large ? [1_000, 20_000, 100_000, 1_000_000] : [1_000, 20_000, 100_000];
const SECONDS = Number(options.seconds);
const CLIENTS = [1, 16];
const MAX_REQUESTS = 2_000;
const WARM_UP = 60;
const READY_MS = 300_000;
const SLUG = "bench";
const PERSON = "bench@example.com";

const root = path.resolve(import.meta.dirname, "../..");
const directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-bench-"));
fs.chmodSync(directory, 0o711); // the database runs as another user when we are root
const children: ChildProcess[] = [];
let isEnding = false;

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(130));

try {
  await bench();
  await end(0);
} catch (error) {
  console.error(isEnding ? "" : error);
  await end(1);
}

async function bench(): Promise<void> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const setupFile = writeSetupFile();
  Object.assign(process.env, { REEVE_DATA: path.join(directory, "data"), PORT: String(port), REEVE_HOST: "127.0.0.1", REEVE_URL: url });
  for (const name of ["DATABASE_URL", "REEVE_APP_DATABASE_URL", "REEVE_MASTER_KEY", "REEVE_SIGNING_KEY"]) delete process.env[name];
  console.log("Building and starting Reeve …");
  const launcher = spawn(process.execPath, [path.join(root, "scripts/start.mjs")], {
    cwd: root,
    env: { ...process.env, REEVE_SETUP_FILE: setupFile },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(launcher);
  await until(`${url}/api/health/ready`);

  const { ownerUrl, appUrl, embedded } = await openDatabase(); // takes over the one that runs
  if (!embedded) throw new Error("the bench runs on an embedded database of its own");
  process.env.REEVE_APP_DATABASE_URL = appUrl;
  const superuser = new pg.Client({ connectionString: embedded.urlOf("superuser", "reeve") });
  superuser.on("error", (error) => console.error(isEnding ? "" : error)); // the database is stopped under it at an interrupt
  await superuser.connect();
  const { plot, other, personId } = await plots(superuser);

  console.log("Building and starting the floor …");
  const floorPort = await freePort();
  await buildFloor();
  const floor = spawn(
    process.execPath,
    [path.join(root, "node_modules/next/dist/bin/next"), "start", path.join(root, "bench/floor"), "--port", String(floorPort), "--hostname", "127.0.0.1"],
    {
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", FLOOR_DATABASE_URL: ownerUrl, FLOOR_PROJECT: plot.projectId },
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  children.push(floor);
  await until(`http://127.0.0.1:${floorPort}/rows`);

  const token = await login(url);
  const session = await openSession(personId, "bench", systemContext("ui"));
  const wire = `/${SLUG}/api/v1/runs?project=${plot.projectId}&size=20`;
  const web = webProcessOf(launcher.pid);
  const targets: Target[] = [
    { name: "floor: route", url: `http://127.0.0.1:${floorPort}/rows`, pid: floor.pid },
    { name: "wire: runs?size=20", url: `${url}${wire}`, headers: { authorization: `Bearer ${token}`, "user-agent": "zenml/0.98.0" }, pid: web },
    { name: "floor: page", url: `http://127.0.0.1:${floorPort}/page`, pid: floor.pid },
    { name: "page: runs", url: `${url}/${SLUG}/projects/default/runs`, headers: { cookie: `reeve.session=${session.token}` }, pid: web },
  ];

  const first = new Map<string, Measured>();
  let filled = 0;
  for (const size of SIZES) {
    const began = performance.now();
    await fill(superuser, plot, filled + 1, size);
    await fill(superuser, other, Math.floor(filled / 10) + 1, Math.floor(size / 10));
    console.log(`\n## ${size.toLocaleString("en")} runs (filled in ${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
    filled = size;
    await table(targets, size, first);
    await reads(appUrl, plot, personId, wire, token);
  }
  await superuser.end();
  await closeDatabase();
}

/** Prints one row per target and number of clients; the ratio is to the floor measured just before it. */
async function table(targets: readonly Target[], size: number, first: Map<string, Measured>): Promise<void> {
  console.log("| what | clients | requests | p50 ms | p95 ms | per s | CPU ms each | KB each | p95 ÷ floor | p50 against the smallest |");
  console.log("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
  for (const clients of CLIENTS) {
    let floor: Measured | undefined;
    for (const target of targets) {
      await measure(target, { clients, count: WARM_UP, seconds: SECONDS });
      const measured = await measure(target, { clients, count: MAX_REQUESTS, seconds: SECONDS });
      const isFloor = target.name.startsWith("floor");
      if (isFloor) floor = measured;
      const key = `${target.name} ${clients}`;
      if (!first.has(key)) first.set(key, measured);
      const growth = measured.p50Ms / (first.get(key) as Measured).p50Ms - 1;
      const ratio = isFloor || !floor ? "" : (measured.p95Ms / floor.p95Ms).toFixed(1);
      const cells = [
        target.name,
        clients,
        measured.count,
        measured.p50Ms.toFixed(1),
        measured.p95Ms.toFixed(1),
        measured.perSecond.toFixed(0),
        Number.isNaN(measured.cpuMs) ? "" : measured.cpuMs.toFixed(1),
        (measured.bytes / 1000).toFixed(0),
        ratio,
        size === SIZES[0] ? "" : `${growth >= 0 ? "+" : "−"}${Math.abs(growth * 100).toFixed(0)} %`,
      ];
      console.log(`| ${cells.join(" | ")} |`);
    }
  }
}

/** Prints what one request of each list reads. */
async function reads(appUrl: string, plot: Plot, personId: string, wire: string, token: string): Promise<void> {
  const workspace = await findWorkspace(SLUG);
  const actor = await inScope([], (tx) => loadActor(tx, personId, { kind: "session", id: "bench", label: "bench" }));
  if (!workspace || !actor) throw new Error("the bench's workspace or person is missing");
  const context = { actor, workspace, request: systemContext("ui") };
  const cases: [string, () => Promise<unknown>][] = [
    [
      "page: runs, its list and counts",
      async () => {
        await ask(listRuns, context, { projectId: plot.projectId, conditions: [], sort: { field: "started", direction: "desc" }, limit: 50 });
        await ask(countRuns, context, { projectId: plot.projectId });
      },
    ],
    ["wire: runs?size=20", async () => serveZenml(new Request(`http://127.0.0.1${wire}`, { headers: { authorization: `Bearer ${token}` } }))],
  ];
  console.log("\n| request | statements | executing ms | planning ms | buffers hit | read | the slowest |");
  console.log("|---|---:|---:|---:|---:|---:|---|");
  const slowest: [string, Explained][] = [];
  for (const [name, work] of cases) {
    await work(); // what is loaded once per process isn't part of a request
    const explained = await explain(appUrl, plot.workspaceId, await statementsOf(work));
    const sum = (pick: (item: Explained) => number) => explained.reduce((total, item) => total + pick(item), 0);
    const worst = explained.reduce((left, right) => (left.ms >= right.ms ? left : right));
    slowest.push([name, worst]);
    console.log(
      `| ${name} | ${explained.length} | ${sum((item) => item.ms).toFixed(2)} | ${sum((item) => item.planningMs).toFixed(2)} | ${sum((item) => item.hit)} | ${sum((item) => item.read)} | ${worst.ms.toFixed(2)} ms: \`${worst.text.slice(0, 70).replaceAll("|", "\\|")}…\` |`,
    );
  }
  if (options.plans) for (const [name, { text, plan }] of slowest) console.log(`\n### ${name}\n\n\`\`\`\n${text}\n\n${plan}\n\`\`\``);
}

// ── the installation ────────────────────────────────────────────────────────────────────────────────────────────────

function writeSetupFile(): string {
  const file = path.join(directory, "setup.json");
  const people = ["ada", "grace", "linus", "margaret"].map((name) => ({ email: `${name}@example.com`, name, grants: [{ role: "viewer", workspace: SLUG }] }));
  const setup = {
    organization: "Bench",
    workspaces: [{ name: SLUG }, { name: "other" }],
    users: [
      { email: "admin@example.com", name: "Admin", grants: [{ role: "system-admin" }] },
      { email: PERSON, name: "Bench", grants: [{ role: "contributor", workspace: SLUG }] },
      ...people,
    ],
    serviceAccounts: [{ name: "ci", workspace: SLUG, role: "contributor", keyFile: "ci.key" }],
  };
  fs.writeFileSync(file, JSON.stringify(setup), { mode: 0o600 });
  return file;
}

async function plots(client: pg.Client): Promise<{ plot: Plot; other: Plot; personId: string }> {
  const { rows: people } = await client.query<{ id: string; email: string | null }>("select id, email from reeve.principal order by created_at, id");
  const { rows } = await client.query<{ slug: string; workspace: string; project: string; stack: string; store: string }>(
    `select w.slug, w.id as workspace, p.id as project, s.id as stack, c.id as store from reeve.workspace w join reeve.project p on p.workspace_id = w.id
       join reeve.stack s on s.workspace_id = w.id join reeve.component c on c.workspace_id = w.id and c.type = 'artifact_store'`,
  );
  const plotOf = (slug: string): Plot => {
    const row = rows.find((candidate) => candidate.slug === slug);
    if (!row) throw new Error(`the workspace ${slug} is missing`);
    return { workspaceId: row.workspace, projectId: row.project, stackId: row.stack, storeId: row.store, people: people.map((person) => person.id) };
  };
  const personId = people.find((person) => person.email === PERSON)?.id;
  if (!personId) throw new Error("the bench's person is missing");
  return { plot: plotOf(SLUG), other: plotOf("other"), personId };
}

async function login(url: string): Promise<string> {
  const key = fs.readFileSync(path.join(directory, "ci.key"), "utf8").trim();
  const response = await fetch(`${url}/${SLUG}/api/v1/login`, { method: "POST", body: new URLSearchParams({ grant_type: "zenml-api-key", password: key }) });
  if (!response.ok) throw new Error(`logging in answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

// ── processes ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The web server among the launcher's children (Linux; undefined elsewhere). */
function webProcessOf(launcher: number | undefined): number | undefined {
  try {
    const pids = fs.readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8").trim().split(" ").map(Number);
    return pids.find((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("next-server"));
  } catch {
    return undefined;
  }
}

async function buildFloor(): Promise<void> {
  const child = spawn(process.execPath, [path.join(root, "node_modules/next/dist/bin/next"), "build", path.join(root, "bench/floor")], {
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(child);
  const code = await new Promise((resolve) => child.once("exit", resolve));
  if (code !== 0) throw new Error("the floor could not be built");
}

async function until(url: string): Promise<void> {
  const deadline = Date.now() + READY_MS;
  for (;;) {
    if ((await fetch(url).catch(() => undefined))?.ok) return;
    if (children.some((child) => child.exitCode !== null && child.exitCode !== 0)) throw new Error("a server ended before it was ready");
    if (Date.now() > deadline) throw new Error(`${url} doesn't answer`);
    await sleep(250);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

/** Stops what was started, removes the folder, ends. */
async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.all(
    children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    }),
  );
  fs.rmSync(directory, { recursive: true, force: true });
  process.exit(code);
}
