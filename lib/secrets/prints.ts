import { createHmac } from "node:crypto";
import { headLengthOf, type Needle, quickOf } from "./find-needles";

// Keyed prints of texts: they tell, to who has the key, where in another text one of them stands, and give none of them away. A window of the
// text's length is looked at by a hash that rolls, and confirmed by a MAC.

/** Length in UTF-16 units, rolling hash, the first 16 bytes of the MAC in base64, rolling hash of the head (prints of before have none). */
export type Print = readonly [length: number, quick: number, mac: string, head?: number];
/** The prints of one version's values, by the name of their key. */
export type Prints = Record<string, Print[]>;
/** What a redactor knows of values that lie elsewhere. */
export type Printed = { key: Buffer; secrets: readonly { name: string; prints: readonly Print[] }[] };

const macOf = (key: Buffer, text: string): string => createHmac("sha256", key).update(Buffer.from(text, "utf16le")).digest().subarray(0, 16).toString("base64");

/** The odd number by which the hash rolls; it is the key's, so that nobody else can make texts that collide. */
export const baseOf = (key: Buffer): number => createHmac("sha256", key).update("rolling").digest().readUInt32LE(0) | 1;

export const printOf = (key: Buffer, text: string): Print => {
  const base = baseOf(key);
  return [text.length, quickOf(base, text), macOf(key, text), quickOf(base, text, headLengthOf(text.length))];
};

/** What finds the printed texts in another one. */
export const printedNeedles = ({ key, secrets }: Printed): Needle[] =>
  secrets.flatMap(({ name, prints }) =>
    prints.map(([length, quick, mac, head]): Needle => {
      const isAt = (text: string, start: number) => macOf(key, text.slice(start, start + length)) === mac;
      return { name, length, quick, headLength: head === undefined ? length : headLengthOf(length), head: head ?? quick, isAt };
    }),
  );
