import "server-only";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import { emailDomain } from "@/lib/identity/enforced-domain";
import type { Tx } from "@/lib/kernel/transaction";
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

/**
 * Active System Admins, without an end and not denied, who can sign in once the domain is enforced too: through a connection that is on and to
 * which they are linked, or by a password where no domain of theirs is enforced.
 */
export async function adminsWhoGetIn(tx: Tx, actor: Pick<Actor, "organizationId">, domain: DomainRow): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct p.id from role_grant g join principal p on p.id = g.principal_id
      left join sso_domain d on d.organization_id = p.organization_id and d.domain = ${emailDomain(sql`p.email`)} and (d.enforced_at is not null or d.id = ${domain.id})
    where g.organization_id = ${actor.organizationId} and g.role = 'system-admin' and g.scope_kind = 'organization' and g.effect = 'allow'
      and g.valid_from <= clock_timestamp() and g.valid_to is null and p.active and p.kind = 'user' and p.deleted_at is null
      and not exists (select 1 from role_grant n where n.principal_id = p.id and n.effect = 'deny' and n.scope_kind = 'organization'
        and (n.valid_to is null or n.valid_to > clock_timestamp()))
      and (exists (select 1 from sso_identity i join sso_connection c on c.id = i.connection_id and c.state = 'on' and c.deleted_at is null
            where i.principal_id = p.id and (d.id is null or c.id = d.connection_id))
        or (d.id is null and exists (select 1 from local_password l where l.principal_id = p.id)))`.execute(tx);
  return rows.map((row) => row.id);
}

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
