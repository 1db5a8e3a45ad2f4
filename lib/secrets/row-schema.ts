import type { Owner } from "@/lib/components/schema";
import type { TestAnswer } from "./kind-schema";
import type { OpenLeak } from "./leak-schema";

// Secrets as the browser gets them: plain data that has no place for a value.

/** The kinds in words. */
export const KIND_TITLES: Record<string, string> = {
  generic: "Generic",
  openai: "OpenAI",
  anthropic: "Anthropic",
  "azure-openai": "Azure OpenAI",
  pinecone: "Pinecone",
  weaviate: "Weaviate",
  elasticsearch: "Elasticsearch",
  postgresql: "PostgreSQL",
  snowflake: "Snowflake",
  s3: "S3",
};

/** Where a secret holds. A name is looked for in this order. */
export const SCOPES = [
  { value: "private", label: "Its owner" },
  { value: "project", label: "One project" },
  { value: "workspace", label: "The workspace" },
  { value: "organization", label: "The organization" },
] as const;
export type SecretScope = (typeof SCOPES)[number]["value"];

export type SecretTableRow = {
  id: string;
  name: string;
  kind: string;
  scope: SecretScope;
  /** The name of its project. */
  project: string | null;
  keys: number;
  version: number;
  /** How many bindings are open. */
  bound: number;
  isLeaked: boolean;
  /** The kind of store that its values lie in. */
  store: string;
  owner: Owner;
  lastUsedAt: string | null;
  rotatedAt: string;
  expiresAt: string | null;
  createdAt: string;
};

export type SecretVersionRow = { version: number; keys: string[]; by: Owner; at: string; destroyedAt: string | null };

export type SecretPage = Omit<SecretTableRow, "keys" | "bound" | "isLeaked"> & {
  description: string;
  projectId: string | null;
  /** Of a placement: the organization's secret behind it. */
  organizationSecretId: string | null;
  ownerId: string | null;
  keys: string[];
  updatedAt: string;
  /** The newest first. */
  versions: SecretVersionRow[];
  uses: number;
  leak: OpenLeak | null;
  /** What came of the last test of what is saved. */
  test: (TestAnswer & { at: string; version: number }) | null;
};

/** One reading of a value. */
export type SecretUseRow = {
  id: string;
  at: string;
  workspace: string;
  who: Owner;
  credential: string;
  purpose: string;
  reason: string | null;
  version: number;
  requestId: string;
  /** Null for a use of no run, or of one that the reader may not see. */
  run: { id: string; number: number; name: string; project: string } | null;
  step: string | null;
  exactness: string | null;
  heldUntil: string | null;
  /** The number of its entry in the trail. */
  entry: number | null;
};

export const PURPOSES = [
  { value: "run", label: "Read by a run" },
  { value: "client", label: "Read by a client" },
  { value: "reveal", label: "Revealed" },
  { value: "test", label: "Tested" },
] as const;

/** One page of versions; `olderThan` begins the next. */
export type SecretVersionsPage = { total: number; rows: (SecretVersionRow & { restoredFrom: number | null })[]; olderThan: number | null };

/** A deleted secret; `open`: how many of its versions still have values. */
export type DeletedSecretRow = {
  id: string;
  name: string;
  scope: SecretScope;
  projectId: string | null;
  project: string | null;
  versions: number;
  open: number;
  ownerId: string | null;
  by: Owner;
  at: string;
};
export type DeletedSecretsPage = { rows: DeletedSecretRow[]; before: string | null };
