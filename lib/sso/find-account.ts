import "server-only";
import { sql } from "kysely";
import { isLocalAdmin } from "@/lib/directories/follow-directory";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import type { Connection } from "./connection";
import { domainOf, type SaidPerson } from "./person-of";
import { SignInRefused } from "./schema";

// The account that an identity belongs to. Once linked, the provider's subject decides and the address no more. A first sign-in links by the
// address only in domains that are proven for the connection, and never to a System Admin's account that was made here (SAML-33, SAML-34).

export type FoundAccount = { principalId: string; effect: "existing" | "linked" | "created" };

/** Finds, links or makes the account, and locks it. Error: SignInRefused. */
export async function findAccount(tx: Tx, connection: Connection, person: SaidPerson, linkTo?: string): Promise<FoundAccount> {
  const accounts = tx
    .selectFrom("principal as p")
    .select(["p.id", "p.active"])
    .where("p.organization_id", "=", connection.organizationId)
    .where("p.kind", "=", "user")
    .where("p.deleted_at", "is", null);
  const linked = await accounts
    .innerJoin("sso_identity as i", "i.principal_id", "p.id")
    .where("i.connection_id", "=", connection.id)
    .where("i.subject", "=", person.subject)
    .forUpdate("p")
    .executeTakeFirst();
  if (linked) {
    if (linkTo !== undefined && linked.id !== linkTo) throw new SignInRefused("other_account");
    return { principalId: requireActive(linked), effect: "existing" };
  }
  if (linkTo !== undefined) {
    const own = await accounts.where("p.id", "=", linkTo).forUpdate().executeTakeFirst();
    return { principalId: requireActive(own), effect: "linked" };
  }
  if (!person.email) throw new SignInRefused("no_email");
  if (person.emailVerified === false) throw new SignInRefused("email_unverified");
  const domain = await tx
    .selectFrom("sso_domain")
    .select("id")
    .where("connection_id", "=", connection.id)
    .where("domain", "=", domainOf(person.email))
    .where("proven_at", "is not", null)
    .executeTakeFirst();
  if (!domain) throw new SignInRefused("domain_not_proven", domainOf(person.email));
  // One at a time for an address: two first sign-ins at once are one account.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sso:${person.email}`}, 0))`.execute(tx);
  const same = await accounts.where(sql<boolean>`lower(p.email) = ${person.email}`).forUpdate().executeTakeFirst();
  if (same) {
    const principalId = requireActive(same);
    if (await isLocalAdmin(tx, principalId)) throw new SignInRefused("needs_proof");
    // Addresses are given out again; the provider's subject is not. Who has one here already is not somebody new with the same address.
    const other = await tx
      .selectFrom("sso_identity")
      .select("id")
      .where("connection_id", "=", connection.id)
      .where("principal_id", "=", principalId)
      .executeTakeFirst();
    if (other) throw new SignInRefused("other_account", "the address was linked to another subject");
    return { principalId, effect: "linked" };
  }
  if (!connection.makesAccounts) throw new SignInRefused("no_account");
  const id = newId();
  await tx
    .insertInto("principal")
    .values({ id, organization_id: connection.organizationId, kind: "user", name: person.email, email: person.email, full_name: person.name, active: true })
    .execute();
  return { principalId: id, effect: "created" };
}

function requireActive(account: { id: string; active: boolean } | undefined): string {
  if (!account?.active) throw new SignInRefused("account_ended");
  return account.id;
}
