import "server-only";
import type { Target } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { CLAIMS } from "./schema";

export type DirectoryRow = { id: string; slug: string; name: string; provider: string; active: boolean; silentAfterHours: number; holdPercent: number };

/** A directory of the organization as a command's target; `lock`: against other writers until the commit. Error: not_found. */
export async function loadDirectory(tx: Tx, actor: Actor, id: string, lock: "lock" | "read" = "read"): Promise<Target & { directory: DirectoryRow }> {
  const row = await tx
    .selectFrom("directory")
    .select(["id", "slug", "name", "provider", "active", "silent_after_hours as silentAfterHours", "hold_percent as holdPercent"])
    .where("id", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .$if(lock === "lock", (query) => query.forUpdate())
    .executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such directory.");
  return { thing: { type: "directory", id: row.id, name: row.name }, directory: row };
}

/** The same for what only a directory that is provisioned has: a kind, an alarm, tokens. Error: not_found. */
export async function loadProvisioned(tx: Tx, actor: Actor, id: string): ReturnType<typeof loadDirectory> {
  const target = await loadDirectory(tx, actor, id, "lock");
  if (target.directory.provider === CLAIMS) throw new AppError("not_found", "There is no such directory.", { fix: "Its connection is under Single sign-on." });
  return target;
}
