import "server-only";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { Installation } from "./installation";
import { startAnswers } from "./recorded-answers";
import { WORKSPACE } from "./things";

// What Reeve adds to a pipeline of the unmodified client: `e2e/clients/zenml/pl.py main`, three steps, against Reeve and against the same
// answers given in no time. Both in turns, so that what else the machine does meets both.

const root = path.resolve(import.meta.dirname, "../..");
const VENV = process.env.REEVE_ZENML_VENV ?? path.join(root, ".cache", "zenml-venv");
const TURNS = 5;

export type ClientRun = { calls: number; reeveS: number; instantS: number };

/** Medians in seconds; undefined where there is no client to run (`npm test` makes one, REEVE_ZENML_VENV names another). */
export async function clientRun(at: Installation): Promise<ClientRun | undefined> {
  if (!fs.existsSync(path.join(VENV, "bin", "python"))) return undefined;
  const home = path.join(at.directory, "client");
  fs.mkdirSync(home);
  fs.copyFileSync(path.join(root, "e2e/clients/zenml/pl.py"), path.join(home, "pl.py"));
  const server = await startAnswers(at.url);
  try {
    await pipeline(home, at.url, at.key); // makes the pipeline, the client's configuration and its caches
    await pipeline(home, server.url, at.key);
    server.replay();
    const reeve: number[] = [];
    const instant: number[] = [];
    for (let turn = 0; turn < TURNS; turn++) {
      reeve.push(await pipeline(home, at.url, at.key));
      server.answers.rewind();
      instant.push(await pipeline(home, server.url, at.key));
    }
    return { calls: server.answers.count, reeveS: median(reeve), instantS: median(instant) };
  } finally {
    server.close();
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

/** Runs it once; gives the seconds of the pipeline itself, as the script prints them. */
function pipeline(home: string, url: string, key: string): Promise<number> {
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: process.env.NODE_ENV,
    PATH: `${path.join(VENV, "bin")}:${process.env.PATH}`,
    HOME: home,
    NO_COLOR: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    ZENML_ANALYTICS_OPT_IN: "false",
    ZENML_CONFIG_PATH: path.join(home, "config"),
    ZENML_LOCAL_STORES_PATH: path.join(home, "stores"),
    ZENML_LOGGING_COLORS_DISABLED: "true",
    AUTO_OPEN_DASHBOARD: "false",
    ZENML_STORE_URL: `${url}/${WORKSPACE}`,
    ZENML_STORE_API_KEY: key,
  };
  return new Promise((resolve, reject) => {
    execFile(path.join(VENV, "bin", "python"), ["pl.py", "main"], { cwd: home, env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const seconds = /^WALL ([\d.]+)$/m.exec(stdout)?.[1];
      if (error || seconds === undefined) reject(new Error(`the client did not finish its pipeline: ${(stdout + stderr).slice(-2_000)}`));
      else resolve(Number(seconds));
    });
  });
}
