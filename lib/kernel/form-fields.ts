import { z } from "zod";

// Fields of commands that a form may send: forms know text only. Each takes the value itself or its text.

/** True and false, or a checkbox's text; an unchecked box sends nothing, so give the field a default where a form has one. */
export const booleanField = z.union([z.boolean(), z.stringbool({ truthy: ["true", "on"], falsy: ["false", ""] })]);

/** A list, or its items separated by commas; empty text is an empty list. */
export const listField = <S extends z.ZodType>(item: S) =>
  z.preprocess((value) => (typeof value === "string" ? value.split(",").filter(Boolean) : value), z.array(item).max(500));

/** A whole number, or its digits. */
export const wholeField = z.union([
  z.number().int(),
  z
    .string()
    .regex(/^\d{1,9}$/, "is not a whole number")
    .transform(Number),
]);

/** A moment in ISO with its zone, or nothing; empty text is nothing. */
export const momentField = z.preprocess((value) => (value === "" ? null : value), z.iso.datetime({ offset: true, error: "is not a time" }).nullish());

/** One line of text that people read as a name; trimmed. */
export const nameField = z
  .string()
  .trim()
  .min(1, "A name is missing.")
  .max(100, "A name has at most 100 characters.")
  .regex(/^[^\p{Cc}/]+$/u, "A name has no slashes and no control characters.");

/** A few lines that say what a thing is for. */
export const descriptionField = z.string().trim().max(1_000, "A description has at most 1,000 characters.");

/** What a form can't say as text: the value itself, or its JSON. Text that is no JSON is refused by the schema. */
export const jsonField = <S extends z.ZodType>(schema: S) => z.preprocess((value) => (typeof value === "string" ? fromJson(value) : value), schema);

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
