const CHARACTER = 7.25;
const MARGINS = 10;

/** The width in px of a column of numbers as they are written in the mono face: none of them may be cut, and a millionth run has seven digits. */
export const numberWidth = (least: number, written: readonly string[]): number =>
  Math.max(least, Math.ceil(MARGINS + CHARACTER * Math.max(0, ...written.map((text) => text.length))));
