import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// Follows the README's tour as a reader does: the commands as they stand there, in a home folder of its own. Only the port differs, and
// the environment with the client is the one that all client tests share.

const ROOT = path.resolve(import.meta.dirname, "../..");
const VENV = process.env.REEVE_ZENML_VENV ?? path.join(ROOT, ".cache", "zenml-venv");
const START_WAIT_MS = 300_000;
const README = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");

const section = README.split(/^## /m).find((part) => part.startsWith("A tour in five minutes")) ?? "";
const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] as string);
const [prepare = "", start = "", install = "", ...rest] = blocks;

let home = "";
let port = 0;
let reeve: ChildProcess | undefined;
let output = "";

const here = (command: string) => command.replaceAll("127.0.0.1:3000", `127.0.0.1:${port}`);
const environment = () =>
  ({
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(REEVE_(?!DIST_DIR)|ZENML_|NEXTAUTH_|NODE_ENV$|DATABASE_URL$|VITEST|XDG_)/.test(name)),
    ),
    HOME: home,
    PORT: String(port),
    REEVE_DATA: path.join(home, "data"),
    ZENML_ANALYTICS_OPT_IN: "false",
    COLUMNS: "300",
  }) as unknown as NodeJS.ProcessEnv;

/** Runs commands in one shell that stops at the first that fails. */
function shell(commands: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("bash", ["-euo", "pipefail", "-c", here(commands)], { cwd: ROOT, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (text += chunk.toString()));
    child.on("error", reject);
    child.on("exit", (code) => resolve({ code, output: text }));
  });
}

beforeAll(async () => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-tour-"));
  fs.chmodSync(home, 0o711);
  port = await freePort();
});

afterAll(async () => {
  if (reeve && reeve.exitCode === null) {
    const gone = new Promise((resolve) => reeve?.once("exit", resolve));
    process.kill(-(reeve.pid as number), "SIGTERM");
    await gone;
  }
  if (home) fs.rmSync(home, { recursive: true, force: true });
});

describe("the tour", () => {
  let tour = "";

  it("is where the test looks for it", () => {
    expect(blocks).toHaveLength(7);
    expect(start).toContain("npm start");
    expect(install).toContain("pip install zenml==0.98.0");
    expect(rest.join("")).not.toMatch(/npm start|pip install/);
  });

  it("prepares, starts and says that it is ready", async () => {
    expect(await shell(prepare)).toEqual({ code: 0, output: "" });
    reeve = spawn("bash", ["-c", here(start)], { cwd: ROOT, env: environment(), stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [reeve.stdout, reeve.stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    await expect
      .poll(() => (reeve?.exitCode === null ? output : `ended:\n${output}`), { timeout: START_WAIT_MS, interval: 200 })
      .toContain(`is ready at http://127.0.0.1:${port}`);
    expect(output).toContain("create workspace fraud-detection");
    expect(fs.statSync(path.join(home, "reeve-tour", "ci.key")).mode & 0o777).toBe(0o600);
  });

  it("runs the pipeline, shows it, is refused, and plans nothing new", async () => {
    fs.symlinkSync(VENV, path.join(home, "reeve-tour", "venv"));
    const { code, output } = await shell(rest.join("\n"));
    tour = output;
    expect(code, output).toBe(0);
  });

  it("with a link to the run's page", () => {
    expect(tour).toMatch(new RegExp(`http://127\\.0\\.0\\.1:${port}/fraud-detection/projects/default/runs/[0-9a-f-]{36}`));
  });

  it("with the run and the model version in the client's lists", () => {
    expect(tour).toMatch(/fraud-\d{4}_.*✅/);
    expect(tour).toContain("fraud-detector");
  });

  it("with a refusal that names the permission", () => {
    expect(tour).toContain("run:delete");
    expect(tour).toContain("refused, as it should be");
  });

  it("with nothing left to apply", () => {
    expect(tour).toContain("Nothing to change.");
  });

  it("names pages that are there", async () => {
    const links = [...section.matchAll(/<(http:\/\/127\.0\.0\.1:3000[^>]*)>/g)].map((match) => match[1] as string);
    expect(links.length).toBeGreaterThan(0);
    for (const link of links) {
      const answer = await fetch(here(link), { redirect: "manual" });
      expect(answer.status, link).toBe(307);
      expect(answer.headers.get("location")).toContain("/sign-in?next=");
    }
  });
});

it("links to files that are there", () => {
  const targets = [...README.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)].map((match) => match[1] as string);
  expect(targets.filter((target) => !fs.existsSync(path.join(ROOT, target)))).toEqual([]);
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
