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
