import { useMemo } from "react";

/**
 * The rows of a list on their way from the server's part of a page to the browser's: one text. React then carries one value instead of
 * walking through every field of every row, twice for each page. What is undefined is left out, as in any JSON.
 */
export type PackedRows<Row> = string & { readonly packed?: Row };

/** The names of fields stand once for all rows that have the same: they were half of the text. A row is the place of its names and its values. */
type Packed = [names: string[][], rows: [shape: number, ...values: unknown[]][]];

export function packRows<Row>(rows: readonly Row[]): PackedRows<Row> {
  const shapes = new Map<string, number>();
  const names: string[][] = [];
  const packed = rows.map((row) => {
    const own: string[] = [];
    const line: Packed[1][number] = [0];
    for (const [name, value] of Object.entries(row as object)) {
      if (value === undefined) continue;
      own.push(name);
      line.push(value);
    }
    const key = own.join("\n");
    line[0] = shapes.get(key) ?? names.push(own) - 1;
    shapes.set(key, line[0]);
    return line;
  });
  return JSON.stringify([names, packed] satisfies Packed);
}

export function unpackRows<Row>(text: PackedRows<Row>): Row[] {
  const [names, rows] = JSON.parse(text) as Packed;
  return rows.map((line) => {
    const own = names[line[0]] as string[];
    const row: Record<string, unknown> = {};
    for (let at = 0; at < own.length; at++) row[own[at] as string] = line[at + 1];
    return row as Row;
  });
}

/** The rows again; the same array while the text is the same. */
export const useRows = <Row>(packed: PackedRows<Row>): readonly Row[] => useMemo(() => unpackRows<Row>(packed), [packed]);
