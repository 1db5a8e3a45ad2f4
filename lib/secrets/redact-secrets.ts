import { createHash } from "node:crypto";
import { type Printed, printFinder } from "./prints";

// Replaces known secret values in text by `█ secret:name`. A value of several lines is looked for line by line, as logs cut it; values and
// lines under six characters are left, because they would hide ordinary words.

export const SHORTEST = 6;
/** Longer values are looked for in parts of this length, so that a part never reaches over more than one seam of a cut text. */
export const LONGEST = 4_096;

/** A place in a text that holds a secret. */
export type SecretRange = { start: number; end: number; name: string };
export type SecretRedactor = {
  isEmpty: boolean;
  /** Changes with the secrets: keys what was computed with them. */
  stamp: string;
  find: (text: string) => SecretRange[];
  redact: (text: string) => string;
};

export const marker = (name: string): string => `█ secret:${name}`;

/** Makes a redactor of names and values, and of the prints of values that lie elsewhere. */
export function secretRedactor(secrets: readonly { name: string; value: string }[], printed?: Printed): SecretRedactor {
  const names = new Map<string, string>();
  for (const { name, value } of secrets) for (const form of formsOf(value)) if (!names.has(form)) names.set(form, name);
  const parts = [...names.keys()].sort((left, right) => right.length - left.length);
  const stamp = createHash("sha256")
    .update(JSON.stringify([...names, printed?.secrets ?? []]))
    .digest("hex");
  if (printed && printed.secrets.length > 0) return withPrints(secretRedactor(secrets), printed, stamp);
  if (parts.length === 0) return { isEmpty: true, stamp, find: () => [], redact: (text) => text };
  const pattern = new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).join("|"), "g");
  const find = (text: string) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length, name: names.get(match[0]) ?? "" }));
  return { isEmpty: false, stamp, find, redact: (text) => text.replace(pattern, (found) => marker(names.get(found) ?? "")) };
}

/** The same where some are known by their prints alone; what overlaps becomes one. */
function withPrints(plain: SecretRedactor, printed: Printed, stamp: string): SecretRedactor {
  const findPrinted = printFinder(printed);
  const find = (text: string): SecretRange[] => {
    const all = [...plain.find(text), ...findPrinted(text)].sort((a, b) => a.start - b.start || b.end - a.end);
    const merged: SecretRange[] = [];
    for (const range of all) {
      const last = merged.at(-1);
      if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
      else merged.push({ ...range });
    }
    return merged;
  };
  const redact = (text: string) => {
    let shown = "";
    let at = 0;
    for (const { start, end, name } of find(text)) {
      shown += text.slice(at, start) + marker(name);
      at = end;
    }
    return shown + text.slice(at);
  };
  return { isEmpty: false, stamp, find, redact };
}

/** The texts by which a value is looked for: its lines in parts, plain and as URLs hold them. */
export const formsOf = (value: string): string[] => [...new Set(partsOf(value).flatMap((part) => [part, encodeURIComponent(part.toWellFormed())]))];

function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.flatMap((line) => {
    const parts: string[] = [];
    for (let at = 0; at < line.length; at += LONGEST) parts.push(line.slice(at, at + LONGEST));
    return parts.filter((part) => part.length >= SHORTEST);
  });
}
