import { z } from "zod";

// JSON objects travel as text through commands, so that numbers keep the spelling that a client sent (docs/decisions/0006).

const MAX_TEXT = 500_000;

/** The object in a text; undefined when it is none. */
export function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON object as text. */
export const objectText = z
  .string()
  .max(MAX_TEXT)
  .refine((text) => objectOf(text) !== undefined, "is not a JSON object");

/** The same, for a map of text to text (environment variables). */
export const textMap = objectText.refine((text) => Object.values(objectOf(text) ?? {}).every((value) => typeof value === "string"), "takes text values only");

/** A list of ids, as a list or as JSON text of one (forms send text). */
export const idList = z.preprocess((value) => (typeof value === "string" ? listOf(value) : value), z.array(z.uuid()).max(100));

function listOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** The name of a stack, component or flavor: any text of one line, as clients allow. */
export const thingName = z
  .string()
  .trim()
  .min(1, "A name is needed.")
  .max(255, "At most 255 characters fit.")
  .refine((name) => !/[\p{Cc}\u2028\u2029]/u.test(name), "A name is one line of text.");
