import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { reasonField, roleField, untilField } from "./access-input";
import { closeGrant, grantFacts, loadOpenGrant, openGrant, requireEndable, targetOf } from "./grants";
import { keepASystemAdmin } from "./keep-a-system-admin";
import { roleNamed } from "./role-named";

// Another role or another end: the old interval ends and a new one begins, in one transaction, so that "as of" stays true.

/** Gives the new grant's id. Errors: not_found, invalid_input, forbidden, conflict when nothing would change. */
export const changeGrant = defineCommand({
  name: "grant.changed",
  permission: "grant:update",
  input: z.strictObject({ grantId: z.uuid(), role: roleField, until: untilField, reason: reasonField }),
  scope: async ({ tx, actor, input, workspace }) => {
    const grant = await loadOpenGrant(tx, actor, workspace, input.grantId);
    return { ...targetOf(grant.scope, { type: "grant", id: grant.id, name: grant.subject.name }), grant };
  },
  run: async ({ tx, actor, input, target: { grant }, request }) => {
    const sameEnd = (grant.until && Date.parse(grant.until)) === (input.until && Date.parse(input.until));
    if (input.role === grant.role.id && sameEnd) throw new AppError("conflict", "Nothing would change: the role and the end are the same.");
    requireEndable(actor, grant);
    const changed = {
      ...grant,
      role: await roleNamed(tx, actor.organizationId, input.role),
      until: input.until,
      source: "person" as const,
      reason: input.reason,
    };
    await closeGrant(tx, request.requestId, grant.id);
    const { id } = await openGrant(tx, actor, request.requestId, changed);
    if (grant.role.id === "system-admin") await keepASystemAdmin(tx, actor.organizationId);
    return {
      result: { id, subject: grant.subject.name },
      audit: {
        target: { type: "grant", id, name: grant.subject.name, projectId: grant.scope.projectId },
        before: { id: grant.id, ...grantFacts(grant) },
        after: { id, ...grantFacts(changed) },
        reason: input.reason || undefined,
      },
    };
  },
});
