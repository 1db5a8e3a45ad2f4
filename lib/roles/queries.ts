import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { roleField } from "@/lib/access/access-input";
import { customRoles } from "@/lib/access/role-named";
import { can } from "@/lib/authz/can";
import { PERMISSIONS, type Rights } from "@/lib/authz/permissions";
import { rightChanges, rightsProblem, roleTitle } from "@/lib/authz/role-rule";
import { type ActorRow, actorJson, actorOf } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { jsonField } from "@/lib/kernel/form-fields";
import { defineQuery } from "@/lib/kernel/query";
import { loadRole } from "./load-role";
import type { RoleChoice, RoleEffect, RolePage } from "./schema";

// The organization's own roles. Everybody may know what a role allows, as the table of all others is known; who holds it is told by
// `role.holders` as far as the reader may see grants.

/** All of them, by name. */
export const listCustomRoles = defineQuery({
  name: "role.custom-list",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<RoleChoice[]> =>
    (await customRoles(tx, actor.organizationId)).flatMap(({ id, title, summary, base, rights }) =>
      base ? [{ value: id, label: title, summary, base, rights }] : [],
    ),
});

/** One with its revisions, the newest first. Error: not_found. */
export const getRole = defineQuery({
  name: "role.read",
  permission: "session:read",
  input: z.strictObject({ name: roleField }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<RolePage> => {
    const { role } = await loadRole(tx, actor, input.name, "read");
    const { rows } = await sql<{ number: number; at: string; by: string | null; summary: string; rights: Rights }>`
      select v.number, v.valid_from as at, coalesce(nullif(p.full_name, ''), p.name) as by, v.summary, v.rights
      from custom_role_revision v left join principal p on p.id = v.created_by
      where v.organization_id = ${actor.organizationId} and v.role = ${role.name} order by v.number desc limit 100`.execute(tx);
    const revisions = rows.map(({ rights, ...row }, index) => ({
      ...row,
      changes: index + 1 < rows.length ? rightChanges(rows[index + 1]?.rights ?? {}, rights) : [],
    }));
    return { ...role, title: roleTitle(role.name), revisions };
  },
});

const MOST = 500;

/** Who would gain and lose what by other rights: the first 500 holders. Errors: not_found, invalid_input for rights that the role can't hold. */
export const previewRole = defineQuery({
  name: "role.previewed",
  permission: "role:update",
  input: z.strictObject({ name: roleField, rights: jsonField(z.partialRecord(z.enum(PERMISSIONS as [string, ...string[]]), z.enum(["any", "own"]))) }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<{ effects: RoleEffect[]; holders: number; unaffected: number }> => {
    const { role } = await loadRole(tx, actor, input.name, "read");
    const after = input.rights as Rights;
    const problem = rightsProblem(role.base, after);
    if (problem) throw new AppError("invalid_input", problem);
    const changed = rightChanges(role.rights, after).map((change) => change.permission);
    const { rows } = await sql<{ actor: ActorRow | null; who: string; kind: string }>`
      select ${actorJson(sql.ref("p.id"))} as actor, coalesce(nullif(p.full_name, ''), p.name) as who, p.kind
      from principal p where p.organization_id = ${actor.organizationId} and p.active and exists (select 1 from role_grant g
        where g.principal_id = p.id and g.organization_id = ${actor.organizationId} and g.role = ${role.name} and (g.valid_to is null or g.valid_to > now()))
      order by who, p.id limit ${MOST}`.execute(tx);
    const { rows: names } = await sql<{ id: string; name: string }>`
      select id, slug as name from workspace where organization_id = ${actor.organizationId} union all
      select p.id, w.slug || ' / ' || p.name from project p join workspace w on w.id = p.workspace_id where w.organization_id = ${actor.organizationId}`.execute(
      tx,
    );
    const nameOf = new Map(names.map((one) => [one.id, one.name]));
    const effects: RoleEffect[] = [];
    for (const { actor: row, who, kind } of rows) {
      if (!row) continue;
      const now = actorOf(row, { kind: "session", id: row.id, label: "" });
      const then = { ...now, grants: now.grants.map((grant) => (grant.role === role.name ? { ...grant, rights: after } : grant)) };
      for (const grant of now.grants.filter((one) => one.role === role.name)) {
        const may = (subject: typeof now, permission: (typeof changed)[number], isOwn: boolean) =>
          can(subject, permission, {
            workspaceId: grant.workspaceId,
            projectId: grant.projectId,
            ownerId: isOwn ? now.id : null,
            thing: grant.thing ? { ...grant.thing, name: null } : undefined,
          }).allowed;
        const differs = (from: typeof now, to: typeof now) =>
          changed.filter((permission) => [true, false].some((isOwn) => !may(from, permission, isOwn) && may(to, permission, isOwn)));
        const [gains, loses] = [differs(now, then), differs(then, now)];
        if (gains.length + loses.length === 0) continue;
        const where = nameOf.get(grant.projectId ?? grant.workspaceId ?? "") ?? "whole organization";
        effects.push({ principalId: now.id, who, kind, where, gains, loses });
      }
    }
    return { effects, holders: rows.length, unaffected: rows.length - new Set(effects.map((one) => one.principalId)).size };
  },
});
