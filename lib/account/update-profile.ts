import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { nameField } from "@/lib/kernel/form-fields";

/** Changes the name that others read. The e-mail address is the sign-in and stays with the administrators. */
export const updateProfile = defineCommand({
  name: "profile.updated",
  permission: "session:create",
  input: z.strictObject({ fullName: nameField }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }) => {
    if (input.fullName === actor.fullName) return { result: { fullName: input.fullName }, audit: UNCHANGED };
    await tx.updateTable("principal").set({ full_name: input.fullName, updated_at: sql<string>`clock_timestamp()` }).where("id", "=", actor.id).execute();
    const target = { type: "user", id: actor.id, name: input.fullName };
    return { result: { fullName: input.fullName }, audit: { target, before: { fullName: actor.fullName }, after: { fullName: input.fullName } } };
  },
});
