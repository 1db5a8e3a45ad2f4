import "server-only";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import { emailDomain } from "@/lib/identity/enforced-domain";
import type { ConnectionRow } from "./load-connection";
import type { DomainRow } from "./load-domain";

// What enforcing a domain means: its accounts sign in through the connection alone, save by the emergency sign-in. It is refused where it
// would lock everyone out.

/** Accounts of people whose address lies in a domain, as `p`. */
export const ofDomain = (actor: Pick<Actor, "organizationId">, domain: string): RawBuilder<unknown> =>
  sql`p.organization_id = ${actor.organizationId} and p.kind = 'user' and p.active and p.deleted_at is null and ${emailDomain(sql`p.email`)} = ${domain}`;

/** Sessions `s` of accounts `p` that enforcing ends: not those through the connection, not an emergency's, not the actor's own. */
export const endingSessions = (actor: Actor, connectionId: string): RawBuilder<unknown> =>
  sql`s.principal_id = p.id and s.kind <> 'emergency' and s.sso_connection_id is distinct from ${connectionId}::uuid and s.id::text <> ${actor.credential.id}`;

/** Why a domain can't be enforced now, and what to do; undefined when it can. `admins`: who still gets in. */
export function whyNot(actor: Actor, domain: DomainRow, connection: ConnectionRow, admins: readonly string[]): { message: string; fix: string } | undefined {
  if (domain.proof === null) return { message: `${domain.domain} is not proven yet.`, fix: "Prove it first." };
  if (connection.state !== "on") return { message: `${connection.name} is not switched on.`, fix: "Switch it on first." };
  if (connection.testedVersion === null) return { message: `No test login has passed through ${connection.name}.`, fix: "Make one first: step 5." };
  if (connection.testedVersion !== connection.version)
    return { message: `${connection.name} was changed since its last test login.`, fix: "Make a new one first: step 5." };
  if (admins.length === 0)
    return {
      message: "No System Admin could sign in any more.",
      fix: `Link a System Admin's account to ${connection.name} first, in My account, or keep one with a password and an address of another domain.`,
    };
  if (actor.kind === "user" && !admins.includes(actor.id))
    return { message: "You could not sign in any more yourself.", fix: `Link your own account to ${connection.name} first, in My account.` };
  return undefined;
}
