import { z } from "zod";

// What a directory is, for forms and pages.

export const PROVIDERS = { okta: "Okta", entra: "Microsoft Entra ID", other: "Another SCIM 2.0 client" } as const;
export type Provider = keyof typeof PROVIDERS;
/** A directory that nobody provisions: it keeps the groups that a sign-in brings. */
export const CLAIMS = "claims";

/** A name in addresses: the path of the directory's endpoint. */
export const directorySlug = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]{1,62}$/, "Small letters, digits and hyphens, beginning with a letter; at least two.");

/** How long the old token works after a rotation, in hours. */
export const MAX_OVERLAP_HOURS = 24 * 30;

/** What a directory holds of a person. `attributes`: as the directory sent them, without passwords and what we don't know. */
export const userState = z.strictObject({
  userName: z.string().trim().min(1).max(320),
  externalId: z.string().max(400).nullable(),
  active: z.boolean(),
  email: z.string().max(320).nullable(),
  fullName: z.string().max(200),
  attributes: z.record(z.string(), z.unknown()),
});
export type UserState = z.output<typeof userState>;

/** What a directory takes away: an account, for now or for good; a membership, by itself or with its group. */
export type RemovalKind = "deactivated" | "deleted" | "left" | "group-deleted";

export const groupState = z.strictObject({ displayName: z.string().trim().min(1).max(400), externalId: z.string().max(400).nullable() });
export type GroupState = z.output<typeof groupState>;

export type DirectorySummary = {
  id: string;
  slug: string;
  name: string;
  provider: Provider;
  /** `unused`: nothing was asked yet; `silent`: nothing for longer than its alarm allows. */
  state: "active" | "off" | "unused" | "silent";
  lastEventAt: string | null;
  silentAfterHours: number;
  /** The share of its people from whom it may take access within an hour without a System Admin; 100: all. */
  holdPercent: number;
  /** The removals that wait for a decision. */
  hold: { id: string; held: number; people: number; at: string } | null;
  /** When the first of its tokens ends; null when none does. */
  tokenEndsAt: string | null;
  people: number;
  groups: number;
};

type TokenFacts = { id: string; ending: string; createdAt: string; expiresAt: string | null; lastUsedAt: string | null; lastUsedAddress: string | null };
/** `requests`, `refused`: of the last 24 hours. */
export type DirectoryFacts = Omit<DirectorySummary, "provider"> & {
  provider: Provider | typeof CLAIMS;
  requests: number;
  refused: number;
  tokens: TokenFacts[];
  /** Of a directory of claims: the single sign-on connection that it belongs to. */
  connection: { slug: string; name: string } | null;
};

export type PersonRow = {
  id: string;
  userName: string;
  name: string;
  principalId: string;
  said: "active" | "deactivated";
  held: "active" | "deactivated";
  drift: boolean;
  externalId: string | null;
  groups: string;
  updatedAt: string;
};
export type GroupRow = { id: string; name: string; externalId: string | null; members: number; rules: number; updatedAt: string };
export type RequestRow = {
  id: string;
  at: string;
  method: string;
  subject: string;
  status: number;
  durationMs: number;
  detail: string | null;
  body: unknown;
  address: string | null;
  requestId: string;
};

/** A directory that needs a person: by its hold, else by its silence. */
export type AlarmingDirectory = { id: string; name: string; lastEventAt: string | null; holdId: string | null; heldAt: string | null };

export type DirectoryHold = {
  id: string;
  at: string;
  /** Of how many people, how many may lose access within an hour, and how many had by then. */
  people: number;
  most: number;
  endedBefore: number;
  held: number;
  withdrawn: number;
  state: "open" | "applied" | "discarded" | "withdrawn";
  decidedAt: string | null;
  decidedBy: string | null;
};
/** One person's, and what would end with it; of a membership the roles that its group gives, and no counts. */
export type HeldRemoval = {
  id: string;
  at: string;
  kind: RemovalKind;
  userName: string;
  principalId: string;
  who: string;
  group: string | null;
  sessions: number | null;
  tokens: number | null;
  keys: number | null;
  roles: { role: string; scope: "organization" | "workspace" | "project"; workspace: string | null; project: string | null }[];
};

export type DriftRow = {
  id: string;
  kind: "account" | "name" | "membership" | "grant" | "group";
  what: string;
  principalId: string | null;
  said: string;
  held: string;
  why: string;
  since: string;
};
