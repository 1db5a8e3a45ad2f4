import type { SharedThing } from "@/lib/access/schema";

// What pages see of teams: plain data.

export type TeamRow = { id: string; name: string; description: string; members: number; grants: number; rules: number; createdAt: string };

/** `through`: the group of a directory that put somebody in; null for by hand. */
export type TeamMember = {
  principalId: string;
  who: string;
  email: string | null;
  active: boolean;
  since: string;
  source: string;
  through: string | null;
  addedBy: string | null;
};

export type TeamGrantRow = {
  id: string;
  teamId: string;
  team: string;
  members: number;
  role: string;
  effect: string;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  shared: SharedThing | null;
  source: string;
  grantedBy: string | null;
  since: string;
  until: string | null;
  reason: string | null;
  canEnd: boolean;
};

export type TeamRule = { id: string; group: string; directoryId: string; directory: string; people: number };

export type TeamPage = Omit<TeamRow, "members" | "grants" | "rules"> & {
  /** The first 1,000 by name. */
  members: TeamMember[];
  rules: TeamRule[];
  /** The newest entries of the trail about the team; null for who may not read the whole trail. */
  entries: { seq: number; at: string; action: string; actor: string; subject: string | null }[] | null;
};
