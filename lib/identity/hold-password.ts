import "server-only";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";
import { actorJson } from "./actor";
import type { HeldCredential } from "./held-credential";
import { refuseCredential } from "./refused-credential";

// A login by name and password as a credential: it holds while the person's epoch is the one it was made in, so that a new password, an
// end of all sessions and a deactivation end it, also after a return.

/** The password login of a person, good for use now. Errors: unauthenticated. */
export async function holdPassword(tx: Tx, principalId: string): Promise<HeldCredential> {
  const row = await tx
    .selectFrom("principal as p")
    .innerJoin("local_password as l", "l.principal_id", "p.id")
    .select(["p.id", "p.epoch"])
    .select(actorJson(sql.ref("p.id")).as("actor"))
    .where("p.id", "=", principalId)
    .executeTakeFirst();
  if (!row) throw refuseCredential("the account has no password", "no_password");
  return {
    principalId: row.id,
    actor: row.actor,
    credential: { kind: "password", id: row.id, label: "name and password" },
    limits: undefined,
    generation: row.epoch,
    outdated: () => refuseCredential("the password or the sessions of this account have ended since", "outdated_password"),
    inactiveAccount: () => refuseCredential("the account is not active", "inactive_account"),
  };
}
