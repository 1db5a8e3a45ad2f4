import "server-only";
import { z } from "zod";
import { execute, parseInput } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { readInScope, readTogether } from "@/lib/kernel/transaction";
import type { LogLine } from "@/lib/logs/log-line";
import { attachLog, getLog, listLogsOf, registerLog, registerRunLog } from "@/lib/logs/log-records";
import { readLog } from "@/lib/logs/read-log";
import { bodyOf } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { logBody } from "./nested";
import { type Envelope, entity } from "./respond";
import { loadUsers, nestedUser } from "./users";

// Log records on the wire. The client writes the files itself and never uploads them.

const newLog = z.object({
  id: z.uuid(),
  project: z.string(),
  source: z.string().default(""),
  uri: z.string().nullish(),
  artifact_store_id: z.uuid().nullish(),
  log_store_id: z.uuid().nullish(),
  pipeline_run_id: z.uuid().nullish(),
  step_run_id: z.uuid().nullish(),
});
const owner = z.object({ pipeline_run_id: z.uuid().nullish(), step_run_id: z.uuid().nullish() });

const one = (call: WireCall, id: string | undefined): Promise<Envelope> => readTogether([call.context.workspace.id], () => present(call, id));

async function present(call: WireCall, id: string | undefined): Promise<Envelope> {
  const usersOf = (id: string | null) => readInScope([call.context.workspace.id], (tx) => loadUsers(tx, [id]));
  // Nearly always one's own.
  const [log, mine] = await Promise.all([ask(getLog, call.context, { id }), usersOf(call.context.actor.id)]);
  const users = log.created_by === call.context.actor.id ? mine : await usersOf(log.created_by);
  const { step_run_id, pipeline_run_id, artifact_store_id, log_store_id, hook_invocation_id, ...body } = logBody(log);
  const links = { step_run_id, pipeline_run_id, artifact_store_id, log_store_id, hook_invocation_id };
  return entity({
    id: log.id,
    body: { ...body, ...links },
    metadata: call.hydrate ? links : null,
    resources: { user: log.created_by ? nestedUser(users.get(log.created_by)) : null },
  });
}

async function register(call: WireCall): Promise<Envelope> {
  const body = bodyOf(call, newLog);
  const facts = {
    id: body.id,
    project: body.project,
    source: body.source,
    uri: body.uri ?? null,
    artifactStoreId: body.artifact_store_id ?? null,
    logStoreId: body.log_store_id ?? null,
  };
  const runId = body.pipeline_run_id ?? null;
  const stepRunId = body.step_run_id ?? null;
  const id = runId || stepRunId ? await execute(registerRunLog, call.context, { ...facts, runId, stepRunId }) : await execute(registerLog, call.context, facts);
  return one(call, id);
}

async function attach(call: WireCall): Promise<Envelope> {
  const body = bodyOf(call, owner);
  return one(call, await execute(attachLog, call.context, { id: call.path.logs_id, runId: body.pipeline_run_id ?? null, stepRunId: body.step_run_id ?? null }));
}

const ALL = 20_000;
const PAGE = 1_000;

const entryOf = (line: LogLine) => ({
  message: line.message,
  name: line.name,
  level: line.level,
  timestamp: line.timestamp,
  module: line.module,
  filename: line.filename,
  lineno: line.lineno,
  chunk_index: line.chunkIndex,
  total_chunks: line.totalChunks,
  // The client needs an id for each; one that the line does not carry is made of the record's and its place.
  id: line.id ?? `00000000-0000-4000-8000-${line.number.toString(16).padStart(12, "0")}`,
});

const entriesQuery = z.object({
  start: z.enum(["oldest", "newest"]).default("oldest"),
  limit: z.coerce.number().int().min(1).max(ALL).default(PAGE),
  after: z.coerce.number().int().min(1).optional(),
  search: z.string().max(500).optional(),
  level: z.coerce.number().int().min(0).max(50).optional(),
});

async function entries(call: WireCall) {
  const parameters = Object.fromEntries(call.query);
  for (const name of ["before", "since", "until"])
    if (parameters[name]) throw new AppError("bad_request", `Logs of an artifact store cannot be read with ${name}: use after, start, search and level.`);
  const { start, limit, after, search, level } = parseInput(entriesQuery, parameters);
  const page = await readLog(call.context, call.path.logs_id as string, {
    first: after ?? (start === "newest" ? "newest" : 1),
    limit,
    filter: { minLevel: level ?? null, search: search || null },
  });
  return { items: page.lines.map(entryOf), before: null, after: page.next === null ? null : String(page.next) };
}

/** The lines of one of a run's or step's logs, by source or id. The recorded answer has no pages: it is cut at 20,000 lines. */
async function linesOf(call: WireCall, owner: { runId: string } | { stepId: string }) {
  const source = call.query.get("source");
  const id = call.query.get("logs_id");
  if (!source && !id) throw new AppError("bad_request", "Either source or logs_id must be provided.");
  const logs = await ask(listLogsOf, call.context, "runId" in owner ? { runId: owner.runId, stepId: null } : { runId: null, stepId: owner.stepId });
  const log = logs.find((one) => (id ? one.id === id.toLowerCase() : one.source === source));
  const what = "runId" in owner ? `run ${owner.runId}` : `step ${owner.stepId}`;
  if (!log) throw new AppError("not_found", `"No logs found for ${id ? `id '${id}'` : `source '${source}'`} in ${what}"`); // quoted twice, as recorded
  const page = await readLog(call.context, log.id, { first: 1, limit: ALL, filter: { minLevel: null, search: null } });
  return page.lines.map(entryOf);
}

export const LOG_ENDPOINTS: Endpoint[] = [
  { method: "POST", path: "/logs", permission: "run:create", audit: "data", handle: register },
  { method: "GET", path: "/logs/{logs_id}", permission: "run:read", audit: "none: a read", handle: (call) => one(call, call.path.logs_id) },
  { method: "GET", path: "/logs/{logs_id}/entries", permission: "run:read", audit: "none: a read", apart: true, handle: entries },
  {
    method: "GET",
    path: "/runs/{run_id}/logs",
    apart: true,
    permission: "run:read",
    audit: "none: a read",
    handle: (call) => linesOf(call, { runId: call.path.run_id as string }),
  },
  {
    method: "GET",
    path: "/steps/{step_id}/logs",
    apart: true,
    permission: "run:read",
    audit: "none: a read",
    handle: (call) => linesOf(call, { stepId: call.path.step_id as string }),
  },
  { method: "PUT", path: "/logs/{logs_id}", permission: "run:update", audit: "data", handle: attach },
];
