import "server-only";
import pg from "pg";
import { environment } from "@/lib/kernel/env";

// One LISTEN connection per web process, shared by every open page. Commands notify inside their transaction, so a page hears of a
// change only after its commit. Losing the connection only delays: pages poll when their stream ends.

/** What changed: in a project, perhaps of one run, or what a connector issued. */
export type LiveEvent = { projectId: string; runId?: string } | { connectorId: string };
type Listener = (event: LiveEvent) => void;

const CHANNEL = "reeve_event";
const RETRY_MS = 2_000;

type Hub = { listeners: Map<string, Set<Listener>>; client: pg.Client | undefined; isStarting: boolean; waiting: Set<() => void> };

declare global {
  var reeveLiveHub: Hub | undefined;
}

function hub(): Hub {
  globalThis.reeveLiveHub ??= { listeners: new Map(), client: undefined, isStarting: false, waiting: new Set() };
  return globalThis.reeveLiveHub;
}

/**
 * Calls `listener` for each event of a project or connector until `end` is called. Events from before `ready` resolves may be missed; an event
 * without a run says that some may have been, after a lost connection.
 */
export function listen(id: string, listener: Listener): { ready: Promise<void>; end: () => void } {
  const { listeners, client, waiting } = hub();
  const set = listeners.get(id) ?? new Set();
  listeners.set(id, set.add(listener));
  const ready = client ? Promise.resolve() : new Promise<void>((resolve) => waiting.add(resolve));
  void connect();
  const end = () => {
    set.delete(listener);
    if (set.size === 0) listeners.delete(id);
    if (listeners.size === 0) void disconnect();
  };
  return { ready, end };
}

/** Whether a connection ended on its own since the last one began: its listeners may have missed events. */
let hasLost = false;

async function connect(): Promise<void> {
  const state = hub();
  if (state.client || state.isStarting || state.listeners.size === 0) return;
  state.isStarting = true;
  const client = new pg.Client({ connectionString: environment().appDatabaseUrl, application_name: "reeve live" });
  const retry = () => {
    if (state.client === client) state.client = undefined;
    hasLost = true;
    setTimeout(() => void connect(), RETRY_MS).unref();
  };
  client.on("notification", ({ payload }) => deliver(state, payload));
  client.on("error", () => client.end().catch(() => undefined));
  client.on("end", retry);
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    state.client = client;
    for (const isReady of state.waiting) isReady();
    state.waiting.clear();
    if (hasLost) for (const [projectId, listeners] of state.listeners) for (const listener of listeners) listener({ projectId }); // of whatever kind
    hasLost = false;
  } catch {
    await client.end().catch(() => undefined);
  } finally {
    state.isStarting = false;
  }
}

async function disconnect(): Promise<void> {
  const state = hub();
  const { client } = state;
  state.client = undefined;
  client?.removeAllListeners("end");
  await client?.end().catch(() => undefined);
}

function deliver(state: Hub, payload: string | undefined): void {
  let event: unknown;
  try {
    event = JSON.parse(payload ?? "");
  } catch {
    return; // not ours: another program may notify on any channel
  }
  if (typeof event !== "object" || event === null) return;
  const id = "projectId" in event ? event.projectId : "connectorId" in event ? event.connectorId : undefined;
  if (typeof id !== "string") return;
  for (const listener of state.listeners.get(id) ?? []) listener(event as LiveEvent);
}
