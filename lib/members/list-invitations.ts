import "server-only";
import { type SqlBool, sql } from "kysely";
import { visibleTo } from "@/lib/authz/visible";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import type { Fields } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import type { InvitationRow } from "./invitation-schema";

const FIELDS: Fields = {
  email: { kind: "text", sql: sql.ref("x.email"), required: true },
  role: { kind: "enum", sql: sql.ref("x.role"), required: true },
  workspace: { kind: "text", sql: sql.ref("x.workspace") },
  state: { kind: "enum", sql: sql.ref("x.state"), required: true },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
  expires: { kind: "time", sql: sql.ref("x.expires_at"), required: true },
};

type Found = {
  id: string;
  email: string;
  full_name: string;
  role: string;
  scope: InvitationRow["scope"];
  workspace: string | null;
  project: string | null;
  grant_until: string | null;
  note: string;
  invited_by: string | null;
  created_at: string;
  expires_at: string;
  state: InvitationRow["state"];
};

/** Invitations of the workspace, or all that the reader may see. Errors: as keysetPage. */
export const listInvitations = defineQuery({
  name: "invitation.list",
  permission: "session:read",
  input: keysetInput,
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, workspace, input }): Promise<KeysetPage<InvitationRow>> => {
    const page = await keysetPage<Found>(tx, {
      source: sql`(
        select i.id, i.email, i.full_name, i.role, i.scope_kind as scope, i.workspace_ref, i.project_ref, w.slug as workspace, j.name as project, i.grant_until,
          i.note, coalesce(nullif(c.full_name, ''), c.name) as invited_by, i.created_by, i.created_at, i.expires_at,
          case when i.accepted_at is not null then 'accepted' when i.revoked_at is not null then 'revoked' when i.expires_at <= now() then 'expired' else 'open' end as state
        from invitation i left join workspace w on w.id = i.workspace_ref left join project j on j.id = i.project_ref left join principal c on c.id = i.created_by
        where i.organization_id = ${actor.organizationId} and (w.id is null or w.state <> 'deleted')
          ${workspace ? sql`and i.workspace_ref = ${workspace.id}` : sql``}
      ) x`,
      fields: FIELDS,
      input,
      visible: sql<SqlBool>`${visibleTo(actor, "invitation:read", { workspaceId: "x.workspace_ref", projectId: "x.project_ref", ownerId: "x.created_by" })}`,
      list: `invitations ${workspace?.id ?? ""}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        email: row.email,
        fullName: row.full_name,
        role: row.role,
        scope: row.scope,
        workspace: row.workspace,
        project: row.project,
        grantUntil: row.grant_until,
        note: row.note,
        invitedBy: row.invited_by,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        state: row.state,
      })),
    };
  },
});
