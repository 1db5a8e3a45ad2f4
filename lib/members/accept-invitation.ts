import "server-only";
import { noteRefusedCredential } from "@/lib/identity/refused-credentials";
import { can } from "@/lib/authz/can";
import { sql } from "kysely";
import { grantFacts, openGrant, targetOf } from "@/lib/access/grants";
import { type Actor, loadActor, systemActor } from "@/lib/identity/actor";
import { hashPassword } from "@/lib/identity/password";
import { isInEnforcedDomain } from "@/lib/identity/enforced-domain";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import { defineCommand, execute, requireNotViewing } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { acceptInput, type OpenInvitation } from "./invitation-schema";
import { openInvitation, placeWords } from "./invitations";

// Uses an invitation up: makes the account of somebody new, or gives the grant to the signed-in person with that address. The inviter's
// power is read now: who may no longer give the role no longer gives it.

const CLOSED = "This invitation was used, revoked or has expired.";

/** What the link's page shows; undefined when the link opens nothing. */
export async function readInvitation(secret: string, actor: Actor | undefined): Promise<OpenInvitation | undefined> {
  return inScope([], async (tx) => {
    const invitation = await openInvitation(tx, secret, false);
    if (!invitation) return undefined;
    const organization = await tx.selectFrom("organization").select("name").where("id", "=", invitation.organizationId).executeTakeFirstOrThrow();
    const inviter = await tx.selectFrom("principal").select(["full_name", "name"]).where("id", "=", invitation.createdBy).executeTakeFirst();
    const account = await accountOf(tx, invitation.organizationId, invitation.email);
    return {
      email: invitation.email,
      fullName: invitation.fullName,
      organization: organization.name,
      invitedBy: inviter?.full_name || inviter?.name || "somebody",
      role: invitation.role.title,
      place: await placeWords(tx, invitation.scope),
      grantUntil: invitation.grantUntil,
      note: invitation.note,
      expiresAt: invitation.expiresAt,
      hasAccount: account !== undefined,
      isThem: actor !== undefined && account?.id === actor.id,
    };
  });
}

const accountOf = (tx: Tx, organizationId: string, email: string) =>
  tx
    .selectFrom("principal")
    .select(["id", "name", "full_name", "active"])
    .where("organization_id", "=", organizationId)
    .where("kind", "=", "user")
    .where(sql<boolean>`lower(email) = lower(${email})`)
    .executeTakeFirst();

/** The actor is the person to be (acceptWithLink), or who is signed in. Errors: not_found, conflict, forbidden, invalid_input. */
export const acceptInvitation = defineCommand({
  name: "invitation.accepted",
  permission: "invitation:update",
  input: acceptInput,
  scope: async ({ tx, input }) => {
    const invitation = await openInvitation(tx, input.secret, true);
    return { thing: invitation && { type: "invitation", id: invitation.id, name: invitation.email }, invitation };
  },
  run: async ({ tx, actor, input, target: { invitation }, request }) => {
    if (!invitation) throw new AppError("not_found", CLOSED, { fix: "Ask who invited you for a new link." });
    const account = await accountOf(tx, invitation.organizationId, invitation.email);
    if (account && account.id !== actor.id)
      throw new AppError("conflict", "This address has an account already.", { fix: "Sign in with it and open the link again." });
    if (account && !account.active) throw new AppError("conflict", "This account ended.", { fix: "Ask your administrator." });
    const inviter = await loadActor(tx, invitation.createdBy, actor.credential);
    if (!inviter || !can(inviter, "invitation:create", targetOf(invitation.scope)).allowed)
      throw new AppError("conflict", "Who invited you may no longer invite.", {
        fix: "Ask another administrator for an invitation.",
        reason: "exceeds_granter",
      });

    const personId = account?.id ?? actor.id;
    const name = account ? account.full_name || account.name : (input.name ?? "");
    if (!account) {
      const enforced = isInEnforcedDomain(sql`${invitation.email}`, sql`${invitation.organizationId}::uuid`);
      if ((await tx.selectNoFrom(enforced.as("yes")).executeTakeFirstOrThrow()).yes)
        throw new AppError("conflict", `Addresses like ${invitation.email} sign in by single sign-on.`, {
          fix: "Sign in with it first, then open the link again.",
          reason: "sso_required",
        });
      const problem = passwordProblem(input.password ?? "", [name, invitation.email]);
      if (problem) throw new AppError("invalid_input", passwordSentence(problem), { fields: { password: passwordSentence(problem) } });
      if (name === "") throw new AppError("invalid_input", "Your name is missing.", { fields: { name: "Your name is missing." } });
      await tx
        .insertInto("principal")
        .values({
          id: personId,
          organization_id: invitation.organizationId,
          kind: "user",
          name: invitation.email.toLowerCase(),
          email: invitation.email,
          full_name: name,
          created_by: inviter.id,
        })
        .execute();
      await tx
        .insertInto("local_password")
        .values({ principal_id: personId, hash: await hashPassword(input.password ?? "") })
        .execute();
    }
    const { role, scope, grantUntil: until } = invitation;
    const subject = { id: personId, kind: "user" as const, name, homeWorkspaceId: null };
    const grant = { subject, role, scope, effect: "allow" as const, until, source: "person" as const, reason: invitation.note };
    const { id: grantId } = await openGrant(tx, inviter, request.requestId, grant);
    await tx.updateTable("invitation").set({ accepted_at: sql<string>`clock_timestamp()`, accepted_by: personId }).where("id", "=", invitation.id).execute();
    const created = {
      action: "user.created",
      target: { type: "user", id: personId, name },
      after: { name, email: invitation.email, signIn: "local", invitedBy: inviter.fullName || inviter.name },
    };
    return {
      result: { principalId: personId, isNew: !account },
      audit: [
        { target: { type: "invitation", id: invitation.id, name: invitation.email }, before: { state: "open" }, after: { state: "accepted" } },
        ...(account ? [] : [created]),
        {
          action: "grant.created",
          target: { type: "grant", id: grantId, name, projectId: scope.projectId },
          after: { ...grantFacts(grant), grantedBy: inviter.fullName },
        },
      ],
    };
  },
});

/** Accepts with the link's secret, which is the proof; the trail names the person. Errors: as the command's. */
export async function acceptWithLink(
  input: { secret: string; name?: string; password?: string },
  signedIn: Actor | undefined,
  request: RequestContext,
): Promise<{ principalId: string; isNew: boolean }> {
  const { invitation, account } = await inScope([], async (tx) => {
    const invitation = await openInvitation(tx, input.secret, false);
    return { invitation, account: invitation && (await accountOf(tx, invitation.organizationId, invitation.email)) };
  });
  if (!invitation) {
    noteRefusedCredential(request, "invitation link", "unknown_or_used_link");
    throw new AppError("not_found", CLOSED, { fix: "Ask who invited you for a new link." });
  }
  // Whoever is signed in accepts for themselves alone: somebody else's link makes the account of somebody else.
  const theirs = signedIn && account?.id === signedIn.id ? signedIn : undefined;
  requireNotViewing(theirs);
  const credential = { kind: "system" as const, id: invitation.id, label: "invitation link" };
  const person: Actor = {
    ...systemActor(invitation.organizationId),
    id: theirs?.id ?? newId(),
    name: theirs?.name ?? invitation.email,
    fullName: theirs?.fullName ?? input.name ?? "",
    credential,
  };
  return execute(acceptInvitation, { actor: person, request, workspace: null }, input);
}
