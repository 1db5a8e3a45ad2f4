import "server-only";
import { Ajv, type ValidateFunction } from "ajv";
import { AppError } from "@/lib/kernel/errors";

// Answers are held against the JSON Schema that the run sent. Formats are not checked, and a schema may refer to itself alone.

const MAX_SCHEMA = 64 * 1024;

/** Compiles a question's schema (JSON text). Error: invalid_input when it is not a JSON Schema, or refers elsewhere. */
export function compileSchema(schema: string): ValidateFunction {
  if (schema.length > MAX_SCHEMA) throw new AppError("invalid_input", "The data schema is larger than 64 kB.");
  try {
    return new Ajv({ strict: false, validateFormats: false, logger: false }).compile(JSON.parse(schema));
  } catch (error) {
    throw new AppError("invalid_input", `The data schema is not a JSON Schema that can be used: ${error instanceof Error ? error.message : "unreadable"}`, {
      fields: { data_schema: "JSON Schema" },
    });
  }
}

/** Holds an answer (JSON text) against the schema. Error: invalid_input naming what does not fit. */
export function checkAnswer(schema: string, answer: string): void {
  const validate = compileSchema(schema);
  if (validate(JSON.parse(answer))) return;
  const [first] = validate.errors ?? [];
  throw new AppError("invalid_input", `The answer does not fit the question's schema: ${first?.instancePath || "it"} ${first?.message ?? "is not valid"}.`, {
    fields: { result: first?.message ?? "not valid" },
  });
}
