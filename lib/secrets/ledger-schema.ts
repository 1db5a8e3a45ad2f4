import type { Owner } from "@/lib/components/schema";

// The ledger as the browser gets it.

export type LaneKind = "stack" | "component" | "pipeline" | "step" | "user" | "service_account";

export type LedgerLane = {
  key: string;
  kind: LaneKind;
  name: string;
  /** By which way it could: "bound", "by reference", "owner", a role. */
  how: string;
  /** When it could; `to` null while it goes on. */
  could: { from: string; to: string | null }[];
  /** Instants at which it did, one for all that lie close together on a picture. */
  did: { at: string; count: number }[];
  uses: number;
};

export type SecretLedger = {
  from: string;
  to: string;
  lanes: LedgerLane[];
  refused: { at: string; count: number }[];
  versions: { version: number; at: string }[];
  uses: number;
  refusals: number;
  /** Runs that could use it in the time, and that did. */
  runs: { could: number; did: number };
};

/** A run of an answer: `exactness` null for one that only could. */
export type LedgerRun = {
  id: string;
  number: number;
  name: string;
  project: string;
  status: string;
  startedAt: string | null;
  who: Owner;
  uses: number;
  exactness: string | null;
};

/** What a secret is bound to now. */
export type BindingRow = {
  id: string;
  workspace: string;
  kind: LaneKind;
  targetId: string;
  name: string;
  step: string | null;
  path: "attached" | "reference" | "code";
  fields: string[];
  project: string | null;
  since: string;
  by: Owner;
};

/** A secret of a run: what it could use, and did. */
export type RunCredential = {
  secretId: string;
  name: string;
  kind: string;
  /** What binds it: "stack default"; empty where only the owner's client read it. */
  ways: string[];
  uses: { at: string; step: string | null; version: number; exactness: string; who: Owner; heldUntil: string | null; requestId: string }[];
};

/** A secret as the page of what it is bound to shows it. */
export type ThingSecret = {
  bindingId: string;
  id: string;
  name: string;
  path: "attached" | "reference" | "code";
  fields: string[];
  step: string | null;
  lastUsedAt: string | null;
};

/** What a secret can be bound to. */
export type BindingChoices = { stacks: Choice[]; components: Choice[]; pipelines: (Choice & { project: string; steps: string[] })[] };
type Choice = { id: string; name: string };
