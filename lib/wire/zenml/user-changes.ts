import "server-only";
import { z } from "zod";
import { changePassword } from "@/lib/account/change-password";
import { updateProfile } from "@/lib/account/update-profile";
import { wireRole } from "@/lib/access/wire-role";
import { execute, parseInput } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import type { RequestContext } from "@/lib/kernel/request";
import { readBody } from "@/lib/kernel/route";
import { inScope } from "@/lib/kernel/transaction";
import { activateWithToken } from "@/lib/members/activate-person";
import { createActivation, createPerson } from "@/lib/members/create-person";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { invitePerson } from "@/lib/members/invite-person";
import { loadAccounts } from "@/lib/members/load-accounts";
import { getMember, type Member } from "@/lib/members/queries";
import { removeMember } from "@/lib/members/remove-member";
import { restorePerson } from "@/lib/members/restore-person";
import { setWorkspaceAdmin } from "@/lib/members/set-workspace-admin";
import { chooseDefaultProject } from "@/lib/projects/choose-default-project";
import { bodyOf } from "./bodies";
import type { WireCall, WireRequest } from "./endpoint";
import { inRecordedWords } from "./recorded-words";
import { parseVerbatim } from "./respond";

// What a client's `user` commands and `/current-user` change. A person changes their own profile; of others an administrator changes
// whether they are Workspace Admin (`is_admin`) and whether they are active, never anything private.

const newUser = z.object({
  name: z.string(),
  full_name: z.string().nullish(),
  email: z.string().nullish(),
  password: z.string().nullish(),
  is_admin: z.boolean().nullish(),
});

const changedUser = z.object({
  name: z.string().nullish(),
  full_name: z.string().nullish(),
  email: z.string().nullish(),
  password: z.string().nullish(),
  old_password: z.string().nullish(),
  is_admin: z.boolean().nullish(),
  active: z.boolean().nullish(),
  default_project_id: z.uuid().nullish(),
});

export type MadeUser = { member: Member; activationToken: string | null };

/** Makes a user: an address without a password is invited, everything else is a local account with the workspace's wire role. */
export async function createUser(call: WireCall): Promise<MadeUser> {
  const body = bodyOf(call, newUser);
  const isAdmin = body.is_admin ?? false;
  const words = { conflict: `Unable to create user with name '${body.name}': Found an existing user account with this name.` };
  if (!body.password && z.email().safeParse(body.name).success) {
    const { actor, workspace } = call.context;
    const role = isAdmin ? "workspace-admin" : ((await inScope([workspace.id], (tx) => wireRole(tx, actor, workspace.id))) ?? "viewer");
    const input = { email: body.name, name: body.full_name ?? "", role, scope: "workspace" };
    const made = await inRecordedWords(execute(invitePerson, call.context, input), words);
    return { member: invited(made.id, body.name, body.full_name ?? ""), activationToken: made.link.split("#")[1] ?? null };
  }
  const input = { name: body.name, fullName: body.full_name ?? "", password: body.password ?? null, isAdmin };
  const made = await inRecordedWords(execute(createPerson, call.context, input), words);
  return { member: await ask(getMember, call.context, { nameOrId: made.id }), activationToken: made.activationToken };
}

/** Nobody is there yet: the client sees the invitation. */
function invited(id: string, name: string, fullName: string): Member {
  const now = new Date().toISOString().replace("Z", "000Z");
  return {
    id,
    name,
    full_name: fullName,
    active: false,
    is_service_account: false,
    created_at: now,
    updated_at: now,
    email: null,
    isAdmin: false,
    defaultProjectId: null,
  };
}

