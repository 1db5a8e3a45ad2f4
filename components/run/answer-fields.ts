// The fields of the form that a question's JSON Schema asks for, and the JSON text of what was filled in. A schema that is more than
// simple values, alone or side by side, has no form: its answer is written as JSON. The answer is held against the schema by the command.

export type AnswerField = {
  /** The property; empty for a schema that is one value. */
  key: string;
  label: string;
  help: string | null;
  kind: "boolean" | "integer" | "number" | "text" | "choice";
  /** The choices as JSON texts with their words. */
  options: { value: string; label: string }[];
  isRequired: boolean;
  /** What the field begins with, as it is typed or chosen; empty for none. */
  initial: string;
};

type Schema = Record<string, unknown>;

const MAX_FIELDS = 30;

/** The form of a schema (JSON text); null when the answer has to be written as JSON. An absent schema takes no answer: no fields. */
export function answerFields(schemaText: string | null): AnswerField[] | null {
  if (schemaText === null) return [];
  const root = asSchema(parse(schemaText));
  if (!root) return null;
  const schema = resolve(root, root);
  if (schema?.type === "object" && asSchema(schema.properties)) {
    const required = new Set(Array.isArray(schema.required) ? schema.required : []);
    const properties = Object.entries(schema.properties as Schema);
    if (properties.length === 0 || properties.length > MAX_FIELDS) return null;
    const fields = properties.map(([key, value]) => fieldOf(key, asSchema(value), root, required.has(key)));
    return fields.every((field) => field !== null) ? fields : null;
  }
  const field = fieldOf("", root, root, true);
  return field && [field];
}

/** The JSON text of an answer; `typedIn` gives what was typed or chosen in a field. Null for a schema without fields. */
export function answerText(fields: readonly AnswerField[], typedIn: (key: string) => string): string | null {
  if (fields.length === 0) return null;
  const [first] = fields;
  if (first?.key === "") return valueText(first, typedIn("")) ?? "null";
  const parts = fields.flatMap((field) => {
    const text = valueText(field, typedIn(field.key));
    return text === undefined ? [] : [`${JSON.stringify(field.key)}: ${text}`];
  });
  return `{${parts.join(", ")}}`;
}

/** Undefined for an optional field that was left empty: the schema's own default then holds. */
function valueText(field: AnswerField, typed: string): string | undefined {
  if (field.kind === "text") return typed === "" && !field.isRequired ? undefined : JSON.stringify(typed);
  const text = typed.trim();
  if (text === "") return undefined;
  if (field.kind === "boolean" || field.kind === "choice") return text;
  return /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : JSON.stringify(text); // not a number: the schema says so
}

function fieldOf(key: string, given: Schema | undefined, root: Schema, isRequired: boolean): AnswerField | null {
  const { schema, isNullable } = withoutNull(given && resolve(given, root), root);
  if (!schema) return null;
  const title = [given?.title, schema.title].find((text) => typeof text === "string") as string | undefined;
  const help = [given?.description, schema.description].find((text) => typeof text === "string") as string | undefined;
  const initial = given && "default" in given ? given.default : schema.default;
  const base = { key, label: title ?? (key === "" ? "Answer" : key), help: help ?? null, isRequired: isRequired && !isNullable, options: [] };
  const choices = Array.isArray(schema.enum) ? schema.enum : "const" in schema ? [schema.const] : null;
  if (choices) {
    const options = choices.map((value) => ({ value: JSON.stringify(value), label: typeof value === "string" ? value : JSON.stringify(value) }));
    return { ...base, kind: "choice", options, initial: initial === undefined || initial === null ? "" : JSON.stringify(initial) };
  }
  if (schema.type === "boolean") return { ...base, kind: "boolean", initial: typeof initial === "boolean" ? String(initial) : "" };
  if (schema.type === "integer" || schema.type === "number") return { ...base, kind: schema.type, initial: typeof initial === "number" ? String(initial) : "" };
  if (schema.type === "string") return { ...base, kind: "text", initial: typeof initial === "string" ? initial : "" };
  return null;
}

/** `T | null` is a T that may be left out. */
function withoutNull(schema: Schema | undefined, root: Schema): { schema: Schema | undefined; isNullable: boolean } {
  if (!schema || !Array.isArray(schema.anyOf)) return { schema, isNullable: false };
  const parts: unknown[] = schema.anyOf;
  const others: Schema[] = parts.map(asSchema).filter((part) => part !== undefined && part.type !== "null") as Schema[];
  const isNullable = others.length < parts.length;
  return { schema: others.length === 1 ? resolve(others[0] as Schema, root) : undefined, isNullable };
}

/** Follows references inside the same schema. */
function resolve(schema: Schema, root: Schema): Schema | undefined {
  let at: Schema | undefined = schema;
  for (let step = 0; at && typeof at.$ref === "string"; step++) {
    const name: string | undefined = /^#\/\$defs\/([^/]+)$/.exec(at.$ref)?.[1];
    if (!name || step > 10) return undefined;
    at = asSchema(asSchema(root.$defs)?.[name]);
  }
  return at;
}

const asSchema = (value: unknown): Schema | undefined => (typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Schema) : undefined);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
