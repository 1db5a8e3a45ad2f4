"use client";

import { type KeyboardEvent, type RefObject, useCallback, useState } from "react";

type Place = { row: number; column: number };

/**
 * Roving focus over a grid's cells: one tab stop, then arrows, Home and End, j and k by rows, Enter and Space to open, x to select. Row 0 is
 * the header.
 * Cells carry `data-cell="row:column"`.
 */
export function useGridKeys(
  table: RefObject<HTMLTableElement | null>,
  size: { rows: number; columns: number },
  options: { hasKeys: boolean; onOpen: (row: number) => void; onSelect?: (row: number, isRange: boolean) => void },
) {
  const [place, setPlace] = useState<Place>({ row: 1, column: 0 });
  const at: Place = { row: Math.min(place.row, size.rows), column: Math.min(place.column, Math.max(0, size.columns - 1)) };

  const focus = useCallback(
    (to: Place) => {
      setPlace(to);
      const cell = table.current?.querySelector<HTMLElement>(`[data-cell="${to.row}:${to.column}"]`);
      cell?.focus();
      cell?.scrollIntoView({ block: "nearest", inline: "nearest" });
    },
    [table],
  );

  const { hasKeys, onOpen, onSelect } = options;
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = (event.target as HTMLElement).closest<HTMLElement>("[data-cell]");
    if (!cell) return;
    const box = cell.querySelector<HTMLInputElement>("input[type=checkbox]");
    const isInner = event.target !== cell && event.target !== box;
    const [row = 0, column = 0] = (cell.dataset.cell ?? "0:0").split(":").map(Number);
    const clamp = (value: number, max: number) => Math.max(0, Math.min(max, value));
    const key = event.key;
    if (key === "ArrowDown" || (hasKeys && key === "j")) focus({ row: clamp(row + 1, size.rows), column });
    else if (key === "ArrowUp" || (hasKeys && key === "k")) focus({ row: clamp(row - 1, size.rows), column });
    else if (key === "ArrowRight") focus({ row, column: clamp(column + 1, size.columns - 1) });
    else if (key === "ArrowLeft") focus({ row, column: clamp(column - 1, size.columns - 1) });
    else if (key === "Home") focus({ row: event.shiftKey ? 1 : row, column: 0 });
    else if (key === "End") focus({ row: event.shiftKey ? size.rows : row, column: size.columns - 1 });
    else if (hasKeys && onSelect && key.toLowerCase() === "x" && row > 0) onSelect(row - 1, event.shiftKey);
    else if (key === " " && box) {
      if (event.target === box) return; // the browser's own
      box.click();
    } else if (key === "Escape" && isInner) focus({ row, column });
    else if ((key === "Enter" || key === " ") && !isInner) {
      const inner = cell.querySelector<HTMLElement>("a, button");
      if (row === 0) inner?.click();
      else if (key === "Enter" && inner && inner.dataset.rowLink === undefined) inner.click();
      else onOpen(row - 1);
    } else return;
    event.preventDefault();
  };

  /** What a cell needs to take part: its name in the grid, its place in the tab order. */
  const cellProps = (row: number, column: number) => ({
    "data-cell": `${row}:${column}`,
    tabIndex: at.row === row && at.column === column ? 0 : -1,
    onFocus: () => setPlace({ row, column }),
  });
  return { onKeyDown, cellProps, focusRow: (row: number) => focus({ row: clampRow(row, size.rows), column: at.column }), row: at.row };
}

const clampRow = (row: number, rows: number) => Math.max(1, Math.min(rows, row));
