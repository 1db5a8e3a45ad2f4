import "server-only";
import vm from "node:vm";
import { AppError } from "./errors";

// Patterns and schemas that people write can take exponential time on a short text, and one thread serves everybody. What holds a value
// against them runs here: it is broken off when its time is over.

const TIMED_OUT = "ERR_SCRIPT_EXECUTION_TIMEOUT";

/** A busy machine lets a process wait: work that had hardly run when its time was over is run again, so often at most. */
const TIMES = 5;

/**
 * Runs synchronous work without side effects for at most `timeoutMs`; the engine ends it, regular expressions too. Error: invalid_input with
 * `message` when the time is over, otherwise what the work throws.
 */
export function withinTime<T>(timeoutMs: number, message: string, work: () => T): T {
  for (let time = 1; ; time++) {
    const before = process.cpuUsage();
    try {
      return vm.runInNewContext("work()", { work }, { timeout: timeoutMs }) as T;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== TIMED_OUT) throw error;
      const { user, system } = process.cpuUsage(before);
      if (time < TIMES && (user + system) / 1_000 < timeoutMs / 2) continue;
      throw new AppError("invalid_input", message, { reason: "too_slow" });
    }
  }
}
