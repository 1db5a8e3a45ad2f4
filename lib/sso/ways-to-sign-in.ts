import "server-only";
import { sql } from "kysely";
import { outsideScope } from "@/lib/kernel/transaction";
import { domainOf } from "./person-of";
import { REFUSALS, type Refusal } from "./schema";

// What the sign-in page asks: where an address signs in, and why the last try was refused. Public: a domain's provider is no secret, and nothing
// here depends on whether an account exists.

/** `connection`: where the address's domain signs in; `password`: whether a password is taken beside it. */
export type WaysToSignIn = { connection: { id: string; name: string } | null; password: boolean };

export async function waysToSignIn(email: string): Promise<WaysToSignIn> {
  const domain = domainOf(email);
  const row = await outsideScope((tx) =>
    tx
      .selectFrom("sso_domain as d")
      .innerJoin("sso_connection as c", "c.id", "d.connection_id")
      .select(["c.id", "c.name", "d.enforced_at"])
      .where("d.domain", "=", domain)
      .where("d.proven_at", "is not", null)
      .where("c.state", "=", "on")
      .where("c.deleted_at", "is", null)
      .executeTakeFirst(),
  );
  return { connection: row ? { id: row.id, name: row.name } : null, password: !row?.enforced_at };
}

/** A connection that is on, by its name in addresses. */
export function connectionOfSlug(slug: string): Promise<{ id: string; name: string } | undefined> {
  return outsideScope((tx) =>
    tx
      .selectFrom("sso_connection")
      .select(["id", "name"])
      .where("slug", "=", slug)
      .where("state", "=", "on")
      .where("deleted_at", "is", null)
      .executeTakeFirst(),
  );
}

/** Whether any domain only takes single sign-on: the page then names the emergency sign-in. */
export async function isAnyEnforced(): Promise<boolean> {
  return (await outsideScope((tx) => sql`select 1 from sso_domain where enforced_at is not null limit 1`.execute(tx))).rows.length > 0;
}

/** Why an attempt of the last hour was refused, with the request that it was; undefined when it was not. */
export async function refusalOfAttempt(attemptId: string): Promise<{ text: string; requestId: string } | undefined> {
  const row = await outsideScope((tx) =>
    tx
      .selectFrom("sso_attempt")
      .select(["refusal", "request_ref"])
      .where("id", "=", attemptId)
      .where("outcome", "=", "refused")
      .where(sql<boolean>`at > clock_timestamp() - interval '1 hour'`)
      .executeTakeFirst(),
  );
  return row ? { text: REFUSALS[row.refusal as Refusal] ?? REFUSALS.library, requestId: row.request_ref } : undefined;
}
