import "server-only";
import { z } from "zod";
import { objectOf, objectText } from "@/lib/components/object-text";
import type { JsonSchema } from "./config-schema";

// The shape of a flavor's schema. What is registered has it; what was stored before is brought into it, so that whoever reads a schema
// can rely on its parts. A field that can't be read counts as secret: nobody can tell what it holds.

const MAX_TEXT = 200_000;
const MAX_DEPTH = 32;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], "is not text, a number, true, false or null");
const text = z.string().max(20_000);
const limit = z.number();
const node: z.ZodType<unknown> = z.lazy(() => shape);
const inner = z.union([z.boolean(), node]);
const shape = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: text.optional(),
  description: text.optional(),
  format: text.optional(),
  pattern: text.optional(),
  $ref: text.optional(),
  properties: z.record(z.string(), node).optional(),
  $defs: z.record(z.string(), node).optional(),
  required: z.array(z.string()).optional(),
  anyOf: z.array(node).optional(),
  oneOf: z.array(node).optional(),
  allOf: z.array(node).optional(),
  prefixItems: z.array(node).optional(),
  enum: z.array(scalar).optional(),
  items: inner.optional(),
  additionalProperties: inner.optional(),
  minimum: limit.optional(),
  maximum: limit.optional(),
  exclusiveMinimum: limit.optional(),
  exclusiveMaximum: limit.optional(),
  minLength: limit.optional(),
  maxLength: limit.optional(),
  minItems: limit.optional(),
  maxItems: limit.optional(),
});

/** Never looks further than it may, so that no depth is too much for it. */
const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === "object" && value !== null && (levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1)));

/** A flavor's schema as JSON text. */
export const schemaText = z
  .string()
  .max(MAX_TEXT, "A schema has at most 200,000 characters.")
  .pipe(objectText)
  .refine((json) => !isDeeper(objectOf(json), MAX_DEPTH), { message: `A schema nests at most ${MAX_DEPTH} levels.`, abort: true })
  .superRefine((json, context) => {
    for (const { path, message } of shape.safeParse(JSON.parse(json)).error?.issues ?? []) context.addIssue({ code: "custom", path: [...path], message });
  });

/** A stored schema in the shape that readers rely on. */
export function readableSchema(stored: unknown): JsonSchema {
  if (isDeeper(stored, MAX_DEPTH)) return {};
  if (shape.safeParse(stored).success) return stored as JsonSchema;
  if (typeof stored !== "object" || stored === null || Array.isArray(stored)) return {};
  const { properties, required, $defs } = stored as Record<string, unknown>;
  return {
    properties: Object.fromEntries(entries(properties).map(([name, value]) => [name, shape.safeParse(value).success ? (value as JsonSchema) : UNREADABLE])),
    $defs: Object.fromEntries(entries($defs).filter(([, value]) => shape.safeParse(value).success)) as Record<string, JsonSchema>,
    required: Array.isArray(required) ? required.filter((name) => typeof name === "string") : [],
  };
}

const UNREADABLE: JsonSchema = { sensitive: true };
const entries = (value: unknown): [string, unknown][] => (typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
