import { createHmac } from "node:crypto";

// Keyed prints of texts: they tell, to who has the key, where in another text one of them stands, and give none of them away. A window of the
// text's length is looked at by a hash that rolls, and confirmed by a MAC.

/** Length in UTF-16 units, rolling hash, the first 16 bytes of the MAC in base64. */
export type Print = readonly [length: number, quick: number, mac: string];
/** The prints of one version's values, by the name of their key. */
export type Prints = Record<string, Print[]>;
/** What a redactor knows of values that lie elsewhere. */
export type Printed = { key: Buffer; secrets: readonly { name: string; prints: readonly Print[] }[] };

const macOf = (key: Buffer, text: string): string => createHmac("sha256", key).update(Buffer.from(text, "utf16le")).digest().subarray(0, 16).toString("base64");

/** The odd number by which the hash rolls; it is the key's, so that nobody else can make texts that collide. */
const baseOf = (key: Buffer): number => createHmac("sha256", key).update("rolling").digest().readUInt32LE(0) | 1;

export const printOf = (key: Buffer, text: string): Print => {
  const base = baseOf(key);
  let quick = 0;
  for (let at = 0; at < text.length; at++) quick = (Math.imul(quick, base) + text.charCodeAt(at)) | 0;
  return [text.length, quick, macOf(key, text)];
};

type Range = { start: number; end: number; name: string };

/** Finds every place in a text where one of the printed texts stands. */
export function printFinder({ key, secrets }: Printed): (text: string) => Range[] {
  const base = baseOf(key);
  const byLength = new Map<number, Map<number, { mac: string; name: string }[]>>();
  for (const { name, prints } of secrets)
    for (const [length, quick, mac] of prints) {
      const known = byLength.get(length) ?? new Map<number, { mac: string; name: string }[]>();
      byLength.set(length, known);
      known.set(quick, [...(known.get(quick) ?? []), { mac, name }]);
    }
  const lengths = [...byLength].map(([length, known]) => ({ length, known, outgoing: powerOf(base, length - 1) }));
  return (text) => lengths.flatMap((one) => windows(text, base, key, one));
}

type OfLength = { length: number; known: Map<number, { mac: string; name: string }[]>; outgoing: number };

function windows(text: string, base: number, key: Buffer, { length, known, outgoing }: OfLength): Range[] {
  const found: Range[] = [];
  let quick = 0;
  for (let at = 0; at < text.length; at++) {
    if (at >= length) quick = (quick - Math.imul(text.charCodeAt(at - length), outgoing)) | 0;
    quick = (Math.imul(quick, base) + text.charCodeAt(at)) | 0;
    const start = at - length + 1;
    const candidates = start >= 0 ? known.get(quick) : undefined;
    if (!candidates) continue;
    const mac = macOf(key, text.slice(start, at + 1));
    const match = candidates.find((one) => one.mac === mac);
    if (match) found.push({ start, end: at + 1, name: match.name });
  }
  return found;
}

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let at = 0; at < exponent; at++) power = Math.imul(power, base);
  return power;
}
