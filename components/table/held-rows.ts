"use client";

import { useState } from "react";

type Held<Row> = {
  view: string;
  source: readonly Row[];
  shown: Row[];
  waiting: number;
  /** True when the next answer is taken as it is. */
  expectsLoss?: boolean;
};

/**
 * Keeps the rows on screen where they are while the server's answer changes: known rows are replaced in place, new ones wait until
 * the person asks for them. `expectLoss` says that the person has removed some, so the last answer and the next are shown as they are. `view` names the
 * list; another view, or another page, starts afresh.
 */
export function useHeldRows<Row>(
  rows: readonly Row[],
  view: string,
  keyOf: (row: Row) => string,
): { shown: Row[]; waiting: number; release: () => void; expectLoss: () => void } {
  const [held, setHeld] = useState<Held<Row>>(() => ({ view, source: rows, shown: [...rows], waiting: 0 }));
  let now = held;
  if (held.view !== view) now = { view, source: rows, shown: [...rows], waiting: 0 };
  else if (held.source !== rows) now = mergeRows(held, rows, keyOf);
  if (now !== held) setHeld(now);
  return {
    shown: now.shown,
    waiting: now.waiting,
    release: () => setHeld({ view, source: rows, shown: [...rows], waiting: 0 }),
    // The answer without them may have come already.
    expectLoss: () => setHeld(withoutHeld),
  };
}

/** What the last answer has, and then the next one as it is. */
export const withoutHeld = <Row>(held: Held<Row>): Held<Row> => ({ ...held, shown: [...held.source], waiting: 0, expectsLoss: true });

/** The merge itself: rows that the answer still has are renewed, those it lost are kept, those it gained are counted. */
export function mergeRows<Row>(held: Held<Row>, rows: readonly Row[], keyOf: (row: Row) => string): Held<Row> {
  if (held.shown.length === 0 || held.expectsLoss) return { view: held.view, source: rows, shown: [...rows], waiting: 0 };
  const fresh = new Map(rows.map((row) => [keyOf(row), row]));
  const shown = held.shown.map((row) => fresh.get(keyOf(row)) ?? row);
  const known = new Set(shown.map(keyOf));
  return { ...held, source: rows, shown, waiting: rows.filter((row) => !known.has(keyOf(row))).length };
}
