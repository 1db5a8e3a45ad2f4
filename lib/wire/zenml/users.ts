import "server-only";
import { ask } from "@/lib/kernel/query";
import { type Account, loadAccounts } from "@/lib/members/load-accounts";
import { currentMember, getMember, listMembers, type Member, MEMBER_FIELDS } from "@/lib/members/queries";
import type { Endpoint } from "./endpoint";
import { type Envelope, entity, times } from "./respond";
import { answerList } from "./scoped-list";

// Accounts on the wire. A nested owner is a person or a service account alike; an account that was deactivated keeps its name.

export type WireUser = Account;

/** The accounts of the ids that there are, in one query. */
export const loadUsers = loadAccounts;

/** `body` of an account. */
export const userBody = (user: WireUser, more: { isAdmin?: boolean; defaultProjectId?: string | null } = {}) => ({
  ...times(user),
  active: user.active,
  activation_token: null,
  full_name: user.full_name,
  email_opted_in: false,
  is_service_account: user.is_service_account,
  is_admin: more.isAdmin ?? false,
  default_project_id: more.defaultProjectId ?? null,
  avatar_url: null,
});

/** An owner inside another thing, without metadata; null for the things that came with the workspace. */
export const nestedUser = (user: WireUser | undefined): Envelope | null => (user ? entity({ id: user.id, name: user.name, body: userBody(user) }) : null);

const member = (account: Member, hydrate: boolean): Envelope =>
  entity({
    id: account.id,
    name: account.name,
    body: userBody(account, account),
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
    handle: async (call) => member(await ask(getMember, call.context, { nameOrId: call.path.user }), call.hydrate),
  },
];
