import { z } from "zod";

// What a directory is, for forms and pages.

export const PROVIDERS = { okta: "Okta", entra: "Microsoft Entra ID", other: "Another SCIM 2.0 client" } as const;
export type Provider = keyof typeof PROVIDERS;

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
