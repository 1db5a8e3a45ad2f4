import "server-only";
import { documentOf, readDocuments } from "@/lib/documents/documents";
import type { Tx } from "@/lib/kernel/transaction";

// What a graph needs of a step's body: its outputs, what its inputs come from, its group and its source. Bodies never change under their
// hash, so what was read once is kept, by workspace.

export type StepShape = {
  outputs: string[];
  inputs: { step: string; output: string }[];
  group: { id: string; name: string | null } | null;
  source: string | null;
};

const NOTHING: StepShape = { outputs: [], inputs: [], group: null, source: null };
const KEPT = 5_000;
const kept = new Map<string, StepShape>();

/** Gives the shape of a body by its hash. Bodies that are not there or hold no JSON have none of it. */
export async function readStepShapes(tx: Tx, workspaceId: string, hashes: readonly Buffer[]): Promise<(hash: Buffer | undefined) => StepShape> {
  const keyOf = (hash: Buffer) => `${workspaceId} ${hash.toString("base64")}`;
  const shapes = new Map<string, StepShape>();
  const missing = new Map<string, Buffer>();
  for (const hash of hashes) {
    const key = keyOf(hash);
    const known = kept.get(key);
    if (known) shapes.set(key, known);
    else missing.set(key, hash);
  }
  const documents = await readDocuments(tx, workspaceId, missing.values());
  for (const [key, hash] of missing) {
    const shape = shapeOf(documentOf(documents, hash));
    shapes.set(key, shape);
    if (kept.size >= KEPT) kept.delete(kept.keys().next().value as string);
    kept.set(key, shape);
  }
  return (hash) => (hash && shapes.get(keyOf(hash))) ?? NOTHING;
}

type Body = {
  config?: { outputs?: Record<string, unknown>; group?: { id?: unknown; name?: unknown } | null };
  spec?: { inputs?: Record<string, unknown>; source?: { module?: unknown; attribute?: unknown } };
};

/** The shape in a body's JSON text. */
export function shapeOf(text: string | undefined): StepShape {
  let body: Body | null = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    return NOTHING;
  }
  if (typeof body !== "object" || body === null) return NOTHING;
  const { config, spec } = body;
  const group = config?.group;
  return {
    outputs: Object.keys(config?.outputs ?? {}),
    inputs: Object.values(spec?.inputs ?? {})
      .flat()
      .flatMap((input) => (isInput(input) ? [{ step: input.step_name, output: input.output_name }] : [])),
    group: typeof group?.id === "string" ? { id: group.id, name: typeof group.name === "string" ? group.name : null } : null,
    source: spec?.source ? `${String(spec.source.module)}.${String(spec.source.attribute)}` : null,
  };
}

function isInput(value: unknown): value is { step_name: string; output_name: string } {
  const input = value as { step_name?: unknown; output_name?: unknown } | null;
  return typeof input === "object" && input !== null && typeof input.step_name === "string" && typeof input.output_name === "string";
}
