import "server-only";
import { z } from "zod";
import { defineCommand, execute } from "@/lib/kernel/command";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { loadActor } from "./actor";
import { checkPassword } from "./check-password";
import { refuseCredential } from "./refused-credential";
import { type Login, LOGIN_TOKEN_LIFETIME_S, loginAs } from "./wire-credential";

// The password grant of the wire: for local accounts whose clients know nothing better. No cookie; the token ends with the password.

/** Leaves the entry of a password login; the token itself has no row. */
export const issuePasswordToken = defineCommand({
  name: "login-token.issued",
  permission: "session:create",
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ actor }) => ({ result: null, audit: { target: { type: "login-token", id: actor.id, name: actor.fullName || actor.name } } }),
});

/** Logs in by e-mail address or name. Errors: unauthenticated, with the recorded server's one text for every wrong pair. */
export async function loginWithPassword(name: string, password: string, request: RequestContext): Promise<Login> {
  const wrong = () => refuseCredential("invalid username or password", "wrong_pair");
  if (!name.trim() || name.length > 320 || !password || password.length > 1_024) throw wrong();
  const checked = await checkPassword(name.trim(), password, request);
  if (checked.status === "throttled") throw refuseCredential(`too many failed logins; try again in ${checked.waitS} seconds`, "throttled");
  if (checked.status === "sso_required") throw refuseCredential("this account signs in by single sign-on; log in by device instead", "sso_required");
  if (checked.status !== "right") throw wrong();
  const credential = { kind: "password", id: checked.principalId, label: "name and password", generation: checked.epoch } as const;
  const actor = await inScope([], (tx) => loadActor(tx, checked.principalId, credential));
  if (!actor) throw wrong();
  await execute(issuePasswordToken, { actor, request, workspace: null }, {});
  return loginAs(actor, LOGIN_TOKEN_LIFETIME_S);
}
