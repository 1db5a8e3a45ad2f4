import "server-only";
import { z } from "zod";
import { configFields, type JsonSchema } from "@/lib/flavors/config-schema";
import { AppError } from "@/lib/kernel/errors";
import { NotWorked, type SecretKind } from "@/lib/providers/secret-kinds/contract";
import { DEFINED_KINDS, definedKind } from "@/lib/providers/secret-kinds/registry";
import { kindCall } from "./kind-call";
import type { KindForm, TestAnswer } from "./kind-schema";
import type { SecretValues } from "./schema";

// The rules of kinds that are the same for all of them: what fits, what may be kept when it changes, how a test is answered.

/** A kind's form; null for generic secrets. */
export function kindForm(kind: string): KindForm | null {
  const defined = definedKind(kind);
  if (!defined) return null;
  const { title, group, about, docs, note, test } = defined;
  const schema = z.toJSONSchema(defined.fields, { io: "input" }) as JsonSchema;
  // Titles as they are written: "API key", not "Api key".
  const fields = configFields(schema).map((field) => ({ ...field, label: schema.properties?.[field.name]?.title ?? field.label, limits: null }));
  return { kind, title, group, about, docs, note, isTestable: test !== null, fields };
}

export const kindForms = (): KindForm[] => DEFINED_KINDS.flatMap(({ kind }) => kindForm(kind) ?? []);

/** Keys that a kind doesn't know may stand beside its own. Error: invalid_input by field. */
export function requireKind(kind: string, values: SecretValues): void {
  const checked = definedKind(kind)?.fields.safeParse(values);
  if (!checked || checked.success) return;
  const fields = Object.fromEntries(
    checked.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return [name, Object.hasOwn(values, name) || issue.code === "custom" ? issue.message : "This is needed."];
    }),
  );
  const said = Object.entries(fields).map(([name, message]) => `${name}: ${message}`);
  throw new AppError("invalid_input", said.join(" "), { fields });
}

/** The same for a kind that is given to keys which are there: what is wrong is the kind. Error: invalid_input, with the keys that are missing or don't fit. */
export function requireFitting(kind: string, values: SecretValues): void {
  try {
    requireKind(kind, values);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const missing = Object.keys(error.fields ?? {}).filter((name) => !Object.hasOwn(values, name));
    const title = definedKind(kind)?.title ?? kind;
    const message = missing.length > 0 ? `${title} needs the key ${missing.join(", and the key ")}.` : `The keys don’t fit ${title}: ${error.message}`;
    throw new AppError("invalid_input", message, { fields: { kind: message } });
  }
}

/**
 * Error: forbidden, where keys that stay would be sent to another address: who may not see them may not have them sent elsewhere either. `isNew`: it had
 * another kind, which didn't guard what stands in this one's fields of an address.
 */
export function requireSameAddress(kind: string, before: SecretValues, after: SecretValues, { isNew = false } = {}): void {
  const defined = definedKind(kind);
  if (!defined) return;
  const moved = defined.address.filter((name) => (isNew ? after[name] !== undefined : before[name] !== after[name]));
  const kept = secretFields(kind).filter((name) => !defined.address.includes(name) && after[name] && before[name] === after[name]);
  if (moved.length === 0 || kept.length === 0) return;
  throw new AppError("forbidden", `${moved.join(", ")} says where the keys are sent. Keys that stay go nowhere else than where they were given for.`, {
    fix: `Give ${kept.join(", ")} again together with the new address.`,
    fields: Object.fromEntries(kept.map((name) => [name, "Give this again with the new address."])),
    reason: "keys_elsewhere",
  });
}

const secretFields = (kind: string): string[] => kindForm(kind)?.fields.flatMap((field) => (field.isSecret ? [field.name] : [])) ?? [];

/** A kind that can be tested. Error: invalid_input for one that can't. */
export function testable(kind: string): SecretKind & { test: NonNullable<SecretKind["test"]> } {
  const defined = definedKind(kind);
  if (defined?.test) return defined as ReturnType<typeof testable>;
  throw new AppError("invalid_input", defined?.note ?? "What a generic secret opens is known to nobody here, so it can’t be tested.");
}

/** One call that reads, with the values. What goes wrong outside is the answer. Error: invalid_input for a kind without a test. */
export async function testValues(kind: string, values: SecretValues, networks: readonly string[]): Promise<TestAnswer> {
  const defined = testable(kind);
  try {
    return { outcome: "worked", words: await defined.test(values, kindCall({ networks, ports: defined.ports ?? [] })) };
  } catch (error) {
    if (error instanceof NotWorked) return { outcome: error.outcome, words: error.message };
    throw error;
  }
}
