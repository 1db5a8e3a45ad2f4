import "server-only";
import type { Target } from "@/lib/authz/can";
import { type CallContext, recordRefusal } from "./command";
import { AppError } from "./errors";

// Refusals by a rule while the server reads something for somebody: a file outside of its store, a connector that is for another bucket. They are denials
// as those by a role, and are met again with each look at a page: the first of an actor, thing and reason is an entry, and the same within the next
// minutes is not.

const QUIET_MS = 5 * 60_000;
const MOST = 5_000;

// Next bundles several copies of this module into one process.
declare global {
  var reeveRefusedReads: Map<string, number> | undefined;
}

/** Notes the refusal, unless it was noted within the last minutes; false when it was, or is no refusal. */
export async function noteRefusedRead(context: CallContext, action: string, error: unknown, target: Target): Promise<boolean> {
  if (!(error instanceof AppError) || error.code !== "forbidden") return false;
  globalThis.reeveRefusedReads ??= new Map();
  const noted = globalThis.reeveRefusedReads;
  const { actor } = context;
  const key = [actor.id, actor.workload?.runId ?? "", action, target.workspaceId ?? "", target.thing?.id ?? "", error.reason ?? ""].join(" ");
  const now = Date.now();
  if ((noted.get(key) ?? 0) > now - QUIET_MS) return false;
  noted.delete(key);
  noted.set(key, now);
  for (const oldest of noted.keys()) {
    if (noted.size <= MOST) break;
    noted.delete(oldest);
  }
  try {
    await recordRefusal(context, action, error, target);
    return true;
  } catch (failure) {
    noted.delete(key);
    throw failure;
  }
}

/** Does the work, and notes what it refuses. Error: what the work throws. */
export async function notingRefusals<T>(context: CallContext, action: string, target: Target, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await noteRefusedRead(context, action, error, target);
    throw error;
  }
}
