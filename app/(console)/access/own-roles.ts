import type { Choice } from "@/components/access/grant-list";
import type { CallContext } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { listCustomRoles } from "@/lib/roles/queries";

/** The organization's own roles as choices: lists are filtered by them. */
export const ownRoles = async (context: CallContext): Promise<Choice[]> =>
  (await ask(listCustomRoles, context, {})).map(({ value, label }) => ({ value, label }));
