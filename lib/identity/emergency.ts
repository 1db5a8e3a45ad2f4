import "server-only";
import { noteRefusedCredential } from "./refused-credentials";
import { sql } from "kysely";
import { z } from "zod";
import type { Grant } from "@/lib/authz/can";
import { defineCommand, execute, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { secretLink } from "@/lib/mail/mail";
import { type Actor, displayName, loadActor } from "./actor";
import { LINK_SECRET, newLink, personOfLink, spendLink } from "./one-use-link";
import { createSession, liveSession, newSession } from "./session";
import type { StartedSession } from "./start-session";

// Emergency sign-in: who may read the host's keys lets a System Admin in when the usual way is broken or enforced away. One link, 15
// minutes, one use; one session of an hour that nothing prolongs; each step in the trail, and every admin sees it while it lasts.

const LINK_MINUTES = 15;
const SESSION_HOURS = 1;
const COMMAND = "Run npm exec reeve -- emergency-login <e-mail address> on the host.";

/** True for who holds System Admin on the organization now, and is not denied it. */
const isSystemAdmin = (subject: { grants: readonly Grant[] }) =>
  subject.grants.some((grant) => grant.role === "system-admin" && grant.effect === "allow") &&
  !subject.grants.some((grant) => grant.role === "system-admin" && grant.effect === "deny");

/** Makes the link for a System Admin, by e-mail address or name. Errors: not_found, forbidden for who is no active System Admin. */
export const createEmergencyLink = defineCommand({
  name: "emergency-link.created",
  permission: "system:update",
  input: z.strictObject({ person: z.string().trim().min(1).max(320) }),
  scope: () => ({}),
  run: async ({ tx, actor, input: { person: name } }) => {
    // From a shell on the host alone: in a browser it would let one admin become another.
    if (actor.kind !== "operator") throw new AppError("not_found", "An emergency link is made on the host alone.", { fix: COMMAND });
    const [row, ...more] = await tx
      .selectFrom("principal")
      .select(["id", "active"])
      .where("organization_id", "=", actor.organizationId)
      .where("kind", "=", "user")
      .where(sql<boolean>`(lower(email) = lower(${name}) or lower(name) = lower(${name}))`)
      .execute();
    if (!row || more.length > 0)
      throw new AppError("not_found", row ? `Several people are called ${name}.` : `Nobody here is called ${name}.`, { fix: await admins(tx, actor) });
    const person = row.active ? await loadActor(tx, row.id, { kind: "session", id: row.id, label: "emergency link" }) : undefined;
    if (!person || !isSystemAdmin(person))
      throw new AppError("forbidden", `${name} is ${row.active ? "not a System Admin" : "deactivated"}: an emergency link is for an active System Admin.`, {
        fix: await admins(tx, actor),
      });
    const { secret, expiresAt } = await newLink(tx, { principalId: row.id, purpose: "emergency", createdBy: null, minutes: LINK_MINUTES });
    return {
      result: { link: secretLink("/sign-in/emergency", secret), expiresAt, name: displayName(person) },
      audit: { target: { type: "user", id: row.id, name: displayName(person) }, after: { endsAt: expiresAt } },
    };
  },
});

/** Whom the operator may name, in a sentence. */
async function admins(tx: Tx, { organizationId }: Actor): Promise<string> {
  const rows = await tx
    .selectFrom("principal as p")
    .innerJoin("role_grant as g", "g.principal_id", "p.id")
    .select(["p.name", "p.email"])
    .distinct()
    .where("p.organization_id", "=", organizationId)
    .where("p.kind", "=", "user")
    .where("p.active", "=", true)
    .where("g.role", "=", "system-admin")
    .where("g.effect", "=", "allow")
    .where(sql<boolean>`g.valid_from <= now() and (g.valid_to is null or g.valid_to > now())`)
    .limit(10)
    .execute();
  const names = rows.map((row) => row.email ?? row.name).sort();
  return names.length > 0 ? `Active System Admins: ${names.join(", ")}.` : "There is no active System Admin: apply a set-up file that names one.";
}

/** Uses the link up and opens the session, in one transaction. The actor is whom the link is for. */
export const startEmergencySession = defineCommand({
  name: "emergency-session.started",
  permission: "session:create",
  input: z.strictObject({ secret: z.string().regex(LINK_SECRET), token: z.string().length(43), replacedToken: z.string().optional() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input, request }) => {
    if (!isSystemAdmin(actor) || !(await spendLink(tx, "emergency", input.secret, actor.id))) throw linkEnded();
    const replaced = input.replacedToken ? await liveSession(tx, input.replacedToken) : undefined;
    if (replaced) await tx.deleteFrom("session").where("id", "=", replaced.id).execute();
    const { id } = actor.credential;
    const { expiresAt } = await createSession(tx, actor.id, request, { id, token: input.token, kind: "emergency", hours: SESSION_HOURS });
    const started = { target: { type: "session", id, name: displayName(actor) }, after: { kind: "emergency", endsAt: expiresAt } };
    const ended = replaced && {
      action: "session.ended",
      target: { type: "session", id: replaced.id, name: replaced.full_name || replaced.name },
      reason: "replaced_by_sign_in",
    };
    return { result: { expiresAt }, audit: ended ? [ended, started] : [started] };
  },
});

const linkEnded = () =>
  new AppError("not_found", "This link was used, is older than 15 minutes, or its account is no System Admin any more.", {
    fix: `${COMMAND} It prints a new link.`,
  });

/** Redeems a link's secret, exactly once. Error: not_found. */
export async function redeemEmergencyLink(secret: string, request: RequestContext, replacedToken?: string): Promise<StartedSession> {
  const session = newSession();
  const actor = await inScope([], async (tx): Promise<Actor | undefined> => {
    const person = await personOfLink(tx, "emergency", secret);
    return person && loadActor(tx, person.id, { kind: "session", id: session.id, label: "emergency link" });
  });
  if (!actor) {
    noteRefusedCredential(request, "emergency link", "unknown_or_used_link");
    throw linkEnded();
  }
  const input = { secret, token: session.token, ...(replacedToken ? { replacedToken } : {}) };
  const { expiresAt } = await execute(startEmergencySession, { actor, request, workspace: null }, input);
  return { ...session, expiresAt };
}

/** Ends an emergency session before its hour is over: any System Admin may, and who holds it. */
export const endEmergencySession = defineCommand({
  name: "emergency-session.ended",
  permission: "session:revoke",
  input: z.strictObject({ id: z.uuid() }),
  scope: async ({ tx, actor, input }) => ({ ownerId: (await emergencySession(tx, input.id, actor))?.principal_id ?? actor.id }),
  run: async ({ tx, actor, input }) => {
    const row = await emergencySession(tx, input.id, actor);
    if (!row) return { result: null, audit: UNCHANGED }; // it ended meanwhile: that is what was asked for
    await tx.deleteFrom("session").where("id", "=", row.id).execute();
    return { result: null, audit: { target: { type: "session", id: row.id, name: row.full_name || row.name }, reason: "ended_by_hand" } };
  },
});

const emergencySession = (tx: Tx, id: string, { organizationId }: Actor) =>
  tx
    .selectFrom("session as s")
    .innerJoin("principal as p", "p.id", "s.principal_id")
    .select(["s.id", "s.principal_id", "p.name", "p.full_name"])
    .where("s.id", "=", id)
    .where("s.kind", "=", "emergency")
    .where("p.organization_id", "=", organizationId)
    .executeTakeFirst();
