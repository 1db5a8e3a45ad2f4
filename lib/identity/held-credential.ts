import "server-only";
import type { Limits } from "@/lib/authz/limits";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import type { ActorRow, Credential } from "./actor";

// What every kind of wire credential is once its row was read and found good: who it acts as, what it is limited to, and how its use
// is noted. One file per kind reads its table; `wire-credential.ts` does the rest for all of them.

export type HeldCredential = {
  principalId: string;
  /** Who it acts as, read with it in one statement; null when the account is not active. */
  actor: ActorRow | null;
  credential: Credential;
  limits: Limits | undefined;
  generation: number;
  /** The generation before holds too, while a rotated key's old secret is retained. */
  previousHolds?: boolean;
  /** What is said when the generation is an older one. */
  outdated: () => Error;
  /** What is said when the account itself is not active. */
  inactiveAccount: () => Error;
  /** Notes the use, at most once a minute; `isPrevious`: by the secret from before the rotation. Left out where nothing is due. */
  noteUse?: (tx: Tx, request: RequestContext, isPrevious: boolean) => Promise<void>;
};
