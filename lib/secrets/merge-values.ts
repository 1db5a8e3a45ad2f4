import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { requireFitting, requireKind, requireSameAddress } from "./kinds";
import { type SecretValues, secretValues } from "./schema";

/** All values; or, as `patch`, those of some keys, null to take one away. `kind`: another kind that they are to fit. */
export type ValuesWish = { kind?: string | null; values?: SecretValues | null; patch?: Record<string, string | null> | null };

/**
 * What a change makes of the stored values. `mayRead`: whether who changes them may read them anyway. Errors: invalid_input for what doesn't fit;
 * forbidden to send keys that stay elsewhere.
 */
export function mergeValues(
  { kind, mayRead }: { kind: string; mayRead: boolean },
  old: SecretValues,
  { kind: given, values, patch }: ValuesWish,
): SecretValues {
  const merged = values ?? Object.fromEntries(Object.entries({ ...old, ...patch }).filter((pair): pair is [string, string] => pair[1] !== null));
  const fitting = secretValues.safeParse(merged);
  if (!fitting.success) {
    const message = fitting.error.issues[0]?.message ?? "The values don’t fit.";
    throw new AppError("invalid_input", message, { fields: { values: message } });
  }
  const wanted = given ?? kind;
  const isNew = wanted !== kind;
  if (isNew) requireFitting(wanted, merged);
  else requireKind(wanted, merged);
  if (!mayRead) requireSameAddress(wanted, old, merged, { isNew });
  return merged;
}

/** The keys whose value differs. */
export const changedKeys = (old: SecretValues, after: SecretValues): string[] =>
  [...new Set([...Object.keys(old), ...Object.keys(after)])].filter((key) => old[key] !== after[key]).sort();
