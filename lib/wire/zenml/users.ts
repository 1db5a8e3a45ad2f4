import "server-only";
import { ask } from "@/lib/kernel/query";
import { type Account, loadAccounts } from "@/lib/members/load-accounts";
import { currentMember, getMember, listMembers, type Member, MEMBER_FIELDS } from "@/lib/members/queries";
import type { Endpoint, WireCall } from "./endpoint";
import { type Envelope, entity, times } from "./respond";
import { answerList } from "./scoped-list";
import { changeUser, createUser, deactivateUser, deleteUser } from "./user-changes";

// Accounts on the wire. A nested owner is a person or a service account alike; an account that was deactivated keeps its name.

export type WireUser = Account;

/** The accounts of the ids that there are, in one query. */
export const loadUsers = loadAccounts;

/** `body` of an account. */
export const userBody = (user: WireUser, more: { isAdmin?: boolean; defaultProjectId?: string | null; activationToken?: string | null } = {}) => ({
  ...times(user),
  active: user.active,
  activation_token: more.activationToken ?? null,
  full_name: user.full_name,
  email_opted_in: false,
  is_service_account: user.is_service_account,
  is_admin: more.isAdmin ?? false,
  default_project_id: more.defaultProjectId ?? null,
  avatar_url: null,
});

/** An owner inside another thing, without metadata; null for the things that came with the workspace. */
export const nestedUser = (user: WireUser | undefined): Envelope | null => (user ? entity({ id: user.id, name: user.name, body: userBody(user) }) : null);

/** A person of the workspace. The activation token is in the answer that made it, nowhere else. */
export const member = (account: Member, hydrate: boolean, activationToken: string | null = null): Envelope =>
  entity({
    id: account.id,
    name: account.name,
    body: userBody(account, { ...account, activationToken }),
    metadata: hydrate ? { password_changed_at: null, email: account.email, external_user_id: null, user_metadata: {}, oidc_claims: {} } : null,
  });

export const USER_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/current-user",
    permission: "user:read",
    audit: "none: a read",
    handle: async (call) => member(await ask(currentMember, call.context, {}), call.hydrate),
  },
  {
    method: "GET",
    path: "/users",
    permission: "user:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        MEMBER_FIELDS,
        (input) => ask(listMembers, call.context, input),
        (items) => items.map((item) => member(item, call.hydrate)),
      ),
  },
  {
    method: "GET",
    path: "/users/{user}",
    permission: "user:read",
    audit: "none: a read",
    handle: async (call) => member(await named(call), call.hydrate),
  },
  {
    method: "POST",
    path: "/users",
    permission: "user:create",
    audit: "entry",
    handle: async (call) => {
      const made = await createUser(call);
      return member(made.member, call.hydrate, made.activationToken);
    },
  },
  {
    method: "PUT",
    path: "/current-user",
    permission: "project:read", // of the default project; the rest asks for itself
    audit: "entry",
    handle: async (call) => {
      await changeUser(call, await ask(currentMember, call.context, {}));
      return member(await ask(currentMember, call.context, {}), call.hydrate);
    },
  },
  {
    method: "PUT",
    path: "/users/{user}",
    permission: "grant:create", // of is_admin; the rest asks for itself
    audit: "entry",
    handle: async (call) => {
      const before = await named(call);
      await changeUser(call, before);
      return member(await ask(getMember, call.context, { nameOrId: before.id }), call.hydrate);
    },
  },
  {
    method: "PUT",
    path: "/users/{user}/deactivate",
    permission: "user:deactivate",
    audit: "entry",
    handle: async (call) => {
      const before = await named(call);
      const token = await deactivateUser(call, before);
      return member({ ...before, active: false }, call.hydrate, token);
    },
  },
  {
    method: "DELETE",
    path: "/users/{user}",
    permission: "grant:delete",
    audit: "entry",
    handle: async (call) => deleteUser(call, await named(call)),
  },
];

const named = (call: WireCall) => ask(getMember, call.context, { nameOrId: call.path.user });
