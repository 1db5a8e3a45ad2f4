// What a flavor lets one configure, read from its JSON Schema as pydantic writes it: the fields of a form, and the check of a
// configuration. The wire sends what the client's own models accept (numbers as text, JSON in text): `isLax` lets that pass.

export type JsonSchema = {
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema | boolean;
  prefixItems?: JsonSchema[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  format?: string;
  contentMediaType?: string;
  writeOnly?: boolean;
  sensitive?: boolean;
  deprecated?: boolean;
};

/** `json` is whatever a single control can't say: objects with a shape, lists of objects, either of several kinds. */
export type ConfigKind = "text" | "integer" | "number" | "boolean" | "choice" | "list" | "map" | "json";

export type ConfigField = {
  name: string;
  label: string;
  kind: ConfigKind;
  help: string | null;
  isRequired: boolean;
  isSecret: boolean;
  isDeprecated: boolean;
  /** True for a text whose lines count, which a line of input would lose: PEM. */
  hasLines: boolean;
  /** The default as JSON text; null when there is none or it is null. */
  defaultText: string | null;
  options: string[];
  /** Limits in words: "0 to 20". */
  limits: string | null;
};

/** The media type of certificates and keys in PEM. */
export const PEM = "application/x-pem-file";

type Scalars = { schema: JsonSchema; kinds: JsonSchema[] };

/** `{{secret.key}}`, as the client resolves it when a step needs it. */
const REFERENCE = /^\{\{\s*([^\s{}.]+)\.([^\s{}]+)\s*\}\}$/;

/** The parts of a secret reference; null for other text. */
export function secretReference(value: unknown): { secret: string; key: string } | null {
  const found = typeof value === "string" ? REFERENCE.exec(value) : null;
  return found ? { secret: found[1] as string, key: found[2] as string } : null;
}

/** True for a field whose value no page, log or entry may show. */
export const isSecretField = (schema: JsonSchema | undefined): boolean =>
  Boolean(
    schema && (schema.sensitive || schema.writeOnly || schema.format === "password" || [...(schema.anyOf ?? []), ...(schema.allOf ?? [])].some(isSecretField)),
  );

/** The fields of a flavor in its order, required ones first. */
export function configFields(root: JsonSchema): ConfigField[] {
  const required = new Set(root.required ?? []);
  const fields = Object.entries(root.properties ?? {}).map(([name, schema]): ConfigField => {
    const { schema: one, kinds } = variants(schema, root);
    const kind = kindOf(kinds);
    return {
      name,
      label: schema.title && schema.title.toLowerCase() !== name.replaceAll("_", " ") ? schema.title : words(name),
      kind,
      help: schema.description ?? one.description ?? null,
      isRequired: required.has(name),
      isSecret: isSecretField(schema),
      isDeprecated: schema.deprecated === true,
      hasLines: (schema.contentMediaType ?? one.contentMediaType) === PEM,
      defaultText: schema.default === undefined || schema.default === null || schema.default === "" ? null : JSON.stringify(schema.default),
      options: kind === "choice" ? kinds.flatMap((variant) => variant.enum ?? (variant.const === undefined ? [] : [variant.const])).map(String) : [],
      limits: limitsOf(kinds[0] ?? one),
    };
  });
  return [...fields.filter((field) => field.isRequired), ...fields.filter((field) => !field.isRequired)];
}

/** "max_run_duration" → "Max run duration". */
export const words = (name: string): string => {
  const text = name.replaceAll("_", " ").trim();
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** The schema behind references, and what it may be besides null. */
function variants(schema: JsonSchema, root: JsonSchema): Scalars {
  const one = resolve(schema, root);
  const choices = one.anyOf ?? one.oneOf;
  if (!choices) return { schema: one, kinds: [one] };
  return { schema: one, kinds: choices.map((choice) => resolve(choice, root)).filter((choice) => choice.type !== "null") };
}

function resolve(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  const only = schema.allOf?.length === 1 ? schema.allOf[0] : undefined;
  if (depth > 10) return {};
  if (only) return { ...resolve(only, root, depth + 1), ...withoutReference(schema) };
  if (!schema.$ref?.startsWith("#/$defs/")) return schema;
  const target = root.$defs?.[schema.$ref.slice("#/$defs/".length)];
  return target ? { ...resolve(target, root, depth + 1), ...withoutReference(schema) } : {};
}

const withoutReference = ({ $ref: _ref, allOf: _all, ...rest }: JsonSchema): JsonSchema => rest;

function kindOf(kinds: readonly JsonSchema[]): ConfigKind {
  const [first] = kinds;
  if (!first || kinds.length === 0) return "json";
  if (kinds.every((kind) => kind.enum || kind.const !== undefined)) return "choice";
  if (kinds.length > 1) return kinds.every((kind) => kind.type === "integer" || kind.type === "number") ? "number" : "json";
  switch (first.type) {
    case "string":
      return "text";
    case "integer":
    case "number":
    case "boolean":
      return first.type;
    case "array":
      return typeof first.items === "object" && first.items.type === "string" && !first.prefixItems ? "list" : "json";
    case "object":
      return !first.properties && typeof first.additionalProperties === "object" && first.additionalProperties.type === "string" ? "map" : "json";
    default:
      return "json";
  }
}

function limitsOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum, minLength, maxLength }: JsonSchema): string | null {
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  const parts = [
    minimum !== undefined && `at least ${minimum}`,
    exclusiveMinimum !== undefined && `more than ${exclusiveMinimum}`,
    maximum !== undefined && `at most ${maximum}`,
    exclusiveMaximum !== undefined && `less than ${exclusiveMaximum}`,
    minLength !== undefined && minLength > 1 && `at least ${minLength} characters`,
    maxLength !== undefined && `at most ${maxLength} characters`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(", ") : null;
}

export type Check = {
  /** True for the wire, where the client's models have already read the values. */
  isLax: boolean;
  /** True where a secret field takes only a reference. */
  needsReferences: boolean;
  /** Fields that were there before and may stay although the flavor no longer has them. */
  known?: ReadonlySet<string>;
};

/** What is wrong with a configuration, by field; empty when it fits. Unknown fields come first. */
export function checkConfiguration(root: JsonSchema, configuration: Record<string, unknown>, check: Check): Record<string, string> {
  const problems: Record<string, string> = {};
  const properties = root.properties ?? {};
  for (const [name, value] of Object.entries(configuration)) {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!schema) {
      if (!check.known?.has(name)) problems[name] = "The flavor has no such field.";
    } else if (value !== null && secretReference(value)) {
      if (!takesText(schema, root)) problems[name] = "A secret reference fits text only.";
    } else if (check.needsReferences && isSecretField(schema) && value !== null && value !== "")
      problems[name] = "Store the value as a secret and write {{name.key}} here: components keep no plain secrets.";
    // Some flavors have a default outside their own limits, which their models let pass.
    else if (schema.default === undefined || JSON.stringify(value) !== JSON.stringify(schema.default)) {
      const problem = problemOf(schema, value, root, check.isLax);
      if (problem) problems[name] = problem;
    }
  }
  for (const name of root.required ?? [])
    if (configuration[name] === undefined || configuration[name] === null || configuration[name] === "") problems[name] ??= "This field is required.";
  return problems;
}

