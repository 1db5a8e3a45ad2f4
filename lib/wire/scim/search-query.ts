import type { Json, JsonObject } from "./json";

/** A list whose query stands in the body: it may be too long, or too private, for an address (RFC 7644 §3.4.3). */
export const SEARCH = ".search";

/** The query of a search as a list has it in its address. */
export function queryOf(body: JsonObject): URLSearchParams {
  const text = (value: Json): string => (Array.isArray(value) ? value.map(String).join(",") : String(value));
  return new URLSearchParams(Object.entries(body).flatMap(([name, value]) => (name === "schemas" || value === null ? [] : [[name, text(value)]])));
}
