// npm test: checks, unit and database tests, then the built product with unmodified clients and in a browser.
// Ends with one line, `N passed, N failed`. --peers and --soak run those tests alone.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { buildBundles, buildWeb } from "./build.mjs";
import { ROOT } from "./bundle.mjs";
import { check } from "./check.mjs";
import { chromium, dockerRegistry, MissingToolError, motoVenv, openBaoVenv, scimVenv, zenmlVenv } from "./test-tools.mjs";

const results = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-results-"));
const totals = { passed: 0 };
/** What failed, by name: said again at the end, where a long log is read first. */
const failures = [];
const node = (script, args, env = {}) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(ROOT, "node_modules", script), ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    const stop = (signal) => {
      child.kill(signal);
      process.exitCode = 130;
    };
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, stop);
    child.on("exit", (code) => {
      for (const signal of ["SIGINT", "SIGTERM"]) process.off(signal, stop);
      if (process.exitCode === 130) process.exit(130);
      resolve(code ?? 1);
    });
  });

/** Adds what a runner reported; a runner that ended badly without naming a failed test counts as one failure. */
function add(name, code, { passed, failed }) {
  totals.passed += passed;
  failures.push(...(failed.length > 0 || code === 0 ? failed : [`${name} ended with ${code}`]));
}

async function vitest(...projects) {
  const file = path.join(results, `${projects.join("-")}.json`);
  const args = ["run", "--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const code = await node("vitest/vitest.mjs", [...args, ...projects.flatMap((project) => ["--project", project])]);
  const report = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : { numPassedTests: 0, testResults: [] };
  const failed = report.testResults.flatMap(({ name, status, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === "failed").map((test) => test.fullName);
    return (tests.length > 0 || status !== "failed" ? tests : ["the file itself"]).map((test) => `${path.relative(ROOT, name)}: ${test}`);
  });
  add(projects.join(", "), code, { passed: report.numPassedTests, failed });
}

async function browser(...more) {
  const file = path.join(results, "browser.json");
  const code = await node("@playwright/test/cli.js", ["test", "--reporter=list,json", ...more], {
    CHROME_PATH: chromium(),
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: "1",
  });
  const report = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : { stats: { expected: 0, flaky: 0 }, suites: [] };
  const specs = (suites) => suites.flatMap((suite) => [...(suite.specs ?? []), ...specs(suite.suites ?? [])]);
  const failed = specs(report.suites).filter((spec) => spec.tests.some((test) => test.status === "unexpected"));
  add("browser", code, {
    passed: report.stats.expected + report.stats.flaky,
    failed: failed.map((spec) => `${spec.file}:${spec.line} ${spec.title}`),
  });
}

/** One part of the run: says its name and how long it took, and turns what stops it into one failure. */
async function part(title, work) {
  console.log(`\n── ${title}`);
  const began = performance.now();
  try {
    await work();
  } catch (error) {
    failures.push(`${title}: ${error instanceof MissingToolError || error.name === "BuildError" ? error.message : error.stack}`);
  }
  console.log(`── ${title}: ${Math.round((performance.now() - began) / 1000)} s`);
}

const build = () =>
  part("build", async () => {
    await buildBundles();
    await buildWeb();
  });
const wanted = ["peers", "soak"].filter((name) => process.argv.includes(`--${name}`));

if (wanted.length > 0) {
  await build();
  for (const name of wanted) await part(name, () => vitest(name));
  if (wanted.includes("peers"))
    await part("peers in a browser", async () => {
      process.env.REEVE_PEERS = "1";
      process.env.REEVE_ZENML_VENV = await zenmlVenv();
      return browser();
    });
  // The families of attacks that npm test tries a fiftieth of (lib/kernel/soak.ts).
  if (wanted.includes("soak")) {
    process.env.REEVE_SOAK = "1";
    await part("attacks in full", () => vitest("unit", "database"));
    await part("attacks in full, in a browser", () => browser("--grep", "SEC-3"));
  }
} else {
  // Asked for when it is needed; until then it is downloaded beside what runs.
  const venv = zenmlVenv();
  venv.catch(() => undefined);
  await part("checks", async () => {
    const { passed, failed } = await check();
    totals.passed += passed;
    failures.push(...failed);
  });
  await part("unit and database tests", () => vitest("unit", "database"));
  await build();
  await part("outside clients", async () => {
    process.env.REEVE_ZENML_VENV = await venv;
    process.env.REEVE_SCIM_VENV = await scimVenv();
    process.env.REEVE_MOTO_VENV = await motoVenv();
    process.env.REEVE_OPENBAO_VENV = await openBaoVenv();
    process.env.REEVE_DOCKER_REGISTRY = dockerRegistry();
    return vitest("clients");
  });
  if (fs.existsSync(path.join(ROOT, "playwright.config.ts"))) await part("browser", browser);
}

fs.rmSync(results, { recursive: true, force: true });
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`\n${totals.passed} passed, ${failures.length} failed`);
process.exit(failures.length > 0 ? 1 : 0);
