// What is typed into a field ↔ JSON text of its value. Numbers keep their spelling; an empty field is left at its default.
import type { ConfigField } from "@/lib/flavors/config-schema";

export type Written = { json: string | null } | { error: string };

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const REFERENCE = /^\{\{.*\}\}$/;

/** What is typed → JSON text; null when the field is left empty. */
export function writtenOf(field: Pick<ConfigField, "kind" | "options">, typed: string): Written {
  const text = field.kind === "text" ? typed : typed.trim();
  if (text.trim() === "") return { json: null };
  switch (field.kind) {
    case "text":
      return { json: JSON.stringify(text) };
    case "choice":
      return { json: JSON.stringify(text) };
    case "boolean":
      return { json: text };
    case "integer":
      return /^-?\d+$/.test(text) ? { json: String(BigInt(text)) } : { error: "Enter a whole number." };
    case "number":
      return NUMBER.test(text) ? { json: text } : { error: "Enter a number, such as 0.5." };
    case "list":
      return { json: JSON.stringify(linesOf(text)) };
    case "map":
      return mapWritten(text);
    case "json":
      return jsonWritten(text);
  }
}

/** JSON text → what the field shows. */
export function typedOf(field: Pick<ConfigField, "kind">, json: string | undefined): string {
  if (json === undefined) return "";
  const value = parsed(json);
  if (typeof value === "string") return field.kind === "json" && !REFERENCE.test(value) ? JSON.stringify(value) : value;
  if (field.kind === "list" && Array.isArray(value)) return value.join("\n");
  if (field.kind === "map" && isRecord(value)) return mapText(Object.entries(value).map(([key, item]) => [key, String(item)]));
  if (typeof value === "object" && value !== null) return JSON.stringify(value, null, 2);
  return json;
}

/** Lines of `KEY=value` → a JSON object of text. */
export function mapWritten(text: string): Written {
  const entries: Record<string, string> = {};
  for (const line of linesOf(text)) {
    const at = line.indexOf("=");
    if (at < 1) return { error: `“${line}” is not KEY=value.` };
    const key = line.slice(0, at).trim();
    if (Object.hasOwn(entries, key)) return { error: `${key} is there twice.` };
    entries[key] = line.slice(at + 1).trim();
  }
  return { json: JSON.stringify(entries) };
}

export const mapText = (entries: readonly (readonly [string, string])[]): string => entries.map(([key, value]) => `${key}=${value}`).join("\n");

/** The JSON object of all fields that are set. */
export function configurationText(fields: readonly ConfigField[], typed: Record<string, string>): { text: string; errors: Record<string, string> } {
  const errors: Record<string, string> = {};
  const parts: string[] = [];
  for (const field of fields) {
    const written = writtenOf(field, typed[field.name] ?? "");
    if ("error" in written) errors[field.name] = written.error;
    else if (written.json !== null) parts.push(`${JSON.stringify(field.name)}:${written.json}`);
  }
  return { text: `{${parts.join(",")}}`, errors };
}

function jsonWritten(text: string): Written {
  try {
    JSON.parse(text);
    return { json: text };
  } catch (error) {
    // Text where an object or text would do: a reference, or a bare word that the server then judges.
    if (REFERENCE.test(text) || !/^[[{"\d-]/.test(text)) return { json: JSON.stringify(text) };
    return { error: `This is not JSON: ${error instanceof Error ? error.message : "it can’t be read"}.` };
  }
}

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

function parsed(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return json;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
