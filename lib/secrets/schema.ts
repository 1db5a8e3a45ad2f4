import { z } from "zod";
import { thingName } from "@/lib/components/object-text";

// What a secret is made of, as forms and clients write it.

/** Keys and values; a value may be empty, and is text always. */
export type SecretValues = Record<string, string>;

/** What a form is made of; clients make generic ones. The others are defined in lib/providers/secret-kinds. */
export const SECRET_KINDS = [
  "generic",
  "openai",
  "anthropic",
  "azure-openai",
  "pinecone",
  "weaviate",
  "elasticsearch",
  "postgresql",
  "snowflake",
  "s3",
] as const;

export const MOST_KEYS = 100;
/** All keys and values together, as the JSON in which stores hold them (a quote or the end of a line takes two bytes): what every store behind the same contract takes. */
export const MOST_BYTES = 25_000;

const ONE_LINE = /^[^\p{Cc}\u2028\u2029]*$/u;

export const secretName = thingName.refine((name) => !/[{}]/.test(name), "A name has no braces: {{name.key}} refers to a secret.");

export const keyName = z
  .string()
  .min(1, "A key needs a name.")
  .max(255, "At most 255 characters fit in the name of a key.")
  .refine((name) => ONE_LINE.test(name) && !/[{}]/.test(name), "The name of a key is one line without braces.");

/** Half of a character is no text: stores and the database write another one in its place. */
const isText = (values: Record<string, string | null>) => Object.entries(values).every(([key, value]) => key.isWellFormed() && (value ?? "").isWellFormed());

const fits = <T extends Record<string, string | null>>(schema: z.ZodType<T>) =>
  schema
    .refine((values) => Object.keys(values).length <= MOST_KEYS, `A secret has at most ${MOST_KEYS} keys.`)
    .refine(isText, "A key or value has half of a character in it.")
    .refine((values) => Buffer.byteLength(JSON.stringify(values)) <= MOST_BYTES, "A secret holds at most 25 kB as JSON, with the names of its keys.");

/** Says what is wrong, and not with which key: what stands in a key's place may be a value that was put there by mistake. */
const unquoted = <T>(schema: z.ZodType<T>) =>
  z.unknown().transform((given, context): T => {
    const read = schema.safeParse(given);
    // zod leaves it out without a word.
    if (typeof given === "object" && given !== null && Object.hasOwn(given, "__proto__")) {
      context.addIssue({ code: "custom", message: "A key can’t be called __proto__." });
      return z.NEVER;
    }
    if (read.success) return read.data;
    for (const issue of read.error.issues) {
      const { message } = issue.code === "invalid_key" ? (issue.issues[0] ?? issue) : issue;
      context.addIssue({ code: "custom", message });
    }
    return z.NEVER;
  });

export const secretValues = fits(unquoted(z.record(keyName, z.string())));
/** A change to some keys: null takes one away. */
export const valuesChange = fits(unquoted(z.record(keyName, z.string().nullable())));
