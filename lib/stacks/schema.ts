// What pages see of stacks: plain data.
import type { Owner, StackRun } from "@/lib/components/schema";

export type StackPart = {
  id: string;
  name: string;
  type: string;
  flavor: string;
  flavorTitle: string;
  isCustom: boolean;
  /** What being local means for others; null when it is not. */
  local: string | null;
};

export type StackRow = {
  id: string;
  name: string;
  description: string;
  parts: StackPart[];
  /** Runs of the last seven days that the reader may see. */
  runs7d: number;
  owner: Owner;
  createdAt: string;
  updatedAt: string;
};

/** Counts of what names a stack stop here: "10,000+". */
export const NAMED_COUNTED = 10_000;

export type StackPage = StackRow & {
  ownerId: string | null;
  isDefault: boolean;
  labels: [string, string][];
  /** The names of the environment variables. */
  variables: string[];
  /** With their values; null for who may not change them. */
  environment: [string, string][] | null;
  /** The latest runs that the reader may see. */
  runs: StackRun[];
  /** How many runs and snapshots, of whoever, name this stack: up to one more than NAMED_COUNTED. */
  named: { runs: number; snapshots: number };
};

/** A component that a stack's form offers. */
export type PartChoice = { id: string; name: string; type: string; flavor: string; isLocal: boolean };
