import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reasonField, roleField } from "@/lib/access/access-input";
import { can } from "@/lib/authz/can";
import { isRoleId, PERMISSIONS, type Reach, type Rights, type RoleId } from "@/lib/authz/permissions";
import { CLONABLE, clonedRights, rightChanges, rightsProblem } from "@/lib/authz/role-rule";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { jsonField, wholeField } from "@/lib/kernel/form-fields";
import { loadRole } from "./load-role";
import { closeRevision, openRevision, rightFacts } from "./revisions";

// The organization's own roles. Invariant: a role holds what its base's scope can hold and no more; its rights are revisions that are opened
// and ended; a name is used once; nobody changes a role that they hold, and a role that somebody holds is not deleted.

const rightsField = jsonField(z.partialRecord(z.enum(PERMISSIONS as [string, ...string[]]), z.enum(["any", "own"] satisfies Reach[])));
const summaryField = z.string().trim().max(200, { error: "At most 200 characters." });

/** Clones a role of the table. Errors: conflict for a name that is or was taken, invalid_input, forbidden for a limited credential. */
export const createRole = defineCommand({
  name: "role.created",
  permission: "role:create",
  input: z.strictObject({
    name: roleField,
    base: z.enum(CLONABLE as [RoleId, ...RoleId[]], { error: "Choose a role to start from." }),
    summary: summaryField.default(""),
  }),
  scope: () => ({}),
  run: async ({ tx, actor, input: { name, base, summary }, request }) => {
    requireAdministrator(actor);
    const taken = await tx
      .selectFrom("custom_role")
      .select("ended_at")
      .where("organization_id", "=", actor.organizationId)
      .where("name", "=", name)
      .executeTakeFirst();
    if (taken || isRoleId(name)) {
      const message = taken?.ended_at ? "A role had this name, and grants of the past carry it." : "This name is taken.";
      throw new AppError("conflict", `The name ${name} can't be used.`, { fields: { name: message } });
    }
    const rights = clonedRights(base);
    await tx.insertInto("custom_role").values({ organization_id: actor.organizationId, name, base, created_by: actor.id }).execute();
    await openRevision(tx, { ...by(actor), requestId: request.requestId }, { role: name, number: 1, summary, rights });
    return { result: { name }, audit: { target: { type: "role", id: name, name }, after: { base, summary, rights: Object.keys(rights).length } } };
  },
});

/** Gives a role other rights or words; they hold on the next request. `revision`: the one that was edited. Errors: not_found, conflict, invalid_input, forbidden. */
export const updateRole = defineCommand({
  name: "role.updated",
  permission: "role:update",
  input: z.strictObject({ name: roleField, revision: wholeField, rights: rightsField, summary: summaryField.optional(), reason: reasonField }),
  scope: ({ tx, actor, input }) => loadRole(tx, actor, input.name),
  run: async ({ tx, actor, input, target: { thing, role }, request }) => {
    requireAdministrator(actor);
    if (actor.grants.some((grant) => grant.role === role.name))
      throw new AppError("forbidden", "Nobody changes a role that they hold.", { fix: "Ask another System Admin.", reason: "own_grant" });
    if (input.revision !== role.revision) throw new AppError("conflict", "Somebody else changed the role meanwhile.", { fix: "Look at it again." });
    const rights = input.rights as Rights;
    const problem = rightsProblem(role.base, rights);
    if (problem) throw new AppError("invalid_input", problem, { fields: { rights: problem } });
    const changes = rightChanges(role.rights, rights);
    const summary = input.summary ?? role.summary;
    if (changes.length === 0 && summary === role.summary) return { result: { name: role.name, revision: role.revision }, audit: UNCHANGED };
    await closeRevision(tx, actor.organizationId, role.name);
    await openRevision(tx, { ...by(actor), requestId: request.requestId }, { role: role.name, number: role.revision + 1, summary, rights });
    return {
      result: { name: role.name, revision: role.revision + 1 },
      audit: {
        target: thing,
        before: { revision: role.revision, summary: role.summary, ...rightFacts(changes, "before") },
        after: { revision: role.revision + 1, summary, ...rightFacts(changes, "after") },
        reason: input.reason || undefined,
      },
    };
  },
});

/** Ends a role that nobody holds. Errors: not_found, in_use with what still names it. */
export const deleteRole = defineCommand({
  name: "role.deleted",
  permission: "role:delete",
  input: z.strictObject({ name: roleField }),
  scope: ({ tx, actor, input }) => loadRole(tx, actor, input.name),
  run: async ({ tx, actor, target: { thing, role } }) => {
    const { rows } = await sql<Record<string, number>>`select
      (select count(*)::int from role_grant where organization_id = ${actor.organizationId} and role = ${role.name} and (valid_to is null or valid_to > clock_timestamp())) as grant,
      (select count(*)::int from team_grant where organization_id = ${actor.organizationId} and role = ${role.name} and (valid_to is null or valid_to > clock_timestamp())) as "grant of a team",
      (select count(*)::int from group_rule where organization_id = ${actor.organizationId} and role = ${role.name} and ended_at is null) as "group rule",
      (select count(*)::int from invitation where organization_id = ${actor.organizationId} and role = ${role.name} and accepted_at is null and revoked_at is null and expires_at > clock_timestamp()) as invitation,
      (select count(*)::int from access_request where organization_id = ${actor.organizationId} and role = ${role.name} and state = 'open') as "open request"`.execute(
      tx,
    );
    const uses = Object.entries(rows[0] ?? {}).flatMap(([what, count]) => (count > 0 ? [`${count} × ${what}`] : []));
    if (uses.length > 0) throw new AppError("in_use", `The role is in use: ${uses.join(", ")}.`, { fix: "End those first." });
    await closeRevision(tx, actor.organizationId, role.name);
    await tx
      .updateTable("custom_role")
      .set({ ended_at: sql<string>`clock_timestamp()` })
      .where("organization_id", "=", actor.organizationId)
      .where("name", "=", role.name)
      .execute();
    return { result: { name: role.name }, audit: { target: thing, before: { base: role.base, revision: role.revision }, after: { ended: true } } };
  },
});

const by = (actor: Actor) => ({ organizationId: actor.organizationId, principalId: actor.id });

/** A wider role is a gift to who holds it: only who gives every role may make one wider. A limited credential may not. */
function requireAdministrator(actor: Actor): void {
  if (!can(actor, "grant:create").allowed)
    throw new AppError("forbidden", "Changing roles needs the power to give every role.", { fix: "A System Admin can do it.", reason: "exceeds_granter" });
}
