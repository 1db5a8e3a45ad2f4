// What pages see of grants, requests and paths: plain data.

/** What a direct share is of, by the name that it had. */
export type SharedThing = { type: string; id: string; name: string };

export type GrantRow = {
  id: string;
  principalId: string;
  who: string;
  email: string | null;
  kind: string;
  role: string;
  effect: string;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  shared: SharedThing | null;
  source: string;
  /** The team or the directory's group that it comes from. */
  through: string | null;
  grantedBy: string | null;
  since: string;
  until: string | null;
  lastSeenAt: string | null;
  state: string;
  reason: string | null;
  /** Whether the reader may change and end it here. */
  canEnd: boolean;
};

/** A direct share of a thing. */
export type ShareRow = {
  id: string;
  subjectId: string;
  kind: string;
  who: string;
  role: string;
  since: string;
  until: string | null;
  grantedBy: string | null;
  /** As what the reader may end it: as who ends grants here, or as the thing's owner. */
  endedAs: "grants" | "owner" | null;
};

export type RequestRow = {
  id: string;
  principalId: string;
  who: string;
  role: string;
  scope: "organization" | "workspace" | "project";
  workspace: string | null;
  project: string | null;
  permission: string | null;
  thing: string | null;
  reason: string;
  until: string | null;
  state: string;
  decidedBy: string | null;
  decidedAt: string | null;
  comment: string | null;
  expiresAt: string;
  createdAt: string;
  isMine: boolean;
  canDecide: boolean;
};

/** Words of where a grant came from. */
export const SOURCES = [
  { value: "person", label: "A person" },
  { value: "request", label: "An access request" },
  { value: "setup", label: "The set-up" },
  { value: "group_rule", label: "A group rule" },
  { value: "scim", label: "The directory" },
  { value: "team", label: "A team" },
] as const;

export const sourceWord = (source: string): string => SOURCES.find((one) => one.value === source)?.label ?? source;

/** Whether a grant was given to the account itself; one that follows from a team or a directory is ended there. */
export const isGivenDirectly = (source: string): boolean => !["group_rule", "scim", "team"].includes(source);

/** Where a grant came from, by name where it has one: "Team Risk", "Group ds-contributors", "Direct share". */
export const throughWords = ({ source, through, shared }: { source: string; through: string | null; shared?: SharedThing | null }): string => {
  if (shared) return through === null ? "Direct share" : `Direct share, team ${through}`;
  return through === null ? sourceWord(source) : `${source === "team" ? "Team" : "Group"} ${through}`;
};

/** What a 403 page says of its refusal. */
export type PageRefusal = {
  seq: number;
  permission: string;
  sentence: string;
  yourRole: string | null;
  source: string | null;
  since: string | null;
  needed: { role: string; title: string; scope: "organization" | "workspace" | "project" } | null;
};

/** One path by which somebody reaches a place: a grant. */
export type ReachPath = {
  grantId: string;
  principalId: string;
  who: string;
  kind: string;
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
  /** The role gives it on what they made themselves only. */
  isOwnOnly: boolean;
  openedBy: string | null;
};

/** Why somebody can or can't. */
export type WhyAnswer = {
  who: { id: string; name: string; kind: string };
  allowed: boolean;
  sentence: string;
  considered: {
    id: string;
    role: string;
    effect: string;
    scope: string;
    shared: SharedThing | null;
    source: string;
    through: string | null;
    since: string;
    until: string | null;
    gives: "any" | "own" | null;
    isDeciding: boolean;
  }[];
  needed: { role: string; title: string; scope: "organization" | "workspace" | "project" } | null;
};
