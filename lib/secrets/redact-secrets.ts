import { createHash } from "node:crypto";

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

/** Makes a redactor of names and values. */
export function secretRedactor(secrets: readonly { name: string; value: string }[]): SecretRedactor {
  const names = new Map<string, string>();
  for (const { name, value } of secrets)
    for (const part of partsOf(value)) for (const form of [part, encodeURIComponent(part.toWellFormed())]) if (!names.has(form)) names.set(form, name);
  const parts = [...names.keys()].sort((left, right) => right.length - left.length);
  const stamp = createHash("sha256")
    .update(JSON.stringify([...names]))
    .digest("hex");
  if (parts.length === 0) return { isEmpty: true, stamp, find: () => [], redact: (text) => text };
  const pattern = new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).join("|"), "g");
  const find = (text: string) =>
    [...text.matchAll(pattern)].map((match) => ({ start: match.index, end: match.index + match[0].length, name: names.get(match[0]) ?? "" }));
  return { isEmpty: false, stamp, find, redact: (text) => text.replace(pattern, (found) => marker(names.get(found) ?? "")) };
}

function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.flatMap((line) => {
    const parts: string[] = [];
    for (let at = 0; at < line.length; at += LONGEST) parts.push(line.slice(at, at + LONGEST));
    return parts.filter((part) => part.length >= SHORTEST);
  });
}
