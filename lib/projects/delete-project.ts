import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { DEFAULT_PROJECT, lockedProject } from "./find-project";

// Deletes a project that holds no record: runs, models and artifacts have to go first, by those who may delete them. What only prepared
// runs (pipelines, snapshots, logs that no run took) and the grants on the project fall with it; the trail keeps their names.

/** What a project holds; the first three keep it from being deleted. */
export type ProjectContents = { runs: number; models: number; artifacts: number; pipelines: number; snapshots: number; grants: number };

/** Counts what a project holds. */
export async function readContents(tx: Tx, projectId: string): Promise<ProjectContents> {
  const count = (table: string) => sql`(select count(*)::int from ${sql.table(table)} t where t.project_id = ${projectId})`;
  const { rows } = await sql<ProjectContents>`select ${count("run")} as runs, ${count("model")} as models, ${count("artifact")} as artifacts,
    ${count("pipeline")} as pipelines, ${count("snapshot")} as snapshots,
    (select count(*)::int from role_grant g where g.project_ref = ${projectId} and ${HOLDS}) as grants`.execute(tx);
  return rows[0] as ProjectContents;
}

const HOLDS = sql<SqlBool>`(g.valid_to is null or g.valid_to > now())`;

/** Deletes it. `typedName` is what a person typed to confirm. Errors: not_found, in_use for `default` and while it holds records, invalid_input. */
export const deleteProject = defineCommand({
  name: "project.deleted",
  permission: "project:delete",
  input: z.strictObject({ project: z.string(), typedName: z.string().optional() }),
  scope: ({ tx, workspace, input }) => lockedProject(tx, workspace.id, input.project),
  run: async ({ tx, input, target: { project } }) => {
    requireTypedName(input.typedName, project.name);
    if (project.name === DEFAULT_PROJECT)
      throw new AppError("in_use", "The project default can't be deleted: fresh clients start in it.", { fix: "Empty it instead." });
    const contents = await readContents(tx, project.id);
    const held = words(contents);
    const secret = await tx
      .selectFrom("secret")
      .select("name")
      .where("project_id", "=", project.id)
      .where("deleted_at", "is", null)
      .limit(1)
      .executeTakeFirst();
    if (secret) throw new AppError("in_use", `The project ${project.name} holds secrets, such as ${secret.name}.`, { fix: "Delete those first." });
    if (held) throw new AppError("in_use", `The project ${project.name} holds ${held}.`, { fix: "Delete those first." });
    const grants = await tx.deleteFrom("role_grant").where("project_ref", "=", project.id).returning(["role", "principal_id"]).execute();
    for (const table of ["team_grant", "group_rule"] as const) await tx.deleteFrom(table).where("project_ref", "=", project.id).execute();
    for (const table of ["log_record", "snapshot", "schedule", "pipeline"] as const) await tx.deleteFrom(table).where("project_id", "=", project.id).execute();
    await tx.deleteFrom("project").where("id", "=", project.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "project", id: project.id, name: project.name, projectId: project.id },
        before: { name: project.name, display_name: project.display_name, ...contents, grantedTo: grants },
      },
    };
  },
});

function words({ runs, models, artifacts }: ProjectContents): string {
  const parts = [
    [runs, "run"],
    [models, "model"],
    [artifacts, "artifact"],
  ] as const;
  return parts.flatMap(([count, noun]) => (count > 0 ? [`${count} ${noun}${count === 1 ? "" : "s"}`] : [])).join(", ");
}
