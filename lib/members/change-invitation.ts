import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { requireGrantable, targetOf } from "@/lib/access/grants";
import { defineCommand } from "@/lib/kernel/command";
import { sendsMail } from "@/lib/mail/mail";
import { expiry, invitationFacts, invitationLink, invitationMails, loadInvitation, newInvitationSecret } from "./invitations";

// What can still happen to an invitation before it is accepted: a new link, or none any more.

const input = z.strictObject({ invitationId: z.uuid() });

/** A new link for seven more days; the old one opens nothing. Errors: not_found, forbidden when the role is more than the actor holds. */
export const resendInvitation = defineCommand({
  name: "invitation.resent",
  permission: "invitation:update",
  input,
  scope: async ({ tx, actor, input, workspace }) => {
    const invitation = await loadInvitation(tx, actor, workspace, input.invitationId);
    return { ...targetOf(invitation.scope, { type: "invitation", id: invitation.id, name: invitation.email }), invitation };
  },
  run: async ({ tx, actor, target: { invitation } }) => {
    const { role, scope, grantUntil } = invitation;
    requireGrantable(actor, { role, scope, effect: "allow", until: grantUntil, subject: { id: "", kind: "user", homeWorkspaceId: null } });
    const { secret, hash } = newInvitationSecret();
    const row = await tx
      .updateTable("invitation")
      .set({ token_sha256: hash, expires_at: expiry, created_by: actor.id, mailed_at: sendsMail() ? sql<string>`clock_timestamp()` : null })
      .where("id", "=", invitation.id)
      .returning("expires_at")
      .executeTakeFirstOrThrow();
    const renewed = { ...invitation, expiresAt: row.expires_at };
    return {
      result: { id: invitation.id, email: invitation.email, link: invitationLink(secret), expiresAt: row.expires_at, isMailed: sendsMail() },
      queue: await invitationMails(tx, actor, renewed, secret),
      audit: {
        target: { type: "invitation", id: invitation.id, name: invitation.email, projectId: scope.projectId },
        before: { expiresAt: invitation.expiresAt },
        after: { expiresAt: row.expires_at },
      },
    };
  },
});

/** Ends an invitation: its link opens nothing. Error: not_found. */
export const revokeInvitation = defineCommand({
  name: "invitation.revoked",
  permission: "invitation:delete",
  input,
  scope: async ({ tx, actor, input, workspace }) => {
    const invitation = await loadInvitation(tx, actor, workspace, input.invitationId);
    return { ...targetOf(invitation.scope, { type: "invitation", id: invitation.id, name: invitation.email }), invitation };
  },
  run: async ({ tx, target: { invitation } }) => {
    await tx.updateTable("invitation").set({ revoked_at: sql<string>`clock_timestamp()` }).where("id", "=", invitation.id).execute();
    return {
      result: { id: invitation.id, email: invitation.email },
      audit: {
        target: { type: "invitation", id: invitation.id, name: invitation.email, projectId: invitation.scope.projectId },
        before: { state: "open", ...invitationFacts(invitation) },
        after: { state: "revoked", ...invitationFacts(invitation) },
      },
    };
  },
});
