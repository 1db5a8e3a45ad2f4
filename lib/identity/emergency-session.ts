import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import type { Actor } from "./actor";

/** An emergency session ends within the hour, so it makes nothing that outlives it. Error: forbidden. */
export async function refuseEmergency(tx: Tx, actor: Actor, what = "devices, tokens and keys"): Promise<void> {
  if (actor.credential.kind !== "session") return;
  const session = await tx.selectFrom("session").select("kind").where("id", "=", actor.credential.id).executeTakeFirst();
  if (session?.kind === "emergency")
    throw new AppError("forbidden", `An emergency session makes no ${what}.`, { fix: "Sign in as usual.", reason: "emergency_session" });
}
