import "server-only";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";

// Adds metadata entries. Values are JSON text and stay as they were spelled; a number is also kept as a number, to filter and sort by.

export const METADATA_RESOURCES = ["pipeline_run", "step_run", "artifact_version", "model_version"] as const;
export type MetadataResourceType = (typeof METADATA_RESOURCES)[number];

export type MetadataFacts = {
  workspaceId: string;
  projectId: string;
  actorId: string;
  requestId: string;
  resources: readonly { id: string; type: MetadataResourceType }[];
  /** Key → JSON text. */
  values: ReadonlyMap<string, string>;
  /** Key → the client's name of the type; guessed from the value where it is not there. */
  types?: Readonly<Record<string, string>>;
  publisherStepId?: string | null;
};

const BATCH = 1_000;

/** Adds one entry per resource and key. */
export async function writeMetadata(tx: Tx, facts: MetadataFacts): Promise<void> {
  const rows = facts.resources.flatMap((resource) =>
    [...facts.values].map(([key, value]) => ({
      id: newId(),
      workspace_id: facts.workspaceId,
      project_id: facts.projectId,
      resource_type: resource.type,
      resource_id: resource.id,
      key,
      value,
      value_number: numberOf(value),
      type: facts.types?.[key] ?? typeOf(value),
      publisher_step_id: facts.publisherStepId ?? null,
      request_id: facts.requestId,
      created_by: facts.actorId,
    })),
  );
  for (let start = 0; start < rows.length; start += BATCH)
    await tx
      .insertInto("metadata_entry")
      .values(rows.slice(start, start + BATCH))
      .execute();
}

const NUMBER = /^-?\d/;

/** The number that a JSON text is; null for everything else and for what a double can't hold. */
export function numberOf(text: string): number | null {
  if (!NUMBER.test(text)) return null;
  const number = Number(text);
  return Number.isFinite(number) ? number : null;
}

/** The client's name for the type of a JSON text. */
export function typeOf(text: string): string {
  if (text.startsWith('"')) return "str";
  if (text.startsWith("{")) return "dict";
  if (text.startsWith("[")) return "list";
  if (text === "true" || text === "false") return "bool";
  return /[.eE]/.test(text) ? "float" : "int";
}
