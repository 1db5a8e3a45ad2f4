import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { powerOver } from "@/lib/access/grant-power";
import { grantFacts, openGrant } from "@/lib/access/grants";
import { wireRole, workspaceScope } from "@/lib/access/wire-role";
import { roleField } from "@/lib/access/access-input";
import { roleNamed } from "@/lib/access/role-named";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, descriptionField, nameField } from "@/lib/kernel/form-fields";
import { isUuid, newId } from "@/lib/kernel/id";
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
    role: z.preprocess((value) => (value === "" ? null : value), roleField.nullish()),
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
    if (taken)
      throw new AppError("conflict", `There is an account named ${input.name} already.`, {
        fix: "Choose another name.",
        fields: { name: "This name is taken." },
      });
    const role = input.role ? await roleNamed(tx, actor.organizationId, input.role) : input.role === undefined && home ? await wireRole(tx, actor, home) : null;
    if (role && !home)
      throw new AppError("invalid_input", "An account of the organization gets its roles in workspaces.", { fields: { role: "Leave it out." } });
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
      after: { name: input.name, description: input.description, active: input.active, role: role?.id ?? null },
    };
    const result: { id: string; name: string; role: string | null } = { id, name: input.name, role: role?.id ?? null };
    if (!home || !role) return { result, audit: [made] };
    const scope = workspaceScope(home);
    const subject = { id, kind: "service_account" as const, name: input.name, homeWorkspaceId: home };
    const grant = { subject, role, scope, effect: "allow" as const, until: powerOver(actor, role, scope).until, source: "person" as const, reason: "" };
    const opened = await openGrant(tx, actor, request.requestId, grant);
    return { result, audit: [made, { action: "grant.created", target: { type: "grant", id: opened.id, name: input.name }, after: grantFacts(grant) }] };
  },
});
