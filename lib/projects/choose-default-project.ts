import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { DEFAULT_PROJECT, findProject } from "./find-project";

// Each account has a project per workspace in which a fresh client starts (PERMISSIONS §3 rule 13): the one it chose, else `default`, else
// the first that it may read.

/** Chooses the actor's own default project. Error: not_found. */
export const chooseDefaultProject = defineCommand({
  name: "default-project.chosen",
  permission: "project:read",
  input: z.strictObject({ project: z.string() }),
  scope: async ({ tx, actor, workspace, input }) => {
    const project = await findProject(tx, workspace.id, input.project);
    return { workspaceId: workspace.id, projectId: project.id, ownerId: actor.id, thing: { type: "project", ...project }, project };
  },
  run: async ({ tx, actor, workspace, target: { project } }) => {
    if (actor.workload) throw new AppError("forbidden", "A run's credential changes only its own run.", { reason: "outside_run" });
    const before = await tx
      .selectFrom("default_project as d")
      .innerJoin("project as j", "j.id", "d.project_ref")
      .select(["j.id", "j.name"])
      .where("d.principal_id", "=", actor.id)
      .where("d.workspace_ref", "=", workspace.id)
      .executeTakeFirst();
    if (before?.id === project.id) return { result: null, audit: UNCHANGED };
    await tx
      .insertInto("default_project")
      .values({ principal_id: actor.id, workspace_ref: workspace.id, project_ref: project.id })
      .onConflict((conflict) => conflict.columns(["principal_id", "workspace_ref"]).doUpdateSet({ project_ref: project.id }))
      .execute();
    return {
      result: null,
      audit: {
        target: { type: "user", id: actor.id, name: actor.fullName || actor.name, projectId: project.id },
        before: { defaultProject: before?.name ?? DEFAULT_PROJECT },
        after: { defaultProject: project.name },
      },
    };
  },
});

/** The default projects of accounts as the reader may know them: of others the choice is shown only where the reader sees the project. */
export async function defaultProjects(tx: Tx, reader: Actor, workspaceId: string, principalIds: readonly string[]): Promise<Map<string, string | null>> {
  const visible = sql<SqlBool>`${visibleTo(reader, "project:read", { workspaceId: "j.workspace_id", projectId: "j.id", ownerId: "j.created_by" })}`;
  const { rows: first } = await sql<{ id: string }>`select j.id from project j where j.workspace_id = ${workspaceId} and ${visible}
    order by (j.name = ${DEFAULT_PROJECT}) desc, j.created_at, j.id limit 1`.execute(tx);
  const { rows: chosen } = await sql<{
    principal_id: string;
    id: string;
  }>`select d.principal_id, j.id from default_project d join project j on j.id = d.project_ref
    where d.workspace_ref = ${workspaceId} and d.principal_id = any (${sql.val([...principalIds])}::uuid[]) and ${visible}`.execute(tx);
  const byAccount = new Map(chosen.map((row) => [row.principal_id, row.id]));
  return new Map(principalIds.map((id) => [id, byAccount.get(id) ?? first[0]?.id ?? null]));
}
