/*
 * npm run bench: starts the built product on a database of its own (durable, as in production), fills it, and measures every page and
 * wire call of `targets.ts` beside a floor, then the size of the pages' scripts and how a large graph moves. docs/performance.md says how to read it.
 *   --sizes a,b    how many runs (1000,20000,100000)
 *   --large        also a million runs
 *   --only text    only the rows whose name has the text, and only these parts: pages, wire, scripts, panning, client, revocation, scim
 *   --seconds n    how long one figure may take (6)
 *   --slowest      prints the slowest statement of each row
 */
import { parseArgs } from "node:util";
import { projectPath, runPath } from "@/components/project/paths";
import { closeDatabase } from "@/db/client";
import { seedBigRun } from "@/e2e/seed-big-run";
import { clientRun } from "./client-run";
import { fill } from "./fill";
import { firstScriptKb } from "./first-script";
import { firstSync } from "./first-sync";
import { end, type Installation, install, wasStopped } from "./installation";
import { measure, type Measured, type Target } from "./load";
import { pan } from "./panning";
import { type Reads, readsOf } from "./reads";
import { medianOf, msOf, revocationTrials, summary } from "./revocation";
import { makeRunSecret, type RunSecret } from "./run-secret";
import { PAGES, WIRE } from "./targets";
import { findThings, PROJECT, type Things, WORKSPACE } from "./things";
import { Verdicts } from "./verdicts";

const { values: options } = parseArgs({
  options: {
    sizes: { type: "string" },
    large: { type: "boolean", default: false },
    only: { type: "string" },
    seconds: { type: "string", default: "6" },
    slowest: { type: "boolean", default: false },
  },
});
const SMALL = 1_000;
/** Where the wire's targets are set: with five steps each that is 100,000 artifact versions. */
const WIRE_SIZE = 20_000;
const BIG = 100_000;
const SIZES = options.sizes ? options.sizes.split(",").map(Number) : [SMALL, WIRE_SIZE, BIG, ...(options.large ? [1_000_000] : [])];
const SECONDS = Number(options.seconds);
const CLIENTS = [1, 16];
const MAX_REQUESTS = 2_000;
const WARM_UP = 60;
const PAGE_TIMES_FLOOR = 3;
const SCRIPT_KB = 190;
const CLIENT_MORE_S = 0.4;
const PANNED_STEPS = 500;
const LONG_TASK_MS = 50;
const REVOCATIONS = 1_000;
const REFUSED_MS = 1_000;
const MEDIAN_REFUSED_MS = 100;
const SYNCED = { people: 10_000, groups: 500 };
const SYNC_S = 120;
const ASKING_SYNC_S = 300;
const SYNC_MB = 300;

const HEAD = ["what", "clients", "p50 ms", "p95 ms", "CPU ms", "KB", "p95 ÷ floor", "statements", "transactions", "buffers", "p50 against the smallest"];

const verdicts = new Verdicts();

for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void end(130));

try {
  await bench(await install());
  await closeDatabase();
  await end(verdicts.hasFailed ? 1 : 0);
} catch (error) {
  console.error(wasStopped() ? "" : error);
  await end(1);
}

type Row = { target: Target; kind: "floor" | "page" | "wire"; reach?: Record<number, number> };

async function bench(at: Installation): Promise<void> {
  let filled = 0;
  let secret: RunSecret | undefined;
  const smallest = new Map<string, { measured: Measured; reads: Reads }>();
  for (const size of SIZES) {
    const began = performance.now();
    await fill(at.superuser, at.plot, filled + 1, size);
    await fill(at.superuser, at.other, Math.floor(filled / 10) + 1, Math.floor(size / 10));
    filled = size;
    console.log(`\n## ${size.toLocaleString("en")} runs (filled in ${((performance.now() - began) / 1000).toFixed(0)} s)\n`);
    const found = await findThings(at.superuser, { projectId: at.plot.projectId, stackId: at.plot.stackId, key: at.key }, size);
    secret ??= await makeRunSecret(at, found.runs[0]?.id ?? "");
    const things = { ...found, secret };
    const all = rows(at, things, size);
    if (all.length > 0) await table(at, all, size, smallest);
    if (size === SIZES[0]) await scripts(at, things);
  }
  if (!options.only || options.only === "panning") await panning(at);
  if (!options.only || options.only === "client") await client(at);
  if (!options.only || options.only === "revocation") await revocation(at);
  if (!options.only || options.only === "scim") await scim(at);
  verdicts.print();
}

