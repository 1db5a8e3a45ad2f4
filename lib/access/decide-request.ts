import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { isWithin } from "@/lib/authz/role-rule";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { reasonField, roleField, untilField } from "./access-input";
import { grantFacts, grantSubject, openGrant, targetOf } from "./grants";
import { loadOpenRequest } from "./open-request";
import { roleNamed } from "./role-named";

// Decides a request for access: a grant that is at most what was asked for, or a refusal with a comment. Nobody decides their own, and no
// service account decides (PERMISSIONS §3 rule 2).

/** Errors: not_found, forbidden (own request, not a person, exceeds the decider), invalid_input (wider than asked), conflict. */
export const decideRequest = defineCommand({
  name: "access-request.decided",
  permission: "grant:create",
  input: z.strictObject({
    requestId: z.uuid(),
    decision: z.enum(["grant", "refuse"]),
    /** The role and end to give; left out: as asked. */
    role: z.union([roleField, z.literal("")]).optional(),
    until: untilField,
    comment: reasonField,
  }),
  scope: async ({ tx, actor, input, workspace }) => {
    const asked = await loadOpenRequest(tx, actor, workspace, input.requestId);
    return { ...targetOf(asked.scope, { type: "access-request", id: asked.id, name: asked.name }), asked };
  },
  run: async ({ tx, actor, input, target: { asked }, request, now }) => {
    if (actor.kind !== "user") throw new AppError("forbidden", "A service account decides nothing.", { reason: "not_a_person" });
    if (asked.principalId === actor.id) throw new AppError("forbidden", "You asked for this yourself: somebody else decides.", { reason: "own_request" });
    const decided = { decided_by: actor.id, decided_at: sql<string>`clock_timestamp()`, comment: input.comment || null };
    const target = { type: "access-request", id: asked.id, name: asked.name, projectId: asked.scope.projectId };
    if (input.decision === "refuse") {
      if (!input.comment) throw new AppError("invalid_input", "Say why: the person reads it.", { fields: { comment: "Say why: the person reads it." } });
      await tx
        .updateTable("access_request")
        .set({ state: "refused", ...decided })
        .where("id", "=", asked.id)
        .execute();
      return {
        result: { id: asked.id, state: "refused" },
        audit: { target, before: { state: "open" }, after: { state: "refused", role: asked.role.id }, reason: input.comment },
      };
    }
    const role = input.role ? await roleNamed(tx, actor.organizationId, input.role) : asked.role;
    const until = input.until ?? asked.until;
    if (!isWithin(role.rights, asked.role.rights))
      throw new AppError("invalid_input", `${role.title} gives more than was asked for.`, {
        fields: { role: `Asked for was ${asked.role.title}.` },
      });
    if (asked.until && until && Date.parse(until) > Date.parse(asked.until))
      throw new AppError("invalid_input", "The end is later than was asked for.", { fields: { until: "The end is later than was asked for." } });
    if (until && Date.parse(until) <= Date.parse(now))
      throw new AppError("invalid_input", "The end has passed already.", { fields: { until: "Choose another end." } });
    const subject = await grantSubject(tx, actor, { id: asked.principalId });
    const grant = { subject, role, scope: asked.scope, effect: "allow" as const, until, source: "request" as const, reason: asked.reason };
    const { id: grantId } = await openGrant(tx, actor, request.requestId, grant);
    await tx
      .updateTable("access_request")
      .set({ state: "granted", grant_id: grantId, ...decided })
      .where("id", "=", asked.id)
      .execute();
    return {
      result: { id: asked.id, state: "granted" },
      audit: { target, before: { state: "open" }, after: { state: "granted", grantId, ...grantFacts(grant) }, reason: input.comment || undefined },
    };
  },
});
