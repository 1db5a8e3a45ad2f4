import "server-only";
import { z } from "zod";
import { parseInput } from "@/lib/kernel/command";
import type { WireCall } from "./endpoint";
import { parseVerbatim, stringifyVerbatim } from "./respond";

// Reading request bodies: the shape is checked (422 in the recorded form), unknown fields are ignored as the recorded server does,
// and the parts that must come back verbatim are taken from the text.

/** Parses the body with a schema. Error: invalid_input. */
export const bodyOf = <S extends z.ZodType>(call: WireCall, schema: S): z.output<S> => parseInput(schema, call.body);

/** The body once more, with numbers spelled as sent. */
export const verbatimBody = (call: WireCall): Record<string, unknown> => parseVerbatim(call.rawBody) as Record<string, unknown>;

/** The JSON text of one value of a verbatim body; null when it is missing or null. */
export const textOf = (value: unknown): string | null => (value === undefined || value === null ? null : stringifyVerbatim(value));

/** The client's environment without its package list, and the list by itself (it is large and changes rarely). */
export function splitEnvironment(value: unknown): { environment: string | null; packages: string | null } {
  if (typeof value !== "object" || value === null) return { environment: null, packages: null };
  const { python_packages: packages, ...environment } = value as Record<string, unknown>;
  return { environment: stringifyVerbatim(environment), packages: textOf(packages) };
}

export const tagWishes = z.array(
  z.union([z.string(), z.object({ name: z.string(), exclusive: z.boolean().nullish(), cascade: z.boolean().nullish(), color: z.string().nullish() })]),
);

/** A log reference is an id, or a record to be made; only its id is needed where it is linked. */
export const logReference = z.union([z.uuid(), z.object({ id: z.uuid() }).transform((log) => log.id)]).nullish();

/** A time as clients send it: ISO, naive (then UTC) or with a zone. */
export const wireTime = z.string().regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/, "is not a time");