/** A directory's first sync, with its groups; the second one counts its memory from what the first left. */
async function scim(at: Installation): Promise<void> {
  console.log(
    "\n| first sync | people | s | p50 ms | p95 ms | CPU ms | groups of 20 | s | memory over idle, MB |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|",
  );
  for (const [name, asksFirst, most] of [
    ["POST alone", false, SYNC_S],
    ["a GET before each POST", true, ASKING_SYNC_S],
  ] as const) {
    const sync = await firstSync(at, { ...SYNCED, asksFirst });
    const figures = [sync.people, sync.peopleS.toFixed(0), sync.p50Ms.toFixed(1), sync.p95Ms.toFixed(1), sync.cpuMs.toFixed(1)];
    console.log(`| ${[name, ...figures, sync.groups, sync.groupsS.toFixed(1), sync.overIdleMb.toFixed(0)].join(" | ")} |`);
    verdicts.atMost(`first sync, ${name}: s`, sync.peopleS + sync.groupsS, most);
    verdicts.atMost(`first sync, ${name}: memory over idle in MB`, sync.overIdleMb, SYNC_MB);
  }
}

/** How long access lives after its end, on every surface and by every cause. */
async function revocation(at: Installation): Promise<void> {
  const trials = await revocationTrials(at, REVOCATIONS);
  console.log(
    `\n## Access that ended, ${trials.length} trials on ${at.web.length} web processes\n\n| surface | cause | trials | median ms | worst ms |\n|---|---|---:|---:|---:|`,
  );
  for (const row of summary(trials)) console.log(`| ${row.join(" | ")} |`);
  verdicts.atMost("revocation: worst ms until refused", Math.max(...trials.map(msOf)), REFUSED_MS);
  verdicts.atMost("revocation: median ms until refused", medianOf(trials), MEDIAN_REFUSED_MS);
}

/** The floors first: what follows is compared with them. Pages are left out where only the wire has targets. */
function rows(at: Installation, things: Things, size: number): Row[] {
  const isWanted = (part: string, name: string) => !options.only || part === options.only || name.includes(options.only);
  const floor = (name: string, path: string): Row => ({ kind: "floor", target: { name, origin: at.floorUrl, pids: at.floor, calls: () => [{ path }] } });
  const wire = WIRE.filter((row) => isWanted("wire", row.name)).map(
    ({ name, calls, reach }): Row => ({
      kind: "wire",
      reach: size === WIRE_SIZE ? reach : undefined,
      target: { name, origin: at.url, pids: at.web, headers: at.token, calls: (n) => calls(things, n) },
    }),
  );
  const isForPages = size !== WIRE_SIZE || SIZES.length === 1;
  const pages = PAGES.filter((row) => isForPages && isWanted("pages", row.name)).map(
    ({ name, path }): Row => ({
      kind: "page",
      target: { name: `page: ${name}`, origin: at.url, pids: at.web, headers: at.session, calls: (n) => [{ path: path(things, n) }] },
    }),
  );
  return [
    ...(wire.length > 0 ? [floor("floor: a route with one query", "/rows"), ...wire] : []),
    ...(pages.length > 0 ? [floor("floor: a page with one query", "/page"), ...pages] : []),
  ];
}

