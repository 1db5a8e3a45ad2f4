export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** True and false as directories write them: Entra sends "True" and "False". Undefined for anything else. */
export function booleanOf(value: Json | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? { true: true, false: false }[value.toLowerCase()] : undefined;
}

export const isTrue = (value: Json | undefined): boolean => booleanOf(value) === true;

export const isObject = (value: Json | undefined): value is JsonObject => typeof value === "object" && value !== null && !Array.isArray(value);

/** An attribute's name in small letters, without the URN of its schema, which may stand before it (RFC 7643 §2.1, RFC 7644 §3.10). */
export const plainName = (name: string): string => name.toLowerCase().replace(/^urn:ietf:params:scim:schemas:core:2\.0:(user|group):/, "");
