// npm run build: bundles launcher, worker and command line to dist/, and builds the web server, each only when its sources changed.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { bundle, ROOT } from "./bundle.mjs";

/** Where `next build` writes; REEVE_DIST_DIR gives a second build of the same tree a place of its own. */
export const WEB_DIR = path.join(ROOT, process.env.REEVE_DIST_DIR ?? ".next");
/** Where the bundles lie: one folder per web build. */
export const BUNDLE_DIR = path.join(ROOT, "dist", path.basename(WEB_DIR).replace(/^\./, ""));

const ENTRIES = {
  launcher: "scripts/launcher.ts",
  worker: "scripts/worker.ts",
  "command-line": "scripts/command-line.ts",
};
const NODE_SOURCES = ["db", "lib", "scripts", "package-lock.json", "tsconfig.json"];
const WEB_SOURCES = [
  "app",
  "components",
  "db",
  "lib",
  "public",
  "instrumentation.ts",
  "next.config.ts",
  "package-lock.json",
  "postcss.config.mjs",
  "proxy.ts",
  "tsconfig.json",
];

/** Bundles what Node runs, when it changed. */
export async function buildBundles() {
  await whenChanged(path.join(BUNDLE_DIR, "sources.sha256"), NODE_SOURCES, async () => {
    await bundle(ENTRIES, BUNDLE_DIR);
  });
}

/** Builds the web server, when it changed. `say` hears that it takes a while. */
export async function buildWeb(say = () => {}) {
  await whenChanged(path.join(WEB_DIR, "sources.sha256"), WEB_SOURCES, async () => {
    say();
    await nextBuild();
  });
}

async function whenChanged(stamp, sources, work) {
  const hash = hashOf(sources);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === hash) return;
  fs.rmSync(stamp, { force: true });
  await work();
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, hash);
}

function hashOf(sources) {
  const hash = createHash("sha256").update(process.version);
  const visit = (name) => {
    const file = path.join(ROOT, name);
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (!stat || /\.test\.tsx?$/.test(name)) return;
    if (stat.isDirectory()) for (const entry of fs.readdirSync(file).sort()) visit(`${name}/${entry}`);
    else hash.update(`${name}\0${stat.size}\0`).update(fs.readFileSync(file));
  };
  for (const name of sources) visit(name);
  return hash.digest("hex");
}

function nextBuild() {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(ROOT, "node_modules/next/dist/bin/next"), "build"], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    const stop = (signal) => child.kill(signal);
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
      if (code === 0) resolve();
      else if (signal || code === 130 || code === 143) process.exit(130);
      else reject(Object.assign(new Error(`The web server could not be built.\n\n${output}`), { name: "BuildError" }));
    });
  });
}

if (process.argv[1] === import.meta.filename) {
  try {
    await buildBundles();
    await buildWeb(() => console.log("Building the web server …"));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
