import { useMemo } from "react";

/**
 * The rows of a list on their way from the server's part of a page to the browser's: one text. React then carries one value instead of
 * walking through every field of every row, twice for each page. What is undefined is left out, as in any JSON.
 */
export type PackedRows<Row> = string & { readonly packed?: Row };

export const packRows = <Row>(rows: readonly Row[]): PackedRows<Row> => JSON.stringify(rows);

/** The rows again; the same array while the text is the same. */
export const useRows = <Row>(packed: PackedRows<Row>): readonly Row[] => useMemo(() => JSON.parse(packed) as Row[], [packed]);
