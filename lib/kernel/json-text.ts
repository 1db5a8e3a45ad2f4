/** JSON text that a jsonb column takes: NUL and half surrogate pairs, which Python can send and PostgreSQL refuses, become U+FFFD. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === "string" ? wellFormed(item) : item)) ?? "null";

const wellFormed = (text: string): string =>
  text.replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, "\uFFFD").replaceAll("\u0000", "\uFFFD");
