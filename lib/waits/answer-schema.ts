import "server-only";
import { Ajv, type ValidateFunction } from "ajv";
import { AppError } from "@/lib/kernel/errors";
import { withinTime } from "@/lib/kernel/within-time";

// Answers are held against the JSON Schema that the run sent. Formats are not checked, and a schema may refer to itself alone.

const MAX_SCHEMA = 64 * 1024;
const CHECK_MS = 1_000; // the first schema of a process is also compiled code being loaded

/** Compiles a question's schema (JSON text). Error: invalid_input when it is not a JSON Schema, or refers elsewhere. */
export function compileSchema(schema: string): ValidateFunction {
  if (schema.length > MAX_SCHEMA) throw new AppError("invalid_input", "The data schema is larger than 64 kB.");
  try {
    return withinTime(CHECK_MS, "it takes too long to read.", () =>
      new Ajv({ strict: false, validateFormats: false, logger: false }).compile(JSON.parse(schema)),
    );
  } catch (error) {
    throw new AppError("invalid_input", `The data schema is not a JSON Schema that can be used: ${error instanceof Error ? error.message : "unreadable"}`, {
      fields: { data_schema: "JSON Schema" },
    });
  }
}

/** Holds an answer (JSON text) against the schema. Error: invalid_input naming what does not fit. */
export function checkAnswer(schema: string, answer: string): void {
  const validate = compileSchema(schema);
  const value: unknown = JSON.parse(answer);
  if (withinTime(CHECK_MS, "The answer could not be held against the question's schema in time: the schema's patterns are too slow.", () => validate(value)))
    return;
  const [first] = validate.errors ?? [];
  throw new AppError("invalid_input", `The answer does not fit the question's schema: ${first?.instancePath || "it"} ${first?.message ?? "is not valid"}.`, {
    fields: { result: [first?.instancePath.slice(1), first?.message ?? "not valid"].filter(Boolean).join(" ") },
  });
}
