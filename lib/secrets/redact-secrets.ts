import { createHash, randomInt } from "node:crypto";
import { headLengthOf, type Needle, needleFinder, quickOf } from "./find-needles";
import { baseOf, type Printed, printedNeedles } from "./prints";

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
  const stamp = createHash("sha256")
    .update(JSON.stringify([...names, printed?.secrets ?? []]))
    .digest("hex");
  const isPrinted = printed !== undefined && printed.secrets.length > 0;
  if (names.size === 0 && !isPrinted) return { isEmpty: true, stamp, find: () => [], redact: (text) => text };
  const base = isPrinted ? baseOf(printed.key) : BASE;
  const plain = [...names].map(([form, name]) => plainNeedle(base, form, name));
  const findAll = needleFinder(base, isPrinted ? [...plain, ...printedNeedles(printed)] : plain);
  const find = (text: string) => merged(findAll(text));
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

/** By which the hash of plain values rolls: this process's own, so that nobody can make texts that collide. */
const BASE = randomInt(2 ** 31) * 2 + 1;

function plainNeedle(base: number, form: string, name: string): Needle {
  const headLength = headLengthOf(form.length);
  const isAt = (text: string, start: number) => text.startsWith(form, start);
  return { name, length: form.length, quick: quickOf(base, form), headLength, head: quickOf(base, form, headLength), isAt };
}

/** In order, the longer first; what overlaps becomes one. */
function merged(ranges: SecretRange[]): SecretRange[] {
  const all: SecretRange[] = [];
  for (const range of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = all.at(-1);
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end);
    else all.push({ ...range });
  }
  return all;
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
