// What pages see of an audit entry: plain data, already redacted when it was written.

export const OUTCOMES = [
  { value: "allowed", label: "Allowed" },
  { value: "denied", label: "Denied" },
  { value: "failed", label: "Failed" },
] as const;

export type EntryRow = {
  seq: number;
  at: string;
  actor: { name: string; kind: string };
  onBehalfOf: string | null;
  origin: string;
  action: string;
  targetType: string;
  targetName: string | null;
  targetId: string | null;
  outcome: string;
  reason: string | null;
  workspace: string | null;
  requestId: string;
  address: string | null;
  credentialKind: string;
  credentialLabel: string | null;
  count: number;
};

export type EntryPage = EntryRow & {
  actorId: string | null;
  credentialId: string | null;
  clientRequestId: string | null;
  claimed: Record<string, string> | null;
  before: unknown;
  after: unknown;
  /** Other entries of the same request. */
  siblings: { seq: number; action: string; outcome: string }[];
  previous: number | null;
  next: number | null;
  /** The target's own page, when there is one. */
  targetHref: string | null;
};