const takesText = (schema: JsonSchema, root: JsonSchema): boolean =>
  variants(schema, root).kinds.some((kind) => kind.type === "string" || kind.type === undefined);

const TRUTH = /^(true|false|yes|no|on|off|t|f|y|n|0|1)$/i;

function problemOf(given: JsonSchema, value: unknown, root: JsonSchema, isLax: boolean, depth = 0): string | null {
  const schema = resolve(given, root);
  if (depth > 20) return null;
  const again = (inner: JsonSchema, item: unknown) => problemOf(inner, item, root, isLax, depth + 1);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const problems = choices.map((choice) => again(choice, value));
    if (problems.some((problem) => problem === null)) return null;
    return problems.find((_problem, index) => resolve(choices[index] as JsonSchema, root).type !== "null") ?? "This is none of the values that fit.";
  }
  if (schema.const !== undefined && value !== schema.const) return `Only ${JSON.stringify(schema.const)} fits.`;
  if (schema.enum && !schema.enum.includes(value)) return `Choose one of ${schema.enum.join(", ")}.`;
  switch (schema.type) {
    case "null":
      return value === null ? null : "This is left empty.";
    case "boolean":
      return typeof value === "boolean" || (isLax && TRUTH.test(String(value))) ? null : "Choose true or false.";
    case "integer":
    case "number": {
      const number = typeof value === "number" ? value : isLax && typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
      if (!Number.isFinite(number)) return schema.type === "integer" ? "Enter a whole number." : "Enter a number.";
      if (schema.type === "integer" && !Number.isInteger(number)) return "Enter a whole number.";
      return withinLimits(schema, number);
    }
    case "string":
      return typeof value === "string" ? textProblem(schema, value) : "Enter text.";
    case "array": {
      const list = isLax ? parsed(value) : value;
      if (!Array.isArray(list)) return "Enter a list.";
      if (schema.minItems !== undefined && list.length < schema.minItems) return `At least ${schema.minItems} entries are needed.`;
      if (schema.maxItems !== undefined && list.length > schema.maxItems) return `At most ${schema.maxItems} entries fit.`;
      for (const [index, item] of list.entries()) {
        const inner = schema.prefixItems?.[index] ?? schema.items;
        const problem = typeof inner === "object" ? again(inner, item) : null;
        if (problem) return `Entry ${index + 1}: ${problem}`;
      }
      return null;
    }
    case "object": {
      const object = isLax ? parsed(value) : value;
      if (typeof object !== "object" || object === null || Array.isArray(object)) return "Enter an object.";
      for (const [key, item] of Object.entries(object)) {
        const inner = Object.hasOwn(schema.properties ?? {}, key) ? schema.properties?.[key] : schema.additionalProperties;
        if (inner === false) return `${key}: there is no such key.`;
        const problem = typeof inner === "object" ? again(inner, item) : null;
        if (problem) return `${key}: ${problem}`;
      }
      const missing = schema.required?.find((key) => !Object.hasOwn(object, key));
      return missing ? `${missing} is missing.` : null;
    }
    default:
      return null;
  }
}

function withinLimits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema, number: number): string | null {
  if (minimum !== undefined && number < minimum) return `Enter at least ${minimum}.`;
  if (maximum !== undefined && number > maximum) return `Enter at most ${maximum}.`;
  if (exclusiveMinimum !== undefined && number <= exclusiveMinimum) return `Enter more than ${exclusiveMinimum}.`;
  if (exclusiveMaximum !== undefined && number >= exclusiveMaximum) return `Enter less than ${exclusiveMaximum}.`;
  return null;
}

function textProblem({ minLength, maxLength, pattern }: JsonSchema, text: string): string | null {
  if (minLength !== undefined && text.length < minLength) return `At least ${minLength} characters are needed.`;
  if (maxLength !== undefined && text.length > maxLength) return `At most ${maxLength} characters fit.`;
  if (pattern === undefined || pattern.length > 200) return null;
  try {
    return new RegExp(pattern, "u").test(text.slice(0, 1_000)) ? null : `The text has to match ${pattern}.`;
  } catch {
    return null; // Python's expressions are not all ours; the client checks them
  }
}

function parsed(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
