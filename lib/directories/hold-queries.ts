import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { DirectoryHold, HeldRemoval } from "./schema";

// Held removals as System Admins and Auditors see them: who, and what each would lose.

const MOST = 1_000;

/** A hold with who it is about, the first thousand by name. Error: not_found. */
export const getDirectoryHold = defineQuery({
  name: "directory.hold-read",
  permission: "directory:read",
  input: z.strictObject({ directoryId: z.uuid(), holdId: z.uuid() }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<DirectoryHold & { removals: HeldRemoval[] }> => {
    const { rows } = await sql<DirectoryHold>`
      select h.id, h.at, h.people, h.most, h.ended_before as "endedBefore", coalesce(h.decision, 'open') as state, h.decided_at as "decidedAt",
        coalesce(nullif(p.full_name, ''), p.name) as "decidedBy",
        (select count(distinct r.user_id)::int from directory_removal r where r.hold_id = h.id and r.withdrawn_at is null) as held,
        (select count(distinct r.user_id)::int from directory_removal r where r.hold_id = h.id and r.withdrawn_at is not null) as withdrawn
      from directory_hold h join directory d on d.id = h.directory_id left join principal p on p.id = h.decided_by
      where h.id = ${input.holdId} and d.id = ${input.directoryId} and d.organization_id = ${actor.organizationId}`.execute(tx);
    if (!rows[0]) throw new AppError("not_found", "There are no such held removals.");
    const { rows: removals } = await sql<HeldRemoval>`
      select r.id, r.at, r.kind, u.user_name as "userName", u.principal_id as "principalId", coalesce(nullif(p.full_name, ''), p.name) as who, g.display_name as "group",
        (case when r.group_id is null then (select count(*)::int from session s where s.principal_id = p.id and s.expires_at > now()) end) as sessions,
        (case when r.group_id is null then (select count(*)::int from personal_token t where t.principal_id = p.id and t.revoked_at is null) end) as tokens,
        (case when r.group_id is null then (select count(*)::int from api_key k where p.id in (k.created_by, k.issued_to) and k.active
          and (k.expires_at is null or k.expires_at > now())) end) as keys,
        coalesce((select jsonb_agg(distinct jsonb_build_object('role', x.role, 'scope', x.scope_kind, 'workspace', w.slug, 'project', j.name))
          from role_grant x left join workspace w on w.id = x.workspace_ref left join project j on j.id = x.project_ref left join group_rule q on q.id = x.group_rule_id
          where x.principal_id = p.id and x.effect = 'allow' and (x.valid_to is null or x.valid_to > now()) and (r.group_id is null or q.group_id = r.group_id)), '[]'::jsonb) as roles
      from directory_removal r join directory_user u on u.id = r.user_id join principal p on p.id = u.principal_id left join directory_group g on g.id = r.group_id
      where r.hold_id = ${input.holdId} and r.withdrawn_at is null order by u.user_name, r.id limit ${MOST}`.execute(tx);
    return { ...rows[0], removals };
  },
});
