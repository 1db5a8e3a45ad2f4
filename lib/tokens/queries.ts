import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { defineQuery } from "@/lib/kernel/query";
import type { PersonalToken, TokenPlace } from "./schema";

// A person's own tokens, and the places that they may bind one to.

/** My tokens: those that work first, the newest first. Revoked and expired ones stay for 90 days. */
export const myTokens = defineQuery({
  name: "personal-token.mine",
  permission: "personal-token:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<PersonalToken[]> => {
    const ended = sql<boolean>`(t.revoked_at is not null or t.expires_at <= now())`;
    return tx
      .selectFrom("personal_token as t")
      .leftJoin("workspace as w", "w.id", "t.workspace_ref")
      .leftJoin("project as p", "p.id", "t.project_ref")
      .select(["t.id", "t.name", "t.scopes", "w.slug as workspace", "t.created_at as createdAt", "t.expires_at as expiresAt", "t.revoked_at as revokedAt"])
      .select(["t.last_used_at as lastUsedAt", "t.last_used_address as lastUsedAddress"])
      .select(sql<string | null>`case when t.project_ref is not null then coalesce(p.name, 'a project') end`.as("project"))
      .select(
        sql<PersonalToken["state"]>`case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then 'expired'
          when t.expires_at < now() + interval '7 days' then 'expiring' else 'active' end`.as("state"),
      )
      .where("t.principal_id", "=", actor.id)
      .where(sql<boolean>`coalesce(t.revoked_at, t.expires_at) > now() - interval '90 days'`)
      .orderBy(ended)
      .orderBy("t.created_at", "desc")
      .execute();
  },
});

/** The workspaces and projects that I may read. */
export const tokenPlaces = defineQuery({
  name: "personal-token.places",
  permission: "personal-token:read",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }): Promise<{ places: TokenPlace[]; longestDays: number }> => {
    const rows = await tx
      .selectFrom("workspace as w")
      .leftJoin("project as p", (join) => join.onRef("p.workspace_id", "=", "w.id").on(visibleTo(actor, "project:read", PROJECT)))
      .select(["w.id", "w.slug", "w.display_name as displayName", "p.id as projectId", "p.name as project"])
      .where("w.organization_id", "=", actor.organizationId)
      .where("w.state", "=", "active")
      .where(visibleTo(actor, "workspace:read", { workspaceId: "w.id", ownerId: "w.created_by" }))
      .orderBy("w.slug")
      .orderBy("p.name")
      .execute();
    const places = new Map<string, TokenPlace>();
    for (const { projectId, project, ...workspace } of rows) {
      const place = places.get(workspace.id) ?? { ...workspace, projects: [] };
      if (projectId && project) place.projects.push({ id: projectId, name: project });
      places.set(workspace.id, place);
    }
    const { token_days: longestDays } = await tx
      .selectFrom("organization")
      .select("token_days")
      .where("id", "=", actor.organizationId)
      .executeTakeFirstOrThrow();
    return { places: [...places.values()], longestDays };
  },
});

const PROJECT = { workspaceId: "p.workspace_id", projectId: "p.id", ownerId: "p.created_by" };
