import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can, rightsOfGrant } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import { type Permission, PERMISSIONS, rightsOf } from "@/lib/authz/permissions";
import { THING_TYPES } from "@/lib/authz/thing-rule";
import { visibleTo } from "@/lib/authz/visible";
import { loadActor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { WhyAnswer } from "./schema";
import { THROUGH } from "./through";

// Why somebody can or can't: the decision of `can` for another person, with the grants that were considered, the deciding one marked. For
// oneself always; for others as far as the reader may see their grants.

/** Error: not_found for somebody whom the reader may not see here. */
export const explainAccess = defineQuery({
  name: "access.why",
  permission: "session:read",
  input: z.strictObject({
    principalId: z.uuid(),
    permission: z.enum(PERMISSIONS as [Permission, ...Permission[]]),
    projectId: z.uuid().nullable().default(null),
    /** Asked of one thing; direct shares of it count. */
    thing: z
      .strictObject({ type: z.enum(THING_TYPES), id: z.uuid() })
      .nullable()
      .default(null),
    /** Asked of a thing that they made themselves. */
    isOwn: z.boolean().default(false),
  }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input }): Promise<WhyAnswer> => {
    const here = { workspaceId: workspace?.id };
    const row = await tx
      .selectFrom("principal as p")
      .select(["p.id", "p.name", "p.full_name", "p.kind", "p.active", "p.ended_at"])
      .where("p.id", "=", input.principalId)
      .where("p.organization_id", "=", actor.organizationId)
      .where(
        sql<SqlBool>`(p.id = ${actor.id} or ${can(actor, "grant:read").allowed} or exists (select 1 from role_grant g where g.principal_id = p.id
          and ((${can(actor, "grant:read", here).allowed} and (g.workspace_ref is null or g.workspace_ref = ${workspace?.id ?? null}::uuid))
            or ${visibleTo(actor, "grant:read", { workspaceId: "g.workspace_ref", projectId: "g.project_ref", ownerId: "g.principal_id" })})))`,
      )
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", "There is no such person here.");
    const who = { id: row.id, name: row.full_name || row.name, kind: row.kind };
    const subject = await loadActor(tx, row.id, { kind: "session", id: row.id, label: "" });
    if (!subject)
      return {
        who,
        allowed: false,
        sentence: row.active ? "The account’s workspace is suspended." : "The account is deactivated: nothing it holds has an effect.",
        considered: [],
        needed: null,
      };
    const target = {
      workspaceId: workspace?.id,
      projectId: input.projectId,
      ownerId: input.isOwn ? subject.id : null,
      thing: input.thing ? { ...input.thing, name: null } : undefined,
    };
    const { allowed, decision, needed, sentence } = explain(subject, input.permission, target);
    const { rows: sources } = await sql<{ id: string; through: string | null; thing: string | null }>`
      select g.id, ${THROUGH} as through, g.thing_name as thing from role_grant g where g.principal_id = ${subject.id}
        and (g.team_grant_id is not null or g.group_rule_id is not null or g.thing_id is not null) and (g.valid_to is null or g.valid_to > now())`.execute(tx);
    const through = new Map(sources.map((row) => [row.id, row.through]));
    const things = new Map(sources.map((row) => [row.id, row.thing]));
    const considered = subject.grants
      .filter((grant) => grant.scopeKind === "organization" || grant.workspaceId === workspace?.id)
      .filter((grant) => !grant.thing || grant.thing.id === input.thing?.id || rightsOfGrant(grant)[input.permission])
      .filter((grant) => grant.role !== "member" || rightsOf("member")[input.permission])
      .map((grant) => ({
        id: grant.id,
        role: grant.role,
        effect: grant.effect,
        scope: grant.scopeKind,
        shared: grant.thing ? { ...grant.thing, name: things.get(grant.id) ?? "" } : null,
        source: grant.source,
        through: through.get(grant.id) ?? null,
        since: grant.since,
        until: grant.until,
        gives: rightsOfGrant(grant)[input.permission] ?? null,
        isDeciding: grant.id === decision.grant?.id,
      }))
      .sort((a, b) => Number(b.isDeciding) - Number(a.isDeciding) || Number(b.effect === "deny") - Number(a.effect === "deny"));
    return {
      who,
      allowed,
      sentence:
        who.id === actor.id
          ? sentence
          : sentence
              .replace(/\bYou are\b/, `${who.name} is`)
              .replace(/\bYou hold\b/, `${who.name} holds`)
              .replace(/\byou created\b/, "they created"),
      considered,
      needed: needed ? { role: needed.role, title: needed.title, scope: needed.scope } : null,
    };
  },
});

/** People and service accounts that the reader may ask about here, by name. */
export const listSubjects = defineQuery({
  name: "access.subjects",
  permission: "session:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace }): Promise<{ id: string; name: string; kind: string }[]> => {
    const here = { workspaceId: workspace?.id };
    const { rows } = await sql<{ id: string; name: string; kind: string }>`
      select distinct p.id, coalesce(nullif(p.full_name, ''), p.name) as name, p.kind from principal p left join role_grant g on g.principal_id = p.id
        ${workspace ? sql`and (g.workspace_ref is null or g.workspace_ref = ${workspace.id})` : sql``}
      where p.organization_id = ${actor.organizationId} and p.kind <> 'canary' and p.active and p.deleted_at is null and (p.id = ${actor.id}
        or (g.id is not null and ((${can(actor, "grant:read", here).allowed} and g.workspace_ref is null)
          or ${visibleTo(actor, "grant:read", { workspaceId: "g.workspace_ref", projectId: "g.project_ref", ownerId: "g.principal_id" })})))
      order by name limit 500`.execute(tx);
    return rows;
  },
});
