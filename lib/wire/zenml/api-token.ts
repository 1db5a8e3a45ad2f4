import "server-only";
import { authorizeRunToken } from "@/lib/runs/authorize-run-token";
import type { Credential } from "@/lib/identity/actor";
import { loginAs, mintRunToken } from "@/lib/identity/wire-credential";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import type { Endpoint, WireCall } from "./endpoint";

// GET /api_token (WIRE §3): a token for somewhere else, bound to the credential that asks. Workload tokens serve one run; generic ones
// stand for the same credential for a while, and end with it; those of a password or device login no later than that login.

const DEFAULT_LIFETIME_S = 3_600;
const LONGEST_LIFETIME_S = 604_800;

export const API_TOKEN_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/api_token",
    permission: "run:update",
    audit: "none: a token without a row; what it does is audited as its credential or run",
    handle: (call) => (call.query.get("token_type") === "workload" ? workload(call) : generic(call)),
  },
];

async function workload({ query, context }: WireCall): Promise<string> {
  const scopes = ["pipeline_run_id", "schedule_id", "deployment_id"].filter((name) => query.get(name));
  if (scopes.length === 0) throw new AppError("bad_request", "Workload API tokens must be scoped to a schedule, pipeline run or deployment.");
  const id = query.get("pipeline_run_id");
  if (!isUuid(id)) throw new AppError("not_implemented", "Reeve makes workload tokens for runs; for everything else use an API key.");
  await ask(authorizeRunToken, context, { runId: id });
  return mintRunToken(context.actor, id);
}

async function generic({ query, context }: WireCall): Promise<string> {
  const text = query.get("expires_in");
  const seconds = text === null ? DEFAULT_LIFETIME_S : Number(text);
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new AppError("invalid_input", "expires_in is a whole number of seconds.", { fields: { expires_in: "range" } });
  if (seconds > LONGEST_LIFETIME_S)
    throw new AppError("bad_request", `The maximum expiration time for generic API tokens allowed by this server is ${LONGEST_LIFETIME_S} seconds.`);
  return loginAs(context.actor, Math.min(seconds, longestFor(context.actor.credential))).token;
}

/** A password's or device's login can't renew itself: what it asks for ends with it. Keys and personal tokens could log in again anyway. */
function longestFor({ kind, expiresAt }: Credential): number {
  if (expiresAt === undefined || (kind !== "password" && kind !== "device")) return LONGEST_LIFETIME_S;
  return Math.max(1, expiresAt - Math.floor(Date.now() / 1000));
}
