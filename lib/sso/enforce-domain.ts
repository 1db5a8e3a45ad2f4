import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { adminsWhoGetIn, lockSystemAdmins } from "@/lib/access/keep-a-system-admin";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { endingSessions, ofDomain, whyNot } from "./enforcement";
import { loadDomain } from "./load-domain";

const input = z.strictObject({ domainId: z.uuid() });

/**
 * From now on accounts of the domain sign in through the connection alone: their other sessions and password logins end at once, save the
 * actor's own session. Errors: not_found, conflict with what is missing, also when nobody who looks after the organization could get in.
 */
export const enforceDomain = defineCommand({
  name: "sso-domain.enforced",
  permission: "sso-connection:enforce",
  input,
  scope: ({ tx, actor, input: { domainId } }) => loadDomain(tx, actor, domainId),
  run: async ({ tx, actor, target: { domain, connection } }) => {
    if (domain.isEnforced) return { result: { domain: domain.domain, sessions: 0 }, audit: UNCHANGED };
    // As whatever else could take the last System Admin's way in: lib/access/keep-a-system-admin.ts.
    await lockSystemAdmins(tx, actor.organizationId);
    const refusal = whyNot(actor, domain, connection, await adminsWhoGetIn(tx, actor.organizationId, domain.id));
    if (refusal) throw new AppError("conflict", refusal.message, { fix: refusal.fix, reason: "not_enforceable" });
    await tx
      .updateTable("sso_domain")
      .set({ enforced_at: sql<string>`clock_timestamp()`, enforced_by: actor.kind === "user" ? actor.id : null })
      .where("id", "=", domain.id)
      .execute();
    const sessions =
      await sql`delete from session s using principal p where ${ofDomain(actor, domain.domain)} and ${endingSessions(actor, connection.id)}`.execute(tx);
    const logins = await sql`update principal p set epoch = epoch + 1
      where ${ofDomain(actor, domain.domain)} and exists (select 1 from local_password l where l.principal_id = p.id)`.execute(tx);
    const ended = Number(sessions.numAffectedRows ?? 0);
    return {
      result: { domain: domain.domain, sessions: ended },
      audit: {
        target: { type: "sso-domain", id: domain.id, name: domain.domain },
        before: { enforced: false },
        after: { enforced: true, connection: connection.name, sessionsEnded: ended, passwordAccounts: Number(logins.numAffectedRows ?? 0) },
      },
    };
  },
});

/** Accounts of the domain may sign in by their passwords again. Error: not_found. */
export const stopEnforcingDomain = defineCommand({
  name: "sso-domain.enforcement-ended",
  permission: "sso-connection:enforce",
  input,
  scope: ({ tx, actor, input: { domainId } }) => loadDomain(tx, actor, domainId),
  run: async ({ tx, target: { domain, connection } }) => {
    if (!domain.isEnforced) return { result: { domain: domain.domain }, audit: UNCHANGED };
    await tx.updateTable("sso_domain").set({ enforced_at: null, enforced_by: null }).where("id", "=", domain.id).execute();
    return {
      result: { domain: domain.domain },
      audit: {
        target: { type: "sso-domain", id: domain.id, name: domain.domain },
        before: { enforced: true, connection: connection.name },
        after: { enforced: false },
      },
    };
  },
});
