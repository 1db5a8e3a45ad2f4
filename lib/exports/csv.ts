import "server-only";

// Comma separated values (RFC 4180) that a spreadsheet opens safely: text that it would run as a formula gets an apostrophe in front.

const FORMULA = /^[=+\-@\t\r]/;

/** One cell. Numbers stay numbers; times are ISO in UTC; lists are joined with a semicolon. */
export function csvCell(value: string | number | null | readonly string[]): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : value.join("; ");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** One line, with its line end. */
export const csvLine = (cells: readonly (string | number | null | readonly string[])[]): string => `${cells.map(csvCell).join(",")}\r\n`;
