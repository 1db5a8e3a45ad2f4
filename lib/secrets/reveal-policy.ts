import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField } from "@/lib/kernel/form-fields";
import { defineQuery } from "@/lib/kernel/query";
import { revealsNeedSecond } from "./list-reveals";

// Whether a reveal needs a second person in this workspace. Who may reveal switches it on; only a System Admin, who reveals nothing, switches it off.

/** The setting, for the page of secrets. */
export const getRevealPolicy = defineQuery({
  name: "secret.reveal-policy",
  permission: "secret:read",
  input: z.strictObject({}),
  run: async ({ tx, workspace }): Promise<boolean> => revealsNeedSecond(tx, workspace?.id ?? ""),
});

/** Switches it. Errors: forbidden to switch it off for all but System Admins. */
export const setRevealPolicy = defineCommand({
  name: "workspace.reveal-policy-set",
  permission: "workspace:update",
  input: z.strictObject({ revealsNeedSecond: booleanField }),
  scope: ({ workspace }) => ({ workspaceId: workspace.id, thing: { type: "workspace", id: workspace.id, name: workspace.slug } }),
  run: async ({ tx, actor, input: { revealsNeedSecond }, workspace }) => {
    const before = await tx.selectFrom("workspace").select("reveals_need_second").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    if (before.reveals_need_second && !revealsNeedSecond && !can(actor, "policy:update", {}).allowed)
      throw new AppError("forbidden", "Who may reveal values doesn’t switch the second person off.", { fix: "Ask a System Admin.", reason: "no_grant" });
    await tx.updateTable("workspace").set({ reveals_need_second: revealsNeedSecond }).where("id", "=", workspace.id).execute();
    return {
      result: null,
      audit: {
        target: { type: "workspace", id: workspace.id, name: workspace.slug },
        before: { revealsNeedSecond: before.reveals_need_second },
        after: { revealsNeedSecond },
      },
    };
  },
});
