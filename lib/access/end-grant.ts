import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { reasonField } from "./access-input";
import { endOneGrant, findEndable } from "./end-one-grant";

/** Ends a grant of an account or a team now; it holds on the next request. Errors: not_found, forbidden (directory's, team's, own deny, last System Admin). */
export const endGrant = defineCommand({
  name: "grant.ended",
  permission: "grant:delete",
  input: z.strictObject({ grantId: z.uuid(), reason: reasonField }),
  scope: ({ tx, actor, input, workspace }) => findEndable(tx, actor, workspace, input.grantId),
  run: async (call) => {
    const { grant } = call.target;
    const audit = await endOneGrant(call, grant, call.input.reason);
    return { result: { id: grant.id, subject: grant.subject.name }, audit };
  },
});
