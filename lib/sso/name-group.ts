import "server-only";
import { z } from "zod";
import { loadDirectory } from "@/lib/directories/load-directory";
import { CLAIMS } from "@/lib/directories/schema";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";

/** Names a group that no sign-in brought yet, so that a rule can wait for it. Errors: not_found, conflict for a known name or another kind of directory. */
export const nameGroup = defineCommand({
  name: "directory-group.named",
  permission: "group-rule:create",
  input: z.strictObject({ directoryId: z.uuid(), name: z.string().trim().min(1, "As the identity provider sends it.").max(400) }),
  scope: ({ tx, actor, input }) => loadDirectory(tx, actor, input.directoryId),
  run: async ({ tx, input, target: { directory } }) => {
    if (directory.provider !== CLAIMS) throw new AppError("conflict", "Groups of this directory come from it alone.", { fix: "Push the group there." });
    const id = newId();
    const made = await tx
      .insertInto("directory_group")
      .values({ id, directory_id: directory.id, display_name: input.name })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows !== 1n)
      throw new AppError("conflict", `The group ${input.name} is known already.`, { fields: { name: "This group is known already." } });
    return { result: { id, name: input.name }, audit: { target: { type: "directory-group", id, name: input.name }, after: { directory: directory.name } } };
  },
});