/** Prints one line per row and number of clients. */
async function table(at: Installation, all: readonly Row[], size: number, smallest: Map<string, { measured: Measured; reads: Reads }>): Promise<void> {
  console.log(`| ${HEAD.join(" | ")} |\n|---${"|---:".repeat(HEAD.length - 1)}|`);
  const slowest: string[] = [];
  const floors = new Map<number, Measured>();
  const line = async ({ target, kind, reach }: Row): Promise<void> => {
    const reads = kind === "floor" ? undefined : await readsOf(at.superuser, target);
    if (reads && options.slowest)
      slowest.push(`- ${target.name}: planning ${reads.planningMs.toFixed(2)} ms, executing ${reads.executingMs.toFixed(2)} ms, ${reads.slowest}`);
    for (const clients of CLIENTS) {
      const measured = await measure(target, { clients, count: MAX_REQUESTS, seconds: SECONDS, warmUp: WARM_UP });
      if (kind === "floor") floors.set(clients, measured);
      const ratio = measured.p95Ms / (floors.get(clients) as Measured).p95Ms;
      const key = `${target.name} ${clients}`;
      if (reads && !smallest.has(key)) smallest.set(key, { measured, reads });
      const before = smallest.get(key);
      const growth = before && measured.p50Ms / before.measured.p50Ms - 1;
      console.log(
        `| ${[
          target.name,
          clients,
          measured.p50Ms.toFixed(1),
          measured.p95Ms.toFixed(1),
          Number.isNaN(measured.cpuMs) ? "" : measured.cpuMs.toFixed(1),
          (measured.bytes / 1000).toFixed(0),
          kind === "floor" ? "" : ratio.toFixed(1),
          reads && clients === 1 ? reads.statements.toFixed(0) : "",
          reads && clients === 1 ? reads.transactions.toFixed(0) : "",
          reads && clients === 1 ? reads.buffers.toFixed(0) : "",
          growth === undefined || size === SIZES[0] ? "" : `${growth >= 0 ? "+" : "−"}${Math.abs(growth * 100).toFixed(0)} %`,
        ].join(" | ")} |`,
      );
      if (reach?.[clients] !== undefined) verdicts.atMost(`${target.name}, ${clients} clients: p95 in ms`, measured.p95Ms, reach[clients]);
      if (kind === "page") verdicts.atMost(`${target.name}, ${clients} clients, ${size} runs: p95 ÷ floor`, ratio, PAGE_TIMES_FLOOR);
      if (clients !== 1 || size !== BIG || SIZES[0] !== SMALL || !before || !reads) continue;
      verdicts.atMost(`${target.name}: p50 at ${BIG} runs ÷ at ${SMALL}`, measured.p50Ms / before.measured.p50Ms, 1.3);
      verdicts.atMost(`${target.name}: buffers at ${BIG} runs ÷ at ${SMALL}`, reads.buffers / before.reads.buffers, 2);
    }
  };
  for (const row of all) {
    try {
      await line(row);
    } catch (error) {
      if (row.kind === "floor" || wasStopped()) throw error;
      verdicts.failed(row.target.name, error);
    }
  }
  if (slowest.length > 0) console.log(`\nThe slowest statements:\n\n${slowest.join("\n")}`);
}

/** The script of each page. */
async function scripts(at: Installation, things: Things): Promise<void> {
  const pages = PAGES.filter(({ name }) => !options.only || ["pages", "scripts"].includes(options.only) || name.includes(options.only));
  if (pages.length === 0) return;
  console.log("\n| page | scripts in its first HTML, kB gzip |\n|---|---:|");
  for (const { name, path } of pages) {
    const kb = await firstScriptKb(at.url, path(things, 0), at.session).catch((error: unknown) => verdicts.failed(`${name}: its script`, error));
    if (kb === undefined) continue;
    console.log(`| ${name} | ${kb.toFixed(0)} |`);
    verdicts.atMost(`${name}: first script in kB`, kb, SCRIPT_KB);
  }
}

/** A graph of 500 steps under the hand. */
async function panning(at: Installation): Promise<void> {
  const { runId } = await seedBigRun(at.ownerUrl, { workspace: WORKSPACE, project: PROJECT, steps: PANNED_STEPS, failures: 0 });
  const url = `${at.url}${runPath(projectPath(WORKSPACE, PROJECT), runId, { tab: "graph" })}`;
  const all = await pan(url, at.session.cookie as string).catch((error: unknown) => verdicts.failed(`panning ${PANNED_STEPS} nodes`, error));
  if (!all) return console.log("\nThere is no browser here (CHROME_PATH names one): no graph was panned.");
  console.log(`\n| panning ${PANNED_STEPS} steps | nodes in view | tasks > 50 ms | longest task, ms | its CPU ms |\n|---|---:|---:|---:|---:|`);
  for (const { zoom, nodes, longTasks, longestMs, longestCpuMs } of all) {
    console.log(`| ${zoom} | ${nodes} | ${longTasks} | ${longestMs.toFixed(0)} | ${longestCpuMs.toFixed(0)} |`);
    verdicts.atMost(`panning ${PANNED_STEPS} nodes, ${zoom}: longest task in ms`, longestMs, LONG_TASK_MS);
  }
}

/** The unmodified client's pipeline. */
async function client(at: Installation): Promise<void> {
  const run = await clientRun(at).catch((error: unknown) => verdicts.failed("the client's pipeline", error));
  if (!run) return console.log("\nThere is no zenml client here (REEVE_ZENML_VENV): its pipeline was not run.");
  const { calls, reeveS, instantS } = run;
  console.log(
    `\n| the client's pipeline | calls | s | against instant answers, s |\n|---|---:|---:|---:|\n| pl.py main | ${calls} | ${reeveS.toFixed(2)} | ${instantS.toFixed(2)} |`,
  );
  verdicts.atMost("the client's pipeline: s more than against instant answers", reeveS - instantS, CLIENT_MORE_S);
}
