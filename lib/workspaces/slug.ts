/*
 * Names that stand in URLs. A workspace's slug is the first part of every page and wire URL: it never changes and a deleted
 * one is never used again. Invariant: RESERVED_NAMES holds every first path segment of app/ and public/ (a test compares).
 */
import { z } from "zod";

export const RESERVED_NAMES: ReadonlySet<string> = new Set(
  `api _next .well-known sign-in sign-out login logout setup device devices invite error workspaces projects models audit access settings account
  organization teams roles users members approvals inbox evidence search lineage runs pipelines artifacts stacks secrets connectors triggers health
  ready metrics docs openapi admin help new me v1 wire scim sso hooks agent static assets public status demo
  emergency views`.split(/\s+/),
);

/** A workspace's slug. */
export const workspaceSlug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,62}$/, { error: "A workspace's name has 2 to 63 lower-case letters, digits and hyphens, and starts with a letter." })
  .refine((name) => !RESERVED_NAMES.has(name), { error: "This name is reserved: it is the address of a page." });

/** A project's name: it stands in URLs below the workspace. */
export const projectName = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, {
  error: "A project's name has up to 63 lower-case letters, digits, hyphens and underscores, and starts with a letter or digit.",
});
