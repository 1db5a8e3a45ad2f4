import type { ConfigField } from "@/lib/flavors/config-schema";

// Secret stores as the browser gets them: plain data that has no place for a credential.

/** Reeve's own store, which every workspace has. */
export const BUILT_IN = "Built in";
const TITLES: Record<string, string> = {
  vault: "OpenBao or Vault",
  "aws-secrets-manager": "AWS Secrets Manager",
  "gcp-secret-manager": "Google Secret Manager",
  "azure-key-vault": "Azure Key Vault",
};
/** A kind of store in words; none for Reeve's own. */
export const storeTitle = (type: string | null): string => (type === null || type === "built-in" ? BUILT_IN : (TITLES[type] ?? type));
export const STORE_OPTIONS = [{ value: "built-in", label: BUILT_IN }, ...Object.entries(TITLES).map(([value, label]) => ({ value, label }))];

export type StoreMethod = { method: string; title: string; fields: ConfigField[] };
export type StoreKind = {
  type: string;
  title: string;
  /** Said where no real service of this kind was asked by the tests. */
  unproven: string | null;
  methods: StoreMethod[];
};

export type StoreView = {
  id: string;
  type: string;
  title: string;
  /** What is no credential, as text. */
  configuration: [string, string][];
  /** The names of the credentials that Reeve holds. */
  credentials: string[];
  isCurrent: boolean;
  /** Versions that lie there. */
  versions: number;
  /** Objects there that are not yet as they should be, and what the store said last. */
  waiting: number;
  waitingError: string | null;
  verifiedAt: string | null;
  lastError: string | null;
  lastErrorAt: string | null;
};

export type Stores = {
  /** Null: new values go to Reeve's own store. */
  current: string | null;
  /** Versions that lie in Reeve's own store. */
  builtIn: number;
  stores: StoreView[];
};

/** What the form of a stored one begins with. `values`: JSON text by field. */
export type StoreDraft = { id: string; type: string; method: string; values: Record<string, string>; kept: string[]; basedOn: string };
