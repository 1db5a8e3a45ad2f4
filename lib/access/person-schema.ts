// What a person's page shows: plain data.

export type PersonPage = {
  id: string;
  name: string;
  email: string | null;
  kind: string;
  active: boolean;
  createdAt: string;
  endedAt: string | null;
  lastSeenAt: string | null;
  isMe: boolean;
  /** How they prove who they are; null for readers who see names only. */
  identities: string[] | null;
  /** What would end with the account; null for readers who see names only. */
  holds: { sessions: number; devices: number; tokens: number; keys: number; requests: number } | null;
  /** What they may do at the place, permission by permission. */
  rights: { permission: string; reach: "any" | "own" }[];
  acts: { seq: number; at: string; action: string; target: string | null; outcome: string }[] | null;
};
