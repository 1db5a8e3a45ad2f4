import { z } from "zod";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";

// What pages see of invitations, and what the form of an accepted one asks for.

export type InvitationRow = {
  id: string;
  email: string;
  fullName: string;
  role: string;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  grantUntil: string | null;
  note: string;
  invitedBy: string | null;
  createdAt: string;
  expiresAt: string;
  state: "open" | "accepted" | "revoked" | "expired";
};

/** What the page of a link shows to whoever holds it. */
export type OpenInvitation = {
  email: string;
  fullName: string;
  organization: string;
  invitedBy: string;
  role: string;
  place: string;
  grantUntil: string | null;
  note: string;
  expiresAt: string;
  /** Whether somebody with this address has an account already. */
  hasAccount: boolean;
  /** Whether the browser is signed in as that person. */
  isThem: boolean;
};

export const acceptInput = z
  .strictObject({
    secret: z.string().min(1).max(200),
    /** For a new account; left out by somebody who has one. */
    name: z
      .string()
      .trim()
      .max(100, { error: "Your name may have at most 100 characters." })
      .refine((text) => !/\p{Cc}/u.test(text), { error: "Your name holds a control character." })
      .optional(),
    password: z.string().max(1_024).optional(),
  })
  .superRefine((input, context) => {
    if (input.password === undefined) return;
    const problem = passwordProblem(input.password, [input.name ?? ""]);
    if (problem) context.addIssue({ code: "custom", path: ["password"], message: passwordSentence(problem) });
    if (!input.name) context.addIssue({ code: "custom", path: ["name"], message: "Your name is missing." });
  });
