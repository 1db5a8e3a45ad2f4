import "server-only";
import { z } from "zod";
import { THING_TYPES } from "@/lib/authz/thing-rule";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { reasonField, roleField, scopeFields, untilField } from "./access-input";
import { grantFacts, grantSubject, openGrant, scopeOfInput, targetOf } from "./grants";
import { roleNamed } from "./role-named";
import { scopeOfThing } from "./shared-thing";
import { openTeamGrant } from "./team-grants";

// Gives a person, a service account or a team a role at a scope, or denies it one. Invariant: grants.ts.

/** Opens a grant. Errors: invalid_input, not_found, forbidden (exceeds the granter, own grant), conflict (open already). */
export const grantRole = defineCommand({
  name: "grant.created",
  permission: "grant:create",
  input: z.strictObject({
    /** The account by id, a person by e-mail address, or a team. */
    principalId: z.union([z.uuid(), z.literal("")]).optional(),
    teamId: z.union([z.uuid(), z.literal("")]).optional(),
    email: z.string().trim().max(320).optional(),
    role: roleField,
    ...scopeFields,
    /** A direct share: of this one thing of the call's workspace. `scope` and `projectId` are then the thing's own. */
    thingType: z.enum(THING_TYPES).optional(),
    thingId: z.uuid().optional(),
    effect: z.enum(["allow", "deny"]).default("allow"),
    until: untilField,
    reason: reasonField,
  }),
  scope: async ({ tx, actor, input, workspace }) => {
    const scope =
      input.thingType && input.thingId
        ? await scopeOfThing(tx, actor, workspace, { type: input.thingType, id: input.thingId })
        : await scopeOfInput(tx, workspace, input);
    return { ...targetOf(scope), scope };
  },
  run: async ({ tx, actor, input, target: { scope }, request }) => {
    const { effect, until, reason } = input;
    const role = await roleNamed(tx, actor.organizationId, input.role);
    if (input.teamId) {
      const { id, team, opened } = await openTeamGrant(tx, { actor, request }, { teamId: input.teamId, role, scope, effect, until, reason });
      return {
        result: { id, subject: team.name },
        audit: {
          target: { type: "grant", id, name: team.name, projectId: scope.projectId },
          after: { ...grantFacts({ subject: team, role, scope, effect, until }), teamId: team.id, members: opened },
          reason: reason || undefined,
        },
      };
    }
    if (!input.principalId && !input.email) throw new AppError("invalid_input", "Say who gets the role.", { fields: { person: "Say who gets the role." } });
    const subject = await grantSubject(tx, actor, input.principalId ? { id: input.principalId } : { name: input.email });
    const grant = { subject, role, scope, effect, until, source: "person" as const, reason };
    const { id } = await openGrant(tx, actor, request.requestId, grant);
    return {
      result: { id, subject: subject.name },
      audit: {
        target: { type: "grant", id, name: subject.name, projectId: scope.projectId },
        after: grantFacts(grant),
        reason: reason || undefined,
      },
    };
  },
});
