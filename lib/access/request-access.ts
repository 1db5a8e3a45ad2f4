import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { PERMISSIONS } from "@/lib/authz/permissions";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { roleField, scopeFields, untilField } from "./access-input";
import { scopeOfInput } from "./grants";
import { roleNamed } from "./role-named";

// A person asks for a role. Whoever may grant it there decides (decide-request.ts); nobody their own. One open request per role and place:
// asking again changes its reason and end.

export const REQUEST_DAYS = 14;

/** Opens a request, or renews the open one. Errors: invalid_input, not_found for a place that the person may not read. */
export const requestAccess = defineCommand({
  name: "access-request.created",
  permission: "session:create",
  input: z.strictObject({
    role: roleField,
    ...scopeFields,
    /** What was refused, and on what, in words; shown to who decides. */
    permission: z.union([z.enum(PERMISSIONS as [(typeof PERMISSIONS)[number], ...typeof PERMISSIONS]), z.literal("")]).optional(),
    thing: z.string().trim().max(200).optional(),
    reason: z.string().trim().min(1, { error: "Say what you need it for." }).max(500, { error: "A reason has at most 500 characters." }),
    until: untilField,
  }),
  scope: async ({ tx, actor, input, workspace }) => {
    const scope = await scopeOfInput(tx, workspace, input);
    const readable = scope.kind === "organization" || can(actor, scope.projectId ? "project:read" : "workspace:read", scope).allowed;
    if (!readable) throw new AppError("not_found", "There is no such thing here.", { reason: "not_readable" });
    return { ownerId: actor.id, scope };
  },
  run: async ({ tx, actor, input, target: { scope }, now }) => {
    const wrong = (message: string) => new AppError("invalid_input", message, { fields: { role: message } });
    if (actor.kind !== "user") throw new AppError("forbidden", "Only people ask for access.", { reason: "not_a_person" });
    const role = await roleNamed(tx, actor.organizationId, input.role);
    if (input.role === "member" || input.role === "runner") throw wrong(`${role.title} is not asked for.`);
    if (!role.scope.includes(scope.kind)) throw wrong(`${role.title} is not a role of a ${scope.kind}.`);
    if (input.until && Date.parse(input.until) <= Date.parse(now))
      throw new AppError("invalid_input", "The end has passed already.", { fields: { until: "The end has passed already." } });
    const asked = {
      permission: input.permission || null,
      thing: input.thing || null,
      reason: input.reason,
      grant_until: input.until,
      expires_at: sql<string>`clock_timestamp() + make_interval(days => ${REQUEST_DAYS})`,
    };
    const place = {
      principal_id: actor.id,
      role: input.role,
      scope_kind: scope.kind,
      workspace_ref: scope.workspaceId,
      project_ref: scope.projectId,
    };
    const open = await tx
      .selectFrom("access_request")
      .select(["id", "reason", "grant_until"])
      .where("principal_id", "=", actor.id)
      .where("role", "=", input.role)
      .where("scope_kind", "=", scope.kind)
      .where("workspace_ref", "is not distinct from", scope.workspaceId)
      .where("project_ref", "is not distinct from", scope.projectId)
      .where("state", "=", "open")
      .forUpdate()
      .executeTakeFirst();
    const id = open?.id ?? newId();
    if (open) await tx.updateTable("access_request").set(asked).where("id", "=", id).execute();
    else
      await tx
        .insertInto("access_request")
        .values({ id, organization_id: actor.organizationId, ...place, ...asked })
        .execute();
    const facts = { role: input.role, scope: scope.kind, workspaceId: scope.workspaceId, projectId: scope.projectId };
    return {
      result: { id },
      audit: {
        action: open ? "access-request.renewed" : undefined,
        target: { type: "access-request", id, name: role.title, projectId: scope.projectId },
        before: open ? { ...facts, until: open.grant_until, reason: open.reason } : null,
        after: { ...facts, until: input.until, reason: input.reason, permission: input.permission || null },
        reason: input.reason,
      },
    };
  },
});
