import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reasonField, roleField, scopeFields, untilField } from "@/lib/access/access-input";
import { requireGrantable, scopeOfInput, targetOf } from "@/lib/access/grants";
import { roleNamed } from "@/lib/access/role-named";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { sendsMail } from "@/lib/mail/mail";
import { expiry, invitationFacts, invitationLink, invitationMails, newInvitationSecret } from "./invitations";

// Invites somebody who has no account: the link is shown once and mailed when a mail server is set. The role is given at acceptance, and
// only if the inviter may still give it then.

/** Gives the link. Errors: invalid_input, forbidden (exceeds the inviter), conflict when the address has an account. */
export const invitePerson = defineCommand({
  name: "invitation.created",
  permission: "invitation:create",
  input: z.strictObject({
    email: z.email({ error: "An e-mail address has a name, an @ and a domain, such as lena@example.com." }).trim().max(320),
    name: z.string().trim().max(100).default(""),
    role: roleField,
    ...scopeFields,
    until: untilField,
    note: reasonField,
  }),
  scope: async ({ tx, input, workspace }) => {
    const scope = await scopeOfInput(tx, workspace, input);
    return { ...targetOf(scope), scope };
  },
  run: async ({ tx, actor, input, target: { scope } }) => {
    const role = await roleNamed(tx, actor.organizationId, input.role);
    requireGrantable(actor, { role, scope, effect: "allow", until: input.until, subject: { id: "", kind: "user", homeWorkspaceId: null } });
    const taken = await tx
      .selectFrom("principal")
      .select("active")
      .where("organization_id", "=", actor.organizationId)
      .where("kind", "=", "user")
      .where(sql<boolean>`lower(email) = lower(${input.email})`)
      .executeTakeFirst();
    if (taken)
      throw new AppError("conflict", `${input.email} has an account${taken.active ? "" : " that is deactivated"}.`, {
        fix: taken.active ? "Add them as a member instead." : "Restore the account instead.",
        fields: { email: taken.active ? "This person has an account: add them as a member." : "This account is deactivated: restore it." },
      });
    const { secret, hash } = newInvitationSecret();
    const row = await tx
      .insertInto("invitation")
      .values({
        id: newId(),
        organization_id: actor.organizationId,
        token_sha256: hash,
        email: input.email,
        full_name: input.name,
        role: input.role,
        scope_kind: scope.kind,
        workspace_ref: scope.workspaceId,
        project_ref: scope.projectId,
        grant_until: input.until,
        note: input.note,
        created_by: actor.id,
        expires_at: expiry,
        mailed_at: sendsMail() ? sql<string>`clock_timestamp()` : null,
      })
      .returning(["id", "expires_at"])
      .executeTakeFirstOrThrow();
    const invitation = {
      id: row.id,
      email: input.email,
      fullName: input.name,
      role,
      scope,
      grantUntil: input.until,
      note: input.note,
      expiresAt: row.expires_at,
    };
    return {
      result: { id: row.id, email: input.email, link: invitationLink(secret), expiresAt: row.expires_at, isMailed: sendsMail() },
      queue: await invitationMails(tx, actor, invitation, secret),
      audit: {
        target: { type: "invitation", id: row.id, name: input.email, projectId: scope.projectId },
        after: { ...invitationFacts(invitation), expiresAt: row.expires_at },
      },
    };
  },
});
