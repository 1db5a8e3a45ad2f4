// Personal tokens as pages show them: plain data, never a secret.

export type PersonalToken = {
  id: string;
  name: string;
  /** Null: all that the person may. */
  scopes: string[] | null;
  workspace: string | null;
  project: string | null;
  createdAt: string;
  expiresAt: string;
  revokedAt: string | null;
  lastUsedAt: string | null;
  lastUsedAddress: string | null;
  state: "active" | "expiring" | "expired" | "revoked";
};

/** What a person gets to see once. */
export type ShownToken = { id: string; name: string; value: string; expiresAt: string };

/** A place that a token may be bound to. */
export type TokenPlace = { id: string; slug: string; displayName: string; projects: { id: string; name: string }[] };
