import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { reasonField } from "./access-input";
import { closeGrant, grantFacts, loadOpenGrant, requireEndable, targetOf } from "./grants";
import { keepASystemAdmin } from "./keep-a-system-admin";
import { closeTeamGrant, findTeamGrant } from "./team-grants";

/** Ends a grant of an account or a team now; it holds on the next request. Errors: not_found, forbidden (directory's, team's, own deny, last System Admin). */
export const endGrant = defineCommand({
  name: "grant.ended",
  permission: "grant:delete",
  input: z.strictObject({ grantId: z.uuid(), reason: reasonField }),
  scope: async ({ tx, actor, input, workspace }) => {
    const ofTeam = await findTeamGrant(tx, actor, workspace, input.grantId);
    const grant = ofTeam ? { ...ofTeam, subject: ofTeam.team } : await loadOpenGrant(tx, actor, workspace, input.grantId);
    return { ...targetOf(grant.scope, { type: "grant", id: grant.id, name: grant.subject.name }), grant };
  },
  run: async ({ tx, actor, input, target: { grant }, request, now }) => {
    const members = "team" in grant ? { members: (await closeTeamGrant(tx, { actor, request }, grant)).ended } : {};
    if (!("team" in grant)) {
      requireEndable(actor, grant);
      await closeGrant(tx, request.requestId, grant.id);
      if (grant.role.id === "system-admin") await keepASystemAdmin(tx, actor.organizationId);
    }
    return {
      result: { id: grant.id, subject: grant.subject.name },
      audit: {
        target: { type: "grant", id: grant.id, name: grant.subject.name, projectId: grant.scope.projectId },
        before: { ...grantFacts(grant), ...members },
        after: { ...grantFacts(grant), until: now },
        reason: input.reason || undefined,
      },
    };
  },
});
