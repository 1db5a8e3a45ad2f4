// Finds many texts in one at once, in a time that hangs on the text alone: windows of a few lengths (powers of two) are looked up by a hash that rolls, as the
// beginnings of what is sought; the whole is then one subtraction of hashes, and is confirmed by whoever knows it.

/** A text that is sought. `quick`: the hash of the whole, `head` that of its first `headLength` characters. */
export type Needle = { name: string; length: number; quick: number; headLength: number; head: number; isAt: (text: string, start: number) => boolean };
export type Range = { start: number; end: number; name: string };

/** The rolling hash of a text, or of its beginning. */
export function quickOf(base: number, text: string, length = text.length): number {
  let quick = 0;
  for (let at = 0; at < length; at++) quick = (Math.imul(quick, base) + text.charCodeAt(at)) | 0;
  return quick;
}

/** How much of a text of this length is its head. */
export const headLengthOf = (length: number): number => 2 ** Math.floor(Math.log2(length));

const FILTER = 1 << 16;
type Known = Needle & { power: number };
type Group = { headLength: number; shortest: number; power: number; byHead: Map<number, Known[]>; filter: Uint8Array };

/** Every place where one of them stands, in no order; overlapping ones too. */
export function needleFinder(base: number, needles: readonly Needle[]): (text: string) => Range[] {
  const groups = new Map<number, Group>();
  for (const needle of needles) {
    const { headLength, head, length } = needle;
    const fresh = { headLength, shortest: length, power: powerOf(base, headLength), byHead: new Map(), filter: new Uint8Array(FILTER) };
    const group: Group = groups.get(headLength) ?? fresh;
    groups.set(headLength, group);
    group.shortest = Math.min(group.shortest, length);
    group.filter[head & (FILTER - 1)] = 1;
    group.byHead.set(head, [...(group.byHead.get(head) ?? []), { ...needle, power: powerOf(base, length) }]);
  }
  const all = [...groups.values()];
  return (text) => {
    const fitting = all.filter((group) => group.shortest <= text.length);
    if (fitting.length === 0) return [];
    const hashes = hashesOf(base, text);
    return fitting.flatMap((group) => find(text, hashes, group));
  };
}

/** At each place the hash of all that stands before it: that of any window is a difference of two. */
function hashesOf(base: number, text: string): Int32Array {
  const hashes = new Int32Array(text.length + 1);
  let quick = 0;
  for (let at = 0; at < text.length; at++) {
    quick = (Math.imul(quick, base) + text.charCodeAt(at)) | 0;
    hashes[at + 1] = quick;
  }
  return hashes;
}

function find(text: string, hashes: Int32Array, { headLength, power, byHead, filter }: Group): Range[] {
  const found: Range[] = [];
  const ends = new Map<Known, number>();
  const window = (start: number, length: number, by: number) => ((hashes[start + length] as number) - Math.imul(hashes[start] as number, by)) | 0;
  for (let start = 0; start + headLength <= text.length; start++) {
    const head = window(start, headLength, power);
    if (filter[head & (FILTER - 1)] === 0) continue;
    for (const needle of byHead.get(head) ?? []) {
      const end = start + needle.length;
      if (end > text.length || window(start, needle.length, needle.power) !== needle.quick) continue;
      // What overlaps itself ("aaaa…") is confirmed once and not at every character.
      if (start >= (ends.get(needle) ?? 0) && !needle.isAt(text, start)) continue;
      ends.set(needle, end);
      found.push({ start, end, name: needle.name });
    }
  }
  return found;
}

function powerOf(base: number, exponent: number): number {
  let power = 1;
  for (let at = 0; at < exponent; at++) power = Math.imul(power, base);
  return power;
}
