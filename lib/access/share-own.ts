import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import type { Role } from "@/lib/authz/permissions";
import { isOwnersGift, THING_TYPES, type ThingType } from "@/lib/authz/thing-rule";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { reasonField, roleField, untilField } from "./access-input";
import { endOneGrant, findEndable } from "./end-one-grant";
import { grantFacts, grantSubject, openGrant, targetOf } from "./grants";
import { roleNamed } from "./role-named";
import { ownerOfThing, scopeOfThing } from "./shared-thing";

// What the owner of a thing shares without administering grants (docs/decisions/0038-owners-share-what-is-theirs.md). Invariant: with a person who
// has a role in the workspace already, to read and use and no more; who owns it ends each share of it that was given to an account.

/** Shares a thing of one's own. Errors: not_found, invalid_input, forbidden (another's thing, more than one holds), conflict (shared already). */
export const shareOwn = defineCommand({
  name: "grant.shared",
  permission: "grant:share",
  input: z.strictObject({
    email: z.string().trim().max(320),
    role: roleField,
    thingType: z.enum(THING_TYPES),
    thingId: z.uuid(),
    until: untilField,
    reason: reasonField,
  }),
  scope: async ({ tx, actor, input, workspace }) => {
    const scope = await scopeOfThing(tx, actor, workspace, { type: input.thingType, id: input.thingId });
    return { ...targetOf(scope), ownerId: scope.thing?.ownerId ?? null, scope };
  },
  run: async ({ tx, actor, input, workspace, target: { scope }, request }) => {
    const role = await roleNamed(tx, actor.organizationId, input.role);
    requireModest(role, input.thingType);
    const subject = await grantSubject(tx, actor, { name: input.email });
    if (!(await isMember(tx, subject.id, workspace.id)))
      throw new AppError("not_found", "Nobody of this workspace has this address.", {
        fix: "Who gives roles here can share it with others.",
        fields: { person: "Nobody of this workspace has this address." },
      });
    const grant = { subject, role, scope, effect: "allow" as const, until: input.until, source: "person" as const, reason: input.reason };
    const { id } = await openGrant(tx, actor, request.requestId, grant);
    return {
      result: { id, subject: subject.name },
      audit: {
        action: "grant.created",
        target: { type: "grant", id, name: subject.name, projectId: scope.projectId },
        after: { ...grantFacts(grant), by: "owner" },
        reason: input.reason || undefined,
      },
    };
  },
});

/** Ends a share of a thing of one's own. Errors: not_found, forbidden. */
export const endOwnShare = defineCommand({
  name: "grant.share-ended",
  permission: "grant:share",
  input: z.strictObject({ grantId: z.uuid(), reason: reasonField }),
  scope: async ({ tx, actor, input, workspace }) => {
    const target = await findEndable(tx, actor, workspace, input.grantId);
    const { thing } = target.grant.scope;
    if (!thing || target.grant.team) throw new AppError("not_found", "There is no such share here, or it has ended.");
    return { ...target, ownerId: await ownerOfThing(tx, thing) };
  },
  run: async (call) => {
    const { grant } = call.target;
    return { result: { id: grant.id, subject: grant.subject.name }, audit: await endOneGrant(call, grant, call.input.reason) };
  },
});

/** Error: invalid_input for a role that gives more than an owner passes on. */
function requireModest(role: Role, type: ThingType): void {
  if (isOwnersGift(role.rights, type)) return;
  const message = `${role.title} gives more on a ${type} than its owner passes on: to read and use it.`;
  throw new AppError("invalid_input", message, { fix: "Who gives roles here can share it so.", fields: { role: message } });
}

/** Whether somebody has a role in the workspace, beyond single things, now. */
async function isMember(tx: Tx, principalId: string, workspaceId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("role_grant")
    .select("id")
    .where("principal_id", "=", principalId)
    .where("workspace_ref", "=", workspaceId)
    .where("effect", "=", "allow")
    .where("thing_id", "is", null)
    .where(sql<SqlBool>`valid_from <= clock_timestamp() and (valid_to is null or valid_to > clock_timestamp())`)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}
