import type { SharedThing } from "@/lib/access/schema";

// What pages see of access reviews: plain data.

export type ReviewState = "open" | "overdue" | "signed" | "cancelled";

export type ReviewRow = {
  id: string;
  name: string;
  /** The role that is reviewed; null for every role of the place. */
  role: string | null;
  /** The workspace that is reviewed; null for the organization. */
  workspace: string | null;
  createdBy: string;
  createdAt: string;
  dueAt: string;
  state: ReviewState;
  total: number;
  settled: number;
  closedBy: string | null;
  closedAt: string | null;
};

/** A review that waits for somebody, as the home page shows it. */
export type DueReview = { id: string; name: string; workspace: string | null; dueAt: string; isOverdue: boolean };

export type ReviewPage = ReviewRow & {
  note: string;
  comment: string | null;
  digest: string | null;
  counts: { keep: number; revoke: number; ended: number; undecided: number };
  /** Grants of the same place and role that were given since the list was made. */
  givenSince: number;
  canDecide: boolean;
};

export const RISKS = {
  unused: "Not used for 90 days",
  administers: "Gives roles to others",
  deactivated: "Account deactivated",
} as const;
export type Risk = keyof typeof RISKS;

export type ReviewItemRow = {
  id: string;
  subjectKind: "user" | "service_account" | "team";
  subjectId: string;
  who: string;
  /** Of a team, by name, as they were when the review was opened. */
  members: string[];
  role: string;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  shared: SharedThing | null;
  source: string;
  through: string | null;
  grantedBy: string | null;
  since: string;
  until: string | null;
  lastUsedAt: string | null;
  risks: Risk[];
  decision: "keep" | "revoke" | "ended" | null;
  reason: string | null;
  decidedBy: string | null;
  decidedAt: string | null;
  /** What became of the grant since the review was opened; null while nothing did, and once the review is closed. */
  meanwhile: "ended" | "changed" | "members" | "deactivated" | null;
  /** The role that the account was given at the same place instead. */
  nowRole: string | null;
  /** Whose it is to decide, and who gave it to them; null for any reviewer's. */
  delegatedTo: string | null;
  delegatedBy: string | null;
  /** Whether the reader may give it to another reviewer, or take it back. */
  canDelegate: boolean;
  /** It is the reader's own access. */
  isMine: boolean;
  canDecide: boolean;
  canRevoke: boolean;
};

export const DECISIONS = [
  { value: "keep", label: "Keep" },
  { value: "revoke", label: "Revoked" },
  { value: "ended", label: "Ended meanwhile" },
] as const;

export const MEANWHILE = {
  ended: "Ended",
  changed: "Changed",
  members: "Members changed",
  deactivated: "Deactivated",
} as const;

/** Where an access that follows from a directory is ended. */
export const directoryWords = ({ through }: Pick<ReviewItemRow, "through">): string =>
  `Given by the directory${through ? ` through the group ${through}` : ""}: it can't be ended here. Take the person out of the group, or end the group's rule in Settings, Directory; the row is settled then.`;

/** What a review is of, in words. `roleTitle` of the role comes from the caller. */
export const reviewOf = ({ workspace }: Pick<ReviewRow, "workspace">, roleTitle: string | null): string =>
  workspace
    ? roleTitle
      ? `${roleTitle} in ${workspace}`
      : `everybody in ${workspace}`
    : roleTitle
      ? `${roleTitle} everywhere`
      : "roles on the whole organization";
