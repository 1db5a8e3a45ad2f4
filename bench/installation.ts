import "server-only";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { openSession } from "@/lib/identity/start-session";
import { systemContext } from "@/lib/kernel/request";
import { openDatabase } from "@/lib/setup/open-database";
import { installCounters, requestCounters } from "./reads";
import type { Plot } from "./fill";
import { PROJECT, WORKSPACE } from "./things";

// The built product and the floor, each on a port of its own, on a database that waits for the disk as in production. Everything is on
// loopback, below one folder, and is removed at the end.

const READY_MS = 300_000;
const PERSON = "bench@example.com";
const root = path.resolve(import.meta.dirname, "../..");

export type Installation = {
  url: string;
  floorUrl: string;
  /** The servers' processes; empty where they can't be found. */
  web: number[];
  floor: number[];
  superuser: pg.Client;
  ownerUrl: string;
  /** The project that is measured, and one of another workspace. */
  plot: Plot;
  other: Plot;
  /** Headers of a person's session, and of a service account's token. */
  session: Record<string, string>;
  token: Record<string, string>;
  key: string;
  /** Where files may be put. */
  directory: string;
};

const directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-bench-"));
fs.chmodSync(directory, 0o711); // the database runs as another user when we are root
const children: ChildProcess[] = [];
let isEnding = false;

/** Builds and starts Reeve and the floor. */
export async function install(): Promise<Installation> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const setupFile = writeSetupFile();
  Object.assign(process.env, { REEVE_DATA: path.join(directory, "data"), PORT: String(port), REEVE_HOST: "127.0.0.1", REEVE_URL: url });
  for (const name of ["DATABASE_URL", "REEVE_APP_DATABASE_URL", "REEVE_MASTER_KEY", "REEVE_SIGNING_KEY"]) delete process.env[name];
  await withReeve(url, { REEVE_SETUP_FILE: setupFile }, requestCounters);
  const launcher = await startReeve(url, {});
  const { ownerUrl, appUrl, superuser } = await openAsSuperuser();
  process.env.REEVE_APP_DATABASE_URL = appUrl;
  await installCounters(superuser);
  const { plot, other, personId } = await plots(superuser);

  console.log("Building and starting the floor …");
  const floorPort = await freePort();
  const floorUrl = `http://127.0.0.1:${floorPort}`;
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
  await until(`${floorUrl}/rows`);

  const key = fs.readFileSync(path.join(directory, "ci.key"), "utf8").trim();
  const session = await openSession(personId, "bench", systemContext("ui"));
  return {
    url,
    floorUrl,
    web: webProcessesOf(launcher.pid),
    floor: floor.pid ? [floor.pid] : [],
    superuser,
    ownerUrl,
    plot,
    other,
    session: { cookie: `reeve.session=${session.token}` },
    token: { authorization: `Bearer ${await login(url, key)}`, "user-agent": "zenml/0.98.0" },
    key,
    directory,
  };
}

/** Stops what was started, removes the folder, ends. */
export async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await Promise.all(children.map(stop));
  fs.rmSync(directory, { recursive: true, force: true });
  process.exit(code);
}

/** Whether the bench was told to stop: what fails then is no failure. */
export const wasStopped = (): boolean => isEnding;

async function startReeve(url: string, more: Record<string, string>): Promise<ChildProcess> {
  console.log("Building and starting Reeve …");
  const launcher = spawn(process.execPath, [path.join(root, "scripts/start.mjs")], {
    cwd: root,
    env: { ...process.env, ...more },
    stdio: ["ignore", "ignore", "inherit"],
  });
  children.push(launcher);
  await until(`${url}/api/health/ready`);
  return launcher;
}

/** Starts Reeve for one thing that needs a restart. */
async function withReeve(url: string, more: Record<string, string>, work: (superuser: pg.Client) => Promise<unknown>): Promise<void> {
  const launcher = await startReeve(url, more);
  const { superuser } = await openAsSuperuser();
  await work(superuser);
  await superuser.end();
  await stop(launcher);
}

async function openAsSuperuser() {
  const { ownerUrl, appUrl, embedded } = await openDatabase(); // takes over the one that runs
  if (!embedded) throw new Error("the bench runs on an embedded database of its own");
  const superuser = new pg.Client({ connectionString: embedded.urlOf("superuser", "reeve") });
  superuser.on("error", (error) => console.error(isEnding ? "" : error)); // the database is stopped under it at an interrupt
  await superuser.connect();
  return { ownerUrl, appUrl, superuser };
}

function writeSetupFile(): string {
  const file = path.join(directory, "setup.json");
  const people = ["ada", "grace", "linus", "margaret"].map((name) => ({
    email: `${name}@example.com`,
    name,
    grants: [{ role: "viewer", workspace: WORKSPACE }],
  }));
  const setup = {
    organization: "Bench",
    workspaces: [{ name: WORKSPACE }, { name: "other" }],
    users: [
      { email: "admin@example.com", name: "Admin", grants: [{ role: "system-admin" }] },
      { email: PERSON, name: "Bench", grants: [{ role: "workspace-admin", workspace: WORKSPACE }, { role: "auditor" }] },
      ...people,
    ],
    serviceAccounts: [{ name: "ci", workspace: WORKSPACE, role: "contributor", keyFile: "ci.key" }],
  };
  fs.writeFileSync(file, JSON.stringify(setup), { mode: 0o600 });
  return file;
}

async function plots(client: pg.Client): Promise<{ plot: Plot; other: Plot; personId: string }> {
  const { rows: people } = await client.query<{ id: string; email: string | null }>("select id, email from reeve.principal order by created_at, id");
  const { rows } = await client.query<{ slug: string; organization: string; workspace: string; project: string; stack: string; store: string }>(
    `select w.slug, w.organization_id as organization, w.id as workspace, p.id as project, s.id as stack, c.id as store
     from reeve.workspace w join reeve.project p on p.workspace_id = w.id and p.name = '${PROJECT}'
       join reeve.stack s on s.workspace_id = w.id join reeve.component c on c.workspace_id = w.id and c.type = 'artifact_store'`,
  );
  const plotOf = (slug: string): Plot => {
    const row = rows.find((candidate) => candidate.slug === slug);
    if (!row) throw new Error(`the workspace ${slug} is missing`);
    return {
      organizationId: row.organization,
      workspaceId: row.workspace,
      projectId: row.project,
      stackId: row.stack,
      storeId: row.store,
      people: people.map((person) => person.id),
    };
  };
  const personId = people.find((person) => person.email === PERSON)?.id;
  if (!personId) throw new Error("the bench's person is missing");
  return { plot: plotOf(WORKSPACE), other: plotOf("other"), personId };
}

async function login(url: string, key: string): Promise<string> {
  const response = await fetch(`${url}/${WORKSPACE}/api/v1/login`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "zenml-api-key", password: key }),
  });
  if (!response.ok) throw new Error(`logging in answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** The web server's processes among the launcher's children (Linux; none elsewhere). */
function webProcessesOf(launcher: number | undefined): number[] {
  try {
    const pids = fs.readFileSync(`/proc/${launcher}/task/${launcher}/children`, "utf8").trim().split(" ").map(Number);
    return pids.filter((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").startsWith("next-server"));
  } catch {
    return [];
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

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await gone;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
