import "server-only";
import { tokenHash } from "@/lib/identity/session";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";
import { SignInRefused } from "./schema";

/**
 * Takes a signed message of a provider, an assertion or a logout request, by its id: good once, whatever process it reaches (SAML-28). `within`: the
 * transaction of what it does, when it is spent only if that holds. Error: SignInRefused.
 */
export async function spendMessage(connectionId: string, { id, endsAt }: { id: string; endsAt: string }, within?: Tx): Promise<void> {
  const note = (tx: Tx) =>
    tx
      .insertInto("sso_assertion")
      .values({ connection_id: connectionId, assertion_sha256: tokenHash(id), ends_at: endsAt })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
  const noted = await (within ? note(within) : outsideScope(note));
  if (noted.numInsertedOrUpdatedRows !== 1n) throw new SignInRefused("saml.replayed");
}
