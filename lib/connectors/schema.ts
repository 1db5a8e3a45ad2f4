// Connectors as the browser gets them: plain data that has no place for a key.
import type { Owner } from "@/lib/components/schema";

/** The types in their words. */
export const TYPE_TITLES: Record<string, string> = {
  aws: "AWS",
  gcp: "GCP",
  azure: "Azure",
  kubernetes: "Kubernetes",
  docker: "Docker",
  hyperai: "HyperAI",
  oauth2: "OAuth 2.0",
};
export const typeTitle = (type: string): string => TYPE_TITLES[type] ?? type;

/** What a connection reaches of one type of resources. */
export type Reachable = { resourceType: string; resourceIds: string[] | null; error: string | null };
export type ReachAnswer = { resources: Reachable[]; error: string | null };

export type ConnectorTableRow = {
  id: string;
  name: string;
  type: string;
  method: string;
  methodTitle: string;
  /** Whether what it issues ends by itself. */
  isShort: boolean;
  resourceTypes: string[];
  resourceId: string | null;
  /** Credentials that were issued in the last 24 hours. */
  issued: number;
  verifiedAt: string | null;
  lastError: string | null;
  expiresAt: string | null;
  owner: Owner;
  createdAt: string;
};

export type ConnectorPage = Omit<ConnectorTableRow, "issued"> & {
  ownerId: string | null;
  description: string;
  /** What is no key, as text. */
  configuration: [string, string][];
  /** The names of the main keys that Reeve holds. */
  mainKeys: string[];
  keysVersion: number | null;
  keysChangedAt: string | null;
  expirationSeconds: number | null;
  labels: [string, string][];
  lastErrorAt: string | null;
  lastIssuedAt: string | null;
  updatedAt: string;
  /** New main keys that wait to be accepted. */
  next: { since: string; error: string | null } | null;
  usedBy: { id: string; name: string; type: string; resourceId: string | null }[];
  /** What lives now, the one that ends last first. */
  living: IssueRow[];
  longLivedKeysLeave: boolean;
};

/** A row of the ledger. */
export type IssueRow = {
  id: string;
  at: string;
  who: Owner;
  credential: string;
  /** `steps`: those that had it, as far as can be told. */
  run: { id: string; number: number; project: string; isExact: boolean; steps: string[] } | null;
  purpose: string;
  outcome: string;
  reason: string | null;
  resourceType: string | null;
  resourceId: string | null;
  method: string | null;
  reach: string | null;
  actsAs: string | null;
  isCapped: boolean;
  expiresAt: string | null;
  keysVersion: number | null;
  peerRequestId: string | null;
  requestId: string;
  /** The one that it took the place of. */
  renews: string | null;
  /** The longest life that the other side allowed, where that was less than asked. */
  peerLimitSeconds: number | null;
  /** What the other side ends it by; those with the same end together. Null where it can't. */
  ending: string | null;
  /** Since when it is being ended: the other side was asked, or will be. */
  revokingAt: string | null;
  revokedAt: string | null;
  revokedBy: string | null;
};

/** A row of a run's ledger. */
export type RunIssue = IssueRow & { connector: { id: string; name: string } };

/** What the edit form starts from. Keys stay on the server: `kept` names those that it holds. */
export type ConnectorDraft = {
  id: string;
  name: string;
  description: string;
  type: string;
  method: string;
  resourceTypes: string[];
  resourceId: string | null;
  /** JSON text by field. */
  values: Record<string, string>;
  kept: string[];
  expirationSeconds: number | null;
  expiresAt: string | null;
  basedOn: string;
};

export const OUTCOMES = [
  { value: "issued", label: "Issued" },
  { value: "refused", label: "Refused" },
  { value: "failed", label: "Failed outside" },
] as const;

export const ISSUE_PURPOSES = [
  { value: "client", label: "For a client" },
  { value: "server", label: "Used by Reeve" },
  { value: "test", label: "Test" },
] as const;

/** What a credential reaches, in words. */
export const REACH_WORDS: Record<string, string> = { resource: "this resource alone", "as-main-key": "as the main key" };

const REASONS: Record<string, string> = {
  long_lived_key: "only a long-lived key could leave",
  wider_than_connector: "wider than the connector",
  invalid_configuration: "no such resource",
  no_grant: "no right to use it",
  not_owner: "no right to use it",
  denied_by_grant: "denied by a grant",
  outside_run: "not of the run’s stack",
  outside_credential: "outside the credential’s limits",
};
export const reasonWords = (reason: string): string => REASONS[reason] ?? reason;
