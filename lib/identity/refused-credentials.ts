import "server-only";
import { recordAudit } from "@/lib/audit/record";
import { logError } from "@/lib/kernel/log";
import { toAppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { systemActor } from "./actor";
import { sourceOf } from "./throttle";

// Bad credentials in the trail: the first from a source and reason is an entry at once; what follows within its minute is one more
// entry with a count. A flood of guesses costs no query each (KEY-1).

type Window = { count: number; request: RequestContext; reason: string; surface: string };

const WINDOW_MS = 60_000;
const MAX_SOURCES = 5_000;
const open = new Map<string, Window>();

/** Notes one refused credential. Never throws: the refusal itself must go out whatever the database says. */
export function noteRefusedCredential(request: RequestContext, surface: string, reason: string): void {
  const key = `${open.size < MAX_SOURCES ? sourceOf(request.address) : "many sources"}\n${surface}\n${reason}`;
  const window = open.get(key);
  if (window) {
    window.count++;
    return;
  }
  open.set(key, { count: 0, request, reason, surface });
  void write(request, surface, reason, 1);
  setTimeout(() => void close(key), WINDOW_MS).unref();
}

async function close(key: string): Promise<void> {
  const window = open.get(key);
  open.delete(key);
  if (window && window.count > 0) await write(window.request, window.surface, window.reason, window.count);
}

/** Writes what is still counted; at shutdown. */
export async function flushRefusedCredentials(): Promise<void> {
  await Promise.all([...open.keys()].map(close));
}

async function write(request: RequestContext, surface: string, reason: string, count: number): Promise<void> {
  try {
    await inScope([], async (tx) => {
      const organization = await tx.selectFrom("organization").select("id").executeTakeFirst();
      if (!organization) return;
      const actor = { ...systemActor(organization.id), fullName: "unknown", credential: { kind: "system" as const, id: "none", label: "refused credential" } };
      await recordAudit(tx, { actor, request, workspaceId: null, action: "credential.refused", outcome: "denied" }, [
        { target: { type: "credential", name: surface }, reason, count },
      ]);
    });
  } catch (error) {
    logError(request, toAppError(error));
  }
}
