import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { descriptionField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import { projectName } from "@/lib/workspaces/slug";

export const projectTitle = z.string().trim().max(100, "A display name has at most 100 characters.");

/** Makes a project; gives its id. Errors: invalid_input, conflict for a taken name. */
export const createProject = defineCommand({
  name: "project.created",
  permission: "project:create",
  input: z.strictObject({ name: projectName, displayName: projectTitle.default(""), description: descriptionField.default("") }),
  scope: ({ actor, workspace }) => ({ workspaceId: workspace.id, ownerId: actor.id }),
  run: async ({ tx, actor, input, workspace, now }) => {
    const id = newId();
    const values = { name: input.name, display_name: input.displayName || input.name, description: input.description };
    const made = await tx
      .insertInto("project")
      .values({ id, workspace_id: workspace.id, created_by: actor.id, created_at: now, updated_at: now, ...values })
      .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!made)
      throw new AppError("conflict", `There is a project named ${input.name} already.`, {
        fix: "Choose another name.",
        fields: { name: "This name is taken." },
      });
    return { result: { id, name: input.name }, audit: { target: { type: "project", id, name: input.name, projectId: id }, after: values } };
  },
});
