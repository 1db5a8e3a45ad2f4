import "server-only";
import { type Account, loadAccounts } from "@/lib/members/load-accounts";
import { type Envelope, entity, times } from "./respond";

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