/** Changes a user as the client's body says. Errors: forbidden for what is another person's own, as the recorded server says it. */
export async function changeUser(call: WireCall, member: Member): Promise<void> {
  const body = bodyOf(call, changedUser);
  const { context } = call;
  const isOwn = member.id === context.actor.id;
  const differs = (given: string | null | undefined, held: string | null) => given != null && given !== held;
  const isPrivate = differs(body.full_name, member.full_name) || differs(body.email, member.email) || Boolean(body.password) || differs(body.name, member.name);
  if (isPrivate && !isOwn)
    throw new AppError("forbidden", "Cannot change the private user account information for another user account.", { reason: "not_own_account" });
  if (differs(body.name, member.name) || differs(body.email, member.email))
    throw new AppError("forbidden", "Names and e-mail addresses are what people sign in with; they stay with the System Admins.", { reason: "sign_in_name" });
  if (body.default_project_id && !isOwn) throw new AppError("forbidden", "Everybody chooses their own default project.", { reason: "not_own_account" });
  if (body.password && !body.old_password)
    throw new AppError("forbidden", "The current password must be supplied when changing the password.", { reason: "no_old_password" });
  // Nothing is changed above this line. A wrong password refuses before anything else is done.
  if (body.password) await changeOwnPassword(call, body.password, body.old_password ?? "");
  if (body.is_admin != null && body.is_admin !== member.isAdmin) await execute(setWorkspaceAdmin, context, { principalId: member.id, isAdmin: body.is_admin });
  if (body.active === true && !member.active) await execute(restorePerson, context, { principalId: member.id });
  if (body.active === false && member.active) await execute(deactivatePerson, context, { principalId: member.id });
  if (differs(body.full_name, member.full_name)) await execute(updateProfile, context, { fullName: body.full_name });
  if (body.default_project_id) await execute(chooseDefaultProject, context, { project: body.default_project_id });
}

async function changeOwnPassword(call: WireCall, next: string, current: string): Promise<void> {
  const result = await execute(changePassword, call.context, { current, next });
  if (result.status === "wrong_password") throw new AppError("forbidden", "The current password is incorrect.", { reason: "wrong_password" });
  if (result.status === "throttled")
    throw new AppError("forbidden", `Too many tries; the next one is possible in ${result.waitS} seconds.`, { reason: "throttled" });
}

/** Ends the account everywhere. The token lets the person come back with a new password; null for who may end accounts but not hand them out. */
export async function deactivateUser(call: WireCall, member: Member): Promise<string | null> {
  if (member.active) await execute(deactivatePerson, call.context, { principalId: member.id });
  try {
    return (await execute(createActivation, call.context, { principalId: member.id })).token;
  } catch (error) {
    if (error instanceof AppError && error.code === "forbidden") return null;
    throw error;
  }
}

/**
 * Ends the person's access to this workspace. Who holds nothing anywhere else then is deactivated too, if the actor may do that: the
 * account itself is kept, for the name on what it made.
 */
export async function deleteUser(call: WireCall, member: Member): Promise<null> {
  const left = await execute(removeMember, call.context, { principalId: member.id });
  const mayEnd = call.context.actor.grants.some((grant) => grant.role === "system-admin" && grant.effect === "allow");
  if (left.isActive && !left.isElsewhere && mayEnd) await execute(deactivatePerson, call.context, { principalId: member.id });
  return null;
}

const activation = z.object({ activation_token: z.string(), password: z.string(), full_name: z.string().nullish() });

/** PUT /users/{name or id}/activate: no bearer, the one-use token in the body is the proof. */
export async function activateUser(request: WireRequest, nameOrId: string, facts: RequestContext): Promise<Member> {
  const body = parseInput(activation, parseVerbatim((await readBody(request, 64 * 1024)) || "null"));
  const { id } = await activateWithToken(nameOrId, { token: body.activation_token, password: body.password, fullName: body.full_name }, facts);
  const account = (await inScope([], (tx) => loadAccounts(tx, [id]))).get(id);
  if (!account) throw new AppError("not_found", "There is no such person here.");
  return { ...account, email: null, isAdmin: false, defaultProjectId: null };
}
