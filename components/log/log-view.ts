// What a page says of a log, as plain data, and the addresses of its views.

export type LogView = {
  log: string;
  /** The first line of the page, or the line that is pointed at. */
  from: number;
  /** Lines that are pointed at. */
  range: { first: number; last: number } | null;
  level: number;
  search: string;
};

export type LogChoice = { id: string; source: string; step: string | null };
export type ShownLine = { number: number; message: string; level: number | null; timestamp: string | null };
export type LogLines = { lines: ShownLine[]; total: number; next: number | null; matches: number | null; isWhole: boolean };

export const LEVELS = [
  { value: 0, label: "All levels", word: "" },
  { value: 20, label: "Info and above", word: "info and above" },
  { value: 30, label: "Warning and above", word: "warning and above" },
  { value: 40, label: "Error and above", word: "error and above" },
] as const;

/** The page's address for a view of the logs; `kept` are parts of it that are not about logs. */
export function logHref(kept: Record<string, string>, { log, from, range, level, search }: LogView): string {
  const query = new URLSearchParams({ ...kept, log });
  if (range) query.set("line", lineText(range));
  else if (from > 1) query.set("from", String(from));
  if (level > 0) query.set("level", String(level));
  if (search) query.set("search", search);
  return `?${query}${range ? `#${fragmentOf(range)}` : ""}`;
}

const lineText = ({ first, last }: { first: number; last: number }) => (first === last ? String(first) : `${first}-${last}`);
/** "L42" or "L42-L50". */
export const fragmentOf = ({ first, last }: { first: number; last: number }): string => (first === last ? `L${first}` : `L${first}-L${last}`);

/** Reads "42", "42-50", "#L42" or "#L42-L50"; null for anything else. */
export function readRange(text: string): { first: number; last: number } | null {
  const found = /^#?L?(\d{1,12})(?:-L?(\d{1,12}))?$/.exec(text);
  if (!found) return null;
  const [one, other] = [Number(found[1]), Number(found[2] ?? found[1])];
  return one < 1 || other < 1 ? null : { first: Math.min(one, other), last: Math.max(one, other) };
}
