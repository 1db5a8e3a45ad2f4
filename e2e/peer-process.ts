import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";

// How the servers that tests talk to are started and stopped.

type Program = { program: string; args: readonly string[]; cwd?: string; env?: NodeJS.ProcessEnv };
type Options = {
  /** Asked until it says true; throwing is a no. */
  isReady: () => Promise<boolean>;
  seconds: number;
  /** Removed with what is in it once the programs have ended. */
  folder?: string;
};

/** Starts programs that make up one peer and waits until it is ready. Gives the way to stop it. Throws with what they wrote. */
export async function startPeer(name: string, programs: readonly Program[], { isReady, seconds, folder }: Options): Promise<() => Promise<void>> {
  let output = "";
  const children = programs.map(({ program, args, ...options }) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    child.once("error", (error) => (output += `${error.message}: is it installed? npm test installs it.\n`));
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output = (output + chunk).slice(-4_000)));
    return child;
  });
  const stop = async () => {
    for (const child of children.toReversed()) {
      child.kill("SIGTERM");
      if (isThere(child)) await new Promise((resolve) => child.once("exit", resolve));
    }
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  for (const end = Date.now() + seconds * 1_000; !(await isReady().catch(() => false)); ) {
    if (Date.now() > end || !children.every(isThere)) {
      await stop();
      throw new Error(`${name} did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return stop;
}

/** False also for one that could not be run at all: it never has a pid. */
const isThere = (child: ChildProcess) => child.pid !== undefined && child.exitCode === null && child.signalCode === null;
