import { z } from "zod";

// Fields that the forms of access share. Forms send text: an empty field is one that was left out.

/** When something ends: an ISO moment, or null for no end. */
export const untilField = z
  .union([z.iso.datetime({ offset: true, error: "An end is a moment such as 2026-12-31T18:00:00Z." }), z.literal(""), z.null()])
  .optional()
  .transform((text) => text || null);

/** A sentence of a person; optional. */
export const reasonField = z.string().trim().max(500, { error: "A reason has at most 500 characters." }).default("");

/** A role's name; whether there is such a role says `roleNamed`. */
export const roleField = z.string().regex(/^[a-z][a-z0-9-]{1,62}$/, { error: "There is no such role." });

/** Where a grant holds. The workspace is the call's own; organization means a call without one. */
export const scopeFields = {
  scope: z.enum(["organization", "workspace", "project"]),
  projectId: z.union([z.uuid(), z.literal("")]).optional(),
};
