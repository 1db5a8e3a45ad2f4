export type Json = string | number | boolean | null | Json[] | JsonObject;
export type JsonObject = { [key: string]: Json };

/** True and false as directories write them: Entra sends "True" and "False". Undefined for anything else. */
export function booleanOf(value: Json | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  return typeof value === "string" ? { true: true, false: false }[value.toLowerCase()] : undefined;
}

export const isTrue = (value: Json | undefined): boolean => booleanOf(value) === true;
