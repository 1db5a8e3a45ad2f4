import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { beyond, permissionWords } from "@/lib/authz/power";
import { ROLE_IDS, ROLES, type RoleId, rightsOf } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, descriptionField, nameField } from "@/lib/kernel/form-fields";
import { isUuid, newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { homeOf } from "./find-service-account";

// Makes service accounts: of a workspace, or of the organization when no workspace is named. A workspace's account starts with the
// workspace's wire role, never with more than its maker may (PERMISSIONS §3 rule 10); one of the organization starts without a role.

/** The name of an account: it stands in paths, so it is no id. */
export const accountName = nameField.refine((name): boolean => !isUuid(name), "A name is not an id.");

/** Makes one; gives its id and role. Errors: conflict for a taken name, forbidden for a role above the maker's power. */
export const createServiceAccount = defineCommand({
  name: "service-account.created",
  permission: "service-account:create",
  input: z.strictObject({
    name: accountName,
    fullName: z.string().trim().max(100).default(""),
    description: descriptionField.default(""),
    active: booleanField.default(true),
    /** Left out: the workspace's wire role. Null or empty: none. */
    role: z.preprocess((value) => (value === "" ? null : value), z.enum(ROLE_IDS).nullish()),
  }),
  scope: ({ actor, workspace }) => ({ workspaceId: homeOf(workspace), ownerId: actor.id }),
  run: async ({ tx, actor, input, workspace, now, request }) => {
    const home = homeOf(workspace);
    const taken = await tx
      .selectFrom("principal")
      .select("id")
      .where("organization_id", "=", actor.organizationId)
      .where(sql<boolean>`home_workspace_id is not distinct from ${home}::uuid`)
      .where(sql<boolean>`lower(name) = lower(${input.name})`)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (taken) throw new AppError("conflict", `There is an account named ${input.name} already.`, { fix: "Choose another name.", fields: { name: "taken" } });
    const role = input.role === undefined ? await startingRole(tx, actor, home) : input.role;
    if (role) requireGivable(actor, role, home);
    const id = newId();
    await tx
      .insertInto("principal")
      .values({
        id,
        organization_id: actor.organizationId,
        kind: "service_account",
        home_workspace_id: home,
        name: input.name,
        full_name: input.fullName,
        description: input.description,
        active: input.active,
        created_by: actor.id,
        created_at: now,
        updated_at: now,
      })
      .execute();
    const made = {
      target: { type: "service-account", id, name: input.name },
      after: { name: input.name, description: input.description, active: input.active, role },
    };
    const result: { id: string; name: string; role: RoleId | null } = { id, name: input.name, role };
    if (!role) return { result, audit: [made] };
    const grantId = newId();
    await tx
      .insertInto("role_grant")
      .values({
        id: grantId,
        organization_id: actor.organizationId,
        principal_id: id,
        role,
        scope_kind: home ? "workspace" : "organization",
        workspace_ref: home,
        source: "person",
        valid_from: now,
        created_by: actor.id,
        opened_request_id: request.requestId,
      })
      .execute();
    const granted = {
      action: "grant.created",
      target: { type: "grant", id: grantId, name: input.name },
      after: { role, scope: home ? "workspace" : "organization", workspace: home ? workspace.slug : undefined, source: "person" },
    };
    return { result, audit: [made, granted] };
  },
});

/** The wire role of the workspace, or the largest reading role that the maker may hand on, or none. */
async function startingRole(tx: Tx, actor: Actor, home: string | null): Promise<RoleId | null> {
  if (!home) return null;
  const row = await tx.selectFrom("workspace").select("wire_role").where("id", "=", home).executeTakeFirst();
  const wished = ROLE_IDS.find((role) => role === row?.wire_role);
  return [wished, "viewer" as const].find((role) => role && mayGive(actor, role, home)) ?? null;
}

/** Who administers the organization's grants gives any role; others what they hold themselves (docs/decisions, grants). */
function mayGive(actor: Actor, role: RoleId, home: string | null): boolean {
  return can(actor, "grant:create").allowed || beyond(actor, rightsOf(role), { workspaceId: home }).length === 0;
}

function requireGivable(actor: Actor, role: RoleId, home: string | null): void {
  const fits = (ROLES[role].scope as readonly string[]).includes(home ? "workspace" : "organization");
  if (!fits || role === "member") throw new AppError("invalid_input", `${ROLES[role].title} is not a role of ${home ? "a workspace" : "the organization"}.`);
  if (mayGive(actor, role, home)) return;
  const missing = beyond(actor, rightsOf(role), { workspaceId: home });
  throw new AppError("forbidden", `${ROLES[role].title} allows more than you may do here: ${permissionWords(missing)}.`, {
    fix: "Choose a smaller role, or ask a System Admin.",
    reason: "more_than_own_power",
  });
}
