// The worker process: background work until a signal, or the end of the launcher, stops it.
import { closeDatabase } from "@/db/client";
import { log } from "@/lib/kernel/log";
import { runWorker } from "@/lib/jobs/worker";
import { keepUnlocked } from "@/lib/master-key/outside-keys";

process.title = "reeve-worker";
const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stopping.abort());
process.on("disconnect", () => stopping.abort());

keepUnlocked();
try {
  await runWorker(stopping.signal);
  await closeDatabase();
  process.exit(0);
} catch (error) {
  log.error("the worker failed", { error });
  process.exit(1);
}
