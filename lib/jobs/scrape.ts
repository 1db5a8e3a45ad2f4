import "server-only";
import cluster from "node:cluster";
import { AggregatorRegistry, register } from "prom-client";

// Several processes serve the web and a scrape reaches one of them: it asks the launcher, which adds the counters of all together.

type Message = { reeve?: "scrape"; text?: string };
const WAIT_MS = 6_000; // a little longer than the launcher waits for a process that doesn't answer

/** In the launcher: answers what `processMetrics` asks. */
export function answerScrapes(): void {
  const all = new AggregatorRegistry();
  cluster.on("message", (worker, message: Message) => {
    if (message.reeve !== "scrape") return;
    all
      .clusterMetrics()
      .catch(() => undefined)
      .then((text) => worker.isConnected() && worker.send({ reeve: "scrape", text } satisfies Message));
  });
}

/** The counters of all web processes as text; those of this one alone where there are no others, or when one of them doesn't answer. */
export async function processMetrics(): Promise<string> {
  if (!cluster.isWorker) return register.metrics();
  const text = await new Promise<string | undefined>((resolve) => {
    const end = (result?: string) => {
      clearTimeout(timer);
      process.off("message", hear);
      resolve(result);
    };
    const hear = (message: Message) => {
      if (message.reeve === "scrape") end(message.text);
    };
    const timer = setTimeout(end, WAIT_MS);
    process.on("message", hear);
    process.send?.({ reeve: "scrape" } satisfies Message);
  });
  return text ?? register.metrics();
}
