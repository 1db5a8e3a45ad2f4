import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { defineQuery } from "@/lib/kernel/query";

export type CreatePlaces = {
  /** Private ones, and those of the whole workspace. */
  workspace: boolean;
  /** The names of the projects whose secrets they may make. */
  projects: string[];
};

/** Where the actor may make secrets, as `createSecret` decides it. */
export const listCreatePlaces = defineQuery({
  name: "secret.create-places",
  permission: "secret:read",
  input: z.strictObject({}),
  run: async ({ tx, actor, workspace }): Promise<CreatePlaces> => {
    const workspaceId = workspace?.id ?? "";
    const rows = await tx.selectFrom("project").select(["id", "name"]).where("workspace_id", "=", workspaceId).orderBy("name").execute();
    const may = (projectId: string | null) => can(actor, "secret:create", { workspaceId, projectId, ownerId: actor.id }).allowed;
    return { workspace: may(null), projects: rows.filter((row) => may(row.id)).map((row) => row.name) };
  },
});
