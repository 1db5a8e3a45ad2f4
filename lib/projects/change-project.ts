import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { descriptionField } from "@/lib/kernel/form-fields";
import { projectName } from "@/lib/workspaces/slug";
import { projectTitle } from "./create-project";
import { DEFAULT_PROJECT, lockedProject } from "./find-project";

/** Changes what is given. Errors: not_found, conflict for a taken name, in_use for the name of `default`, which fresh clients look for. */
export const updateProject = defineCommand({
  name: "project.updated",
  permission: "project:update",
  input: z.strictObject({
    project: z.string(),
    name: projectName.nullish(),
    displayName: projectTitle.nullish(),
    description: descriptionField.nullish(),
  }),
  scope: ({ tx, workspace, input }) => lockedProject(tx, workspace.id, input.project),
  run: async ({ tx, input, target: { project }, now }) => {
    const before = { name: project.name, display_name: project.display_name, description: project.description };
    const after = {
      name: input.name ?? before.name,
      display_name: input.displayName || before.display_name,
      description: input.description ?? before.description,
    };
    const result = { id: project.id, name: after.name };
    if (JSON.stringify(before) === JSON.stringify(after)) return { result, audit: UNCHANGED };
    if (after.name !== before.name) {
      if (before.name === DEFAULT_PROJECT)
        throw new AppError("in_use", "The project default keeps its name: fresh clients start in it.", { fix: "Change its display name instead." });
      const taken = await tx
        .selectFrom("project")
        .select("id")
        .where("workspace_id", "=", project.workspace_id)
        .where("name", "=", after.name)
        .executeTakeFirst();
      if (taken)
        throw new AppError("conflict", `There is a project named ${after.name} already.`, {
          fix: "Choose another name.",
          fields: { name: "This name is taken." },
        });
    }
    await tx
      .updateTable("project")
      .set({ ...after, updated_at: now })
      .where("id", "=", project.id)
      .execute();
    return { result, audit: { target: { type: "project", id: project.id, name: after.name, projectId: project.id }, before, after } };
  },
});
