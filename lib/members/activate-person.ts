import "server-only";
import { openInvitation } from "./invitations";
import { acceptWithLink } from "./accept-invitation";
import { noteRefusedCredential } from "@/lib/identity/refused-credentials";
import { sql } from "kysely";
import { z } from "zod";
import { type Actor, systemActor } from "@/lib/identity/actor";
import { hashOfLink, LINK_SECRET, spendLink } from "@/lib/identity/one-use-link";
import { hashPassword } from "@/lib/identity/password";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import { charge, sourceKey } from "@/lib/identity/throttle";
import { defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";

// A person who is not active sets a password with a one-use token and is active from then on. Nobody is signed in: the token is the proof,
// and the trail names the person. Every wrong token counts against its source.

const refused = () =>
  new AppError("forbidden", "The activation token is not valid, was used, or has ended.", {
    fix: "Ask a System Admin for a new one.",
    reason: "bad_activation_token",
  });

/** The actor is the person to be, as the system; see `activateWithToken`. Errors: forbidden, invalid_input. */
export const activatePerson = defineCommand({
  name: "user.activated",
  permission: "user:update",
  input: z.strictObject({
    principalId: z.uuid(),
    token: z.string().max(200),
    password: z.string().max(1_024),
    fullName: z.string().trim().max(100).nullish(),
  }),
  scope: async ({ tx, input }) => {
    const person = await inactive(tx, input.principalId);
    if (!person) throw new AppError("not_found", "There is no such person here.");
    return { thing: { type: "user", id: person.id, name: person.full_name || person.name }, person };
  },
  run: async ({ tx, actor, input, target: { person, thing }, now }) => {
    if (actor.kind !== "system" || !(await spendLink(tx, "activation", input.token, person.id)))
      throw new AppError("not_found", "This token was used or has ended.", { fix: "Ask a System Admin for a new one." });
    const problem = passwordProblem(input.password, [person.name, person.full_name, person.organization]);
    if (problem) throw new AppError("invalid_input", passwordSentence(problem), { fields: { password: passwordSentence(problem) } });
    const hash = await hashPassword(input.password);
    await tx
      .insertInto("local_password")
      .values({ principal_id: person.id, hash })
      .onConflict((conflict) => conflict.column("principal_id").doUpdateSet({ hash, changed_at: now }))
      .execute();
    await tx
      .updateTable("principal")
      .set({ active: true, ended_by: null, ended_at: null, full_name: input.fullName || person.full_name, epoch: sql`epoch + 1`, updated_at: now })
      .where("id", "=", person.id)
      .execute();
    return { result: { id: person.id }, audit: { target: thing, before: { active: false }, after: { active: true, signIn: "local" } } };
  },
});

/** Activates by name or id. Errors: forbidden for any token that does not hold for this person, too_many_requests, invalid_input. */
export async function activateWithToken(
  nameOrId: string,
  input: { token: string; password: string; fullName?: string | null },
  request: RequestContext,
): Promise<{ id: string; actor: Actor }> {
  const waitS = await charge(sourceKey(request.address));
  if (waitS > 0) throw new AppError("forbidden", `Too many tries; the next one is possible in ${waitS} seconds.`, { reason: "throttled" });
  const found = LINK_SECRET.test(input.token) ? await inScope([], (tx) => personOfToken(tx, nameOrId, input.token)) : undefined;
  if (!found) {
    // What `user create <e-mail address>` gave out is the secret of an invitation.
    const invited = await inScope([], (tx) => openInvitation(tx, input.token, false));
    if (invited && [invited.id, invited.email.toLowerCase()].includes(nameOrId.toLowerCase())) return activateInvited(invited, input, request);
    noteRefusedCredential(request, "activation token", "unknown_or_used_token");
    throw refused();
  }
  const actor: Actor = {
    ...systemActor(found.organization_id),
    id: found.id,
    name: found.name,
    fullName: found.full_name,
    credential: { kind: "system", id: found.id, label: "activation token" },
  };
  await execute(activatePerson, { actor, request, workspace: null }, { principalId: found.id, ...input });
  return { id: found.id, actor };
}

async function activateInvited(
  invitation: { email: string; organizationId: string },
  input: { token: string; password: string; fullName?: string | null },
  request: RequestContext,
): Promise<{ id: string; actor: Actor }> {
  const name = input.fullName || invitation.email;
  const { principalId } = await acceptWithLink({ secret: input.token, name, password: input.password }, undefined, request);
  const credential = { kind: "system" as const, id: principalId, label: "invitation link" };
  return { id: principalId, actor: { ...systemActor(invitation.organizationId), id: principalId, name: invitation.email, fullName: name, credential } };
}

const inactive = (tx: Tx, id: string) =>
  tx
    .selectFrom("principal as p")
    .innerJoin("organization as o", "o.id", "p.organization_id")
    .select(["p.id", "p.name", "p.full_name", "p.organization_id", "o.name as organization"])
    .where("p.id", "=", id)
    .where("p.kind", "=", "user")
    .where("p.active", "=", false)
    .where("p.deleted_at", "is", null)
    .forUpdate("p")
    .executeTakeFirst();

const personOfToken = (tx: Tx, nameOrId: string, token: string) =>
  tx
    .selectFrom("one_use_link as l")
    .innerJoin("principal as p", "p.id", "l.principal_id")
    .select(["p.id", "p.name", "p.full_name", "p.organization_id"])
    .where("l.token_sha256", "=", hashOfLink(token))
    .where("l.purpose", "=", "activation")
    .where("p.active", "=", false)
    .where(sql<boolean>`(p.id::text = lower(${nameOrId}) or lower(p.name) = lower(${nameOrId}))`)
    .executeTakeFirst();
