// What pages see of service accounts and their keys: plain data, never a key's value or hash.

export type KeyState = "active" | "inactive" | "expired" | "stopped";

export type KeyRow = {
  id: string;
  name: string;
  description: string;
  /** Stopped: the person whom it was issued to has left. */
  state: KeyState;
  scopes: string[] | null;
  createdAt: string;
  createdBy: string | null;
  issuedTo: { id: string; name: string; active: boolean } | null;
  expiresAt: string | null;
  lastUsedAt: string | null;
  lastUsedAddress: string | null;
  lastRotatedAt: string | null;
  /** Set while the value before the last rotation still works. */
  overlap: { until: string; usedAt: string | null; usedAddress: string | null; usedAgent: string | null } | null;
};

export type AccountRow = {
  id: string;
  name: string;
  description: string;
  active: boolean;
  /** Null: an account of the organization. */
  workspace: string | null;
  /** Role names, the strongest first is not implied. */
  roles: string[];
  keys: number;
  lastUsedAt: string | null;
  nextExpiry: string | null;
  owner: string | null;
  ownerActive: boolean | null;
  createdAt: string;
};

export type AccountGrant = { id: string; role: string; scope: string; since: string; until: string | null };

export type AccountDetail = AccountRow & {
  keyRows: KeyRow[];
  grants: AccountGrant[];
  runs: number;
  runningRuns: number;
};
