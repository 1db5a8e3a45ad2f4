import { type ChildProcess, execFile, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { VENV } from "./client";

// Runs the scenario scripts of `scenarios/` with the unmodified client: `openScenarios(url, who)` once per file, then `run("01_auth")` for
// each script. A script's `zenml` goes through forks.py, so a command costs tenths of a second; `z` and `zfail` in it count what ended
// with another status than the recorded server's. `transcript` is everything that was printed, for what a test wants to look at.

export type ScenarioAccount = { user: string; password: string; apiKey?: string };
export type ScenarioResult = { unexpected: number; transcript: string; output: string };

const HERE = import.meta.dirname;
const SETTINGS = {
  COLUMNS: "160",
  NO_COLOR: "1",
  ZENML_LOGGING_COLORS_DISABLED: "true",
  ZENML_ANALYTICS_OPT_IN: "false",
  ZENML_ENABLE_RICH_TRACEBACK: "false",
};

/** Starts the server that forks clients; scripts then run against the workspace at `url` as the given account. */
export async function openScenarios(url: string, account: ScenarioAccount) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-forks-"));
  const socket = path.join(folder, "s");
  const forks = spawn(path.join(VENV, "bin", "python"), ["-u", path.join(HERE, "forks.py"), socket], {
    cwd: folder,
    env: { ...SETTINGS, NODE_ENV: process.env.NODE_ENV, HOME: folder, PATH: process.env.PATH, ZENML_CONFIG_PATH: path.join(folder, "none") },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await said(forks, "ready");
  const env: NodeJS.ProcessEnv = {
    ...SETTINGS,
    NODE_ENV: process.env.NODE_ENV,
    HOME: folder,
    PATH: `${path.join(HERE, "bin")}:${process.env.PATH}`,
    ZENML_FORKS: socket,
    SERVER_URL: url,
    ADMIN_USER: account.user,
    ADMIN_PASSWORD: account.password,
    ...(account.apiKey ? { API_KEY: account.apiKey } : {}),
    OUT_DIR: folder,
    WORK_DIR: folder,
    ZENML_LOCAL_STORES_PATH: path.join(folder, "stores"),
  };
  return {
    run: (name: string, more: Record<string, string> = {}): Promise<ScenarioResult> =>
      new Promise((resolve) => {
        execFile("bash", [path.join(HERE, "scenarios", `${name}.sh`)], { env: { ...env, ...more }, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
          const file = path.join(folder, `${name}.txt`);
          const transcript = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
          resolve({ unexpected: error ? (typeof error.code === "number" ? error.code : 1) : 0, transcript, output: stdout + stderr });
        });
      }),
    close: () => {
      forks.kill("SIGTERM");
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

function said(child: ChildProcess, word: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => chunk.toString().includes(word) && resolve());
    child.once("exit", (code) => reject(new Error(`the forking client ended with ${code} before it was ready`)));
  });
}
