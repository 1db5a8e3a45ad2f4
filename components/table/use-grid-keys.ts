"use client";

import { type FocusEvent, type KeyboardEvent, type PointerEvent, type RefObject, useEffect } from "react";

type Options = {
  hasKeys: boolean;
  /** Called with the row's id. */
  onOpen: (id: string) => void;
  onSelect?: (id: string, isRange: boolean) => void;
  /** A row is asked for its menu, from one of its cells. */
  onMenu: (id: string, cell: HTMLTableCellElement) => void;
};

/**
 * Roving focus over a grid's cells: one tab stop, then arrows, Home and End, j and k by rows, Enter and Space to open, x to select, e for
 * the row's menu. The head is a row too. The cells know nothing of it: what a key means is read off the table, so that a grid of hundreds of cells stays light.
 * Rows carry `data-row`, their id.
 */
export function useGridKeys(table: RefObject<HTMLTableElement | null>, { hasKeys, onOpen, onSelect, onMenu }: Options) {
  // Rows come and go: there is always exactly one tab stop.
  useEffect(() => {
    const grid = table.current;
    if (!grid) return;
    const stops = grid.querySelectorAll<HTMLElement>(":is(th, td)[tabindex='0']");
    if (stops.length !== 1) moveStop(grid, stops[0] ?? cellAt(grid, 1, 0) ?? cellAt(grid, 0, 0));
  });

  const focus = (row: number, column: number) => {
    const grid = table.current;
    const cell = grid && cellAt(grid, row, column);
    if (!cell) return;
    moveStop(grid, cell);
    cell.focus();
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cell = (event.target as HTMLElement).closest<HTMLTableCellElement>("th, td");
    if (!cell) return;
    const tr = cell.parentElement as HTMLTableRowElement;
    const rows = event.currentTarget.rows.length - 1;
    const columns = tr.cells.length - 1;
    const { rowIndex: row } = tr;
    const { cellIndex: column } = cell;
    const id = tr.dataset.row;
    const box = cell.querySelector<HTMLInputElement>("input[type=checkbox]");
    const isInner = event.target !== cell && event.target !== box;
    const clamp = (value: number, max: number) => Math.max(0, Math.min(max, value));
    const { key } = event;
    if (key === "ArrowDown" || (hasKeys && key === "j")) focus(clamp(row + 1, rows), column);
    else if (key === "ArrowUp" || (hasKeys && key === "k")) focus(clamp(row - 1, rows), column);
    else if (key === "ArrowRight") focus(row, clamp(column + 1, columns));
    else if (key === "ArrowLeft") focus(row, clamp(column - 1, columns));
    else if (key === "Home") focus(event.shiftKey ? 1 : row, 0);
    else if (key === "End") focus(event.shiftKey ? rows : row, columns);
    else if (hasKeys && onSelect && key.toLowerCase() === "x" && id !== undefined) onSelect(id, event.shiftKey);
    else if (hasKeys && key === "e" && id !== undefined) onMenu(id, cell);
    else if (key === " " && box) {
      if (event.target === box) return; // the browser's own
      box.click();
    } else if (key === "Escape" && isInner) focus(row, column);
    else if ((key === "Enter" || key === " ") && !isInner) {
      const inner = cell.querySelector<HTMLElement>("a, button");
      if (id === undefined) inner?.click();
      else if (key === "Enter" && inner && inner.dataset.rowLink === undefined) inner.click();
      else onOpen(id);
    } else return;
    event.preventDefault();
  };

  // A cell takes the tab stop before the browser decides where the focus of a press goes.
  const onFocus = (event: FocusEvent<HTMLTableElement> | PointerEvent<HTMLTableElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLTableCellElement>("th, td");
    if (cell) moveStop(event.currentTarget, cell);
  };

  /** From elsewhere on the page: the first row, in the column where the grid was left. */
  const focusFirst = () => focus(1, table.current?.querySelector<HTMLTableCellElement>(":is(th, td)[tabindex='0']")?.cellIndex ?? 0);
  return { onKeyDown, onFocus, onPointerDown: onFocus, focusFirst };
}

const cellAt = (grid: HTMLTableElement, row: number, column: number) => grid.rows[row]?.cells[column];

function moveStop(grid: HTMLTableElement, to: HTMLElement | undefined): void {
  if (!to) return;
  for (const old of grid.querySelectorAll<HTMLElement>(":is(th, td)[tabindex]")) if (old !== to) old.removeAttribute("tabindex");
  to.tabIndex = 0;
}
