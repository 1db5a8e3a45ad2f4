// npm run check: what can be known without running the product. Each check is one line; what failed shows its output.
import { spawn } from "node:child_process";
import path from "node:path";
import { bundle, ROOT } from "./bundle.mjs";

const bin = (name) => path.join(ROOT, "node_modules", ".bin", name);

/** Runs a program; gives its exit code and what it wrote. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, NO_COLOR: "1" }, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
    child.on("error", (error) => resolve({ ok: false, output: error.message }));
    child.on("exit", (code) => resolve({ ok: code === 0, output }));
  });
}

/** Lines of tracked files that match, as `file:line: text`. Prose and data that quote such things are left out by the caller. */
async function forbid(pattern, ...pathspec) {
  const { output } = await run("git", ["grep", "-nIE", pattern, "--", ...pathspec]);
  const lines = output
    .split("\n")
    .filter(Boolean)
    .map((line) => line.slice(0, 200));
  return { ok: lines.length === 0, output: lines.join("\n") };
}

/** The bundles are what runs: a file that only Next can read would be found at the start otherwise. */
async function bundles() {
  try {
    await bundle({ launcher: "scripts/launcher.ts", worker: "scripts/worker.ts", "command-line": "scripts/command-line.ts" }, path.join(ROOT, "dist", "check"));
    return { ok: true, output: "" };
  } catch (error) {
    return { ok: false, output: error.message };
  }
}

const CHECKS = {
  lint: () => run(bin("biome"), ["check", "--max-diagnostics=100"]),
  "import rules": () =>
    run(bin("depcruise"), [
      "--config",
      ".dependency-cruiser.cjs",
      "--output-type",
      "err",
      "app",
      "components",
      "db",
      "lib",
      "scripts",
      "proxy.ts",
      "next.config.ts",
    ]),
  types: () => run(bin("tsc"), ["--noEmit", "--incremental", "false"]),
  "generated files": () => run(process.execPath, ["scripts/run.mjs", "scripts/generate.ts", "--check"]),
  bundles,
  "no paths of one machine": () => forbid("/(work|root)/[a-z]", ".", ":!package-lock.json", ":!scripts/check.mjs", ":!*.json", ":!docs"),
  "no registry hosts in the lock file": () => forbid('"resolved": "https?://', "package-lock.json"),
  "nothing left to do": () =>
    forbid("\\b(TODO|FIXME|XXX)\\b", "app", "components", "db", "lib", "scripts", "e2e", ":!scripts/check.mjs", ":!*.json", ":!*.d.ts"),
};

/** Runs every check, says how each went, and returns how many passed and the names of what failed. */
export async function check() {
  const counts = { passed: 0, failed: /** @type {string[]} */ ([]) };
  // Each mostly keeps one core: they go in two lanes, and are told in their order.
  const lanes = [Promise.resolve(), Promise.resolve()];
  const outcomes = Object.entries(CHECKS).map(([name, work], at) => {
    lanes[at % 2] = lanes[at % 2].then(work);
    return { name, outcome: lanes[at % 2] };
  });
  for (const { name, outcome } of outcomes) {
    const { ok, output } = await outcome;
    if (ok) counts.passed++;
    else counts.failed.push(`check: ${name}`);
    console.log(`${ok ? "ok    " : "FAILED"} ${name}`);
    if (!ok) console.log(output.trim().replace(/^/gm, "       "));
  }
  return counts;
}

if (process.argv[1] === import.meta.filename) {
  const { failed } = await check();
  process.exit(failed.length > 0 ? 1 : 0);
}
