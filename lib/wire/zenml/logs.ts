import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { inScope } from "@/lib/kernel/transaction";
import { attachLog, getLog, registerLog, registerRunLog } from "@/lib/logs/log-records";
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

async function one(call: WireCall, id: string | undefined): Promise<Envelope> {
  const log = await ask(getLog, call.context, { id });
  const users = await inScope([call.context.workspace.id], (tx) => loadUsers(tx, [log.created_by]));
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

export const LOG_ENDPOINTS: Endpoint[] = [
  { method: "POST", path: "/logs", permission: "run:create", audit: "data", handle: register },
  { method: "GET", path: "/logs/{logs_id}", permission: "run:read", audit: "none: a read", handle: (call) => one(call, call.path.logs_id) },
  { method: "PUT", path: "/logs/{logs_id}", permission: "run:update", audit: "data", handle: attach },
];
