import { createHash } from "node:crypto";

// What a sign-off seals: the SHA-256 of the decided list in one form that never depends on the order of rows or of keys, so that whoever has
// the exported list can make it again.

export type SealedItem = {
  who: string;
  members: string[];
  role: string;
  scope: string;
  workspace: string | null;
  project: string | null;
  source: string;
  through: string | null;
  since: string;
  decision: string;
  reason: string | null;
  decidedBy: string | null;
};

/** Where an item holds, as it is sealed: a direct share names its thing in place of a scope. */
export const sealedScope = ({ scope, shared }: { scope: string; shared: { type: string; name: string } | null }): string =>
  shared ? `${shared.type} ${shared.name}` : scope;

const FIELDS = ["who", "members", "role", "scope", "workspace", "project", "source", "through", "since", "decision", "reason", "decidedBy"] as const;

/** The text that is sealed: a JSON array a line, fields in a fixed order, lines sorted by code unit. */
export const sealedText = (items: readonly SealedItem[]): string =>
  items
    .map((item) => `${JSON.stringify(FIELDS.map((field) => item[field]))}\n`)
    .sort()
    .join("");

/** The digest of the decided list, in hex. */
export const digestOf = (items: readonly SealedItem[]): string => createHash("sha256").update(sealedText(items), "utf8").digest("hex");
