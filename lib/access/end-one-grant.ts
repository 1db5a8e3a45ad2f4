import "server-only";
import type { AuditDraft } from "@/lib/audit/record";
import type { Actor } from "@/lib/identity/actor";
import type { RunArguments, Workspace } from "@/lib/kernel/command";
import type { Tx } from "@/lib/kernel/transaction";
import { closeGrant, grantFacts, loadOpenGrant, type OpenGrant, requireEndable, targetOf } from "./grants";
import { keepASystemAdmin } from "./keep-a-system-admin";
import { closeTeamGrant, findTeamGrant, type TeamGrant } from "./team-grants";

// The end of one grant, of an account or a team: what ends one by itself and what ends some of a review go through here.

export type EndableGrant = (OpenGrant & { team?: undefined }) | (TeamGrant & { subject: { id: string; name: string } });

/** An open grant with where it holds, locked. Of the call's workspace, or any when the call has none. Error: not_found. */
export async function findEndable(tx: Tx, actor: Actor, workspace: Workspace, grantId: string) {
  const ofTeam = await findTeamGrant(tx, actor, workspace, grantId);
  const grant: EndableGrant = ofTeam ? { ...ofTeam, subject: ofTeam.team } : await loadOpenGrant(tx, actor, workspace, grantId);
  return { ...targetOf(grant.scope, { type: "grant", id: grant.id, name: grant.subject.name }), grant };
}

/** Ends it now; gives its entry. The right to end grants there is the caller's to ask. Errors: forbidden (directory's, team's, own deny, last System Admin). */
export async function endOneGrant(
  { tx, actor, request, now }: Pick<RunArguments<unknown, unknown>, "tx" | "actor" | "request" | "now">,
  grant: EndableGrant,
  reason: string,
): Promise<AuditDraft> {
  let members = {};
  if (grant.team) members = { members: (await closeTeamGrant(tx, { actor, request }, grant)).ended };
  else {
    requireEndable(actor, grant);
    await closeGrant(tx, request.requestId, grant.id);
    if (grant.role.id === "system-admin") await keepASystemAdmin(tx, actor.organizationId);
  }
  return {
    action: "grant.ended",
    target: { type: "grant", id: grant.id, name: grant.subject.name, projectId: grant.scope.projectId },
    before: { ...grantFacts(grant), ...members },
    after: { ...grantFacts(grant), until: now },
    reason: reason || undefined,
  };
}
