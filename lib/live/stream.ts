import "server-only";
import { type LiveEvent, listen } from "./hub";

// One page's stream of events (text/event-stream). Before each event, and every few seconds while nothing happens, the reader's right is
// checked again: an ended session or grant closes the stream.

const CHECK_MS = 800;
const BEAT_EVERY = 15;
/** Events that come closer together than this are told as one. */
const GATHER_MS = 250;

const runOf = (event: LiveEvent): string | undefined => ("runId" in event ? event.runId : undefined);

/**
 * The events of a project or connector as a stream. `mayRead` is asked before anything is told; the stream ends when it says no, fails, or when
 * `signal` aborts. It says `listening` once no further event can be missed, after asking `hasChanged` about the time until then.
 */
export function eventStream(
  id: string,
  { mayRead, hasChanged }: { mayRead: () => Promise<boolean>; hasChanged: () => Promise<boolean> },
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let stop: () => void = () => undefined;
  return new ReadableStream({
    start(controller) {
      let isOpen = true;
      let isChecking = false;
      let beats = 0;
      const gathered = new Map<string, LiveEvent>();
      const send = (text: string) => isOpen && controller.enqueue(encoder.encode(text));
      const { ready, end } = listen(id, (event) => {
        gathered.set(runOf(event) ?? "", event);
        setTimeout(() => void check(), GATHER_MS);
      });
      const timer = setInterval(() => void check(), CHECK_MS);
      stop = () => {
        if (!isOpen) return;
        isOpen = false;
        clearInterval(timer);
        end();
        signal.removeEventListener("abort", stop);
        controller.close();
      };
      const check = async () => {
        if (isChecking) return;
        isChecking = true;
        const allowed = await mayRead().catch(() => false);
        isChecking = false;
        if (!allowed) return stop();
        const events = [...gathered.values()];
        gathered.clear();
        for (const event of events) send(`event: change\ndata: ${JSON.stringify({ runId: runOf(event) ?? null })}\n\n`);
        beats = (beats + 1) % BEAT_EVERY;
        if (events.length === 0 && beats === 0) send(": still here\n\n");
      };
      signal.addEventListener("abort", stop);
      if (signal.aborted) stop();
      send("retry: 3000\n: open\n\n");
      void ready.then(async () => {
        if (await hasChanged().catch(() => true)) gathered.set("", { projectId: id });
        send("event: listening\ndata: {}\n\n");
        await check();
      });
    },
    cancel() {
      stop();
    },
  });
}
