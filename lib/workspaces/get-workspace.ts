import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { ManagedWorkspace } from "./schema";

// One workspace for the pages that manage it, suspended ones included, with what would end with it.

/** Error: not_found, also for one that the reader may not read. */
export const getWorkspace = defineQuery({
  name: "workspace.get",
  permission: "workspace:read",
  input: z.strictObject({ slug: z.string().max(63) }),
  scope: async ({ tx, actor, input }) => {
    const row = await tx
      .selectFrom("workspace")
      .select("id")
      .where("slug", "=", input.slug)
      .where("organization_id", "=", actor.organizationId)
      .where("state", "<>", "deleted")
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", "There is no such thing here.");
    return { workspaceId: row.id };
  },
  run: async ({ tx, actor, input }): Promise<ManagedWorkspace> => {
    const { rows } = await sql<ManagedWorkspace>`
      select w.id, w.slug, w.display_name as "displayName", w.description, w.state, w.leaver_grace_days as "graceDays", w.wire_role as "wireRole", w.allow_networks as "allowNetworks", w.created_at as "createdAt",
        w.state_changed_at as "changedAt", coalesce(nullif(p.full_name, ''), p.name) as "changedBy",
        jsonb_build_object(
          'projects', (select count(*) from project x where x.workspace_id = w.id),
          'runs', (select count(*) from run x where x.workspace_id = w.id),
          'artifacts', (select count(*) from artifact_version x where x.workspace_id = w.id),
          'models', (select count(*) from model_version x where x.workspace_id = w.id),
          'stacks', (select count(*) from stack x where x.workspace_id = w.id),
          'grants', (select count(*) from role_grant x where x.workspace_ref = w.id and (x.valid_to is null or x.valid_to > now())),
          'serviceAccounts', (select count(*) from principal x where x.home_workspace_id = w.id and x.active)) as cascade
      from workspace w left join principal p on p.id = w.state_changed_by
      where w.slug = ${input.slug}`.execute(tx);
    const [row] = rows;
    if (!row) throw new AppError("not_found", "There is no such thing here.");
    return can(actor, "workspace:delete", { workspaceId: row.id }).allowed ? row : { ...row, cascade: null };
  },
});
