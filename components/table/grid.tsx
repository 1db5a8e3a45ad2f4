"use client";

import { useRouter } from "next/navigation";
import { type CSSProperties, type MouseEvent, useEffect, useRef, useState } from "react";
import { isTyping } from "@/components/shell/keys";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { laterInLayer, useLater } from "@/components/ui/layers";
import type { DataColumn } from "./data-column";
import { type ListView, withFilter } from "./list-params";
import type { MenuRow } from "./row-menu";
import type { RowSelection } from "./selection";
import { useGridKeys } from "./use-grid-keys";

const rowMenu = laterInLayer(() => import("./row-menu"));
const GUTTER = 24;
const BOX_WIDTH = 28;

export type GridProps<Row> = {
  noun: { one: string; many: string };
  rows: readonly Row[];
  /** How many more are about to be drawn: their room is there already. */
  toCome: number;
  columns: readonly DataColumn<Row>[];
  order: readonly string[];
  view: ListView;
  total: { count: number; isExact: boolean };
  rowKey: (row: Row) => string;
  rowHref: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
  isPending: boolean;
  go: (view: ListView) => void;
  hasKeys: boolean;
  selection: RowSelection | null;
};

/** The rows on a wide screen. What happens in a cell is heard by the table: a cell is nothing but its content (see .grid-table). */
export function Grid<Row>({ noun, rows, toCome, columns, order, view, total, rowKey, rowHref, isSelected, isPending, go, hasKeys, selection }: GridProps<Row>) {
  const router = useRouter();
  const element = useRef<HTMLTableElement>(null);
  const shown = order.flatMap((id) => columns.find((column) => column.id === id) ?? []);

  const open = (id: string | undefined) => {
    const row = rows.find((known) => rowKey(known) === id);
    if (row) router.push(rowHref(row), { scroll: false });
  };
  const [asked, setAsked] = useState<MenuRow | null>(null);
  const menu = useLater(rowMenu, asked !== null);
  const openMenu = (id: string, cell: HTMLTableCellElement) => {
    const row = rows.find((known) => rowKey(known) === id);
    if (row) setAsked({ id, cell, href: rowHref(row) });
  };
  const grid = useGridKeys(element, { hasKeys, onOpen: open, onSelect: selection?.toggle, onMenu: openMenu });

  // j and k also work from anywhere on the page, where no field has the focus.
  const focusFirst = useRef(grid.focusFirst);
  focusFirst.current = grid.focusFirst;
  useEffect(() => {
    if (!hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || isTyping(event) || element.current?.contains(event.target as Node)) return;
      event.preventDefault();
      focusFirst.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [hasKeys]);

  // ⇧F: by what the focused cell says, else by the one that is pointed at.
  const filterOf = (cell: HTMLTableCellElement) => {
    const column = shown[cell.cellIndex - (selection ? 1 : 0)];
    const row = rows.find((known) => rowKey(known) === cell.parentElement?.dataset.row);
    return (row && column?.filterBy?.(row)) || null;
  };
  const filterBy = (cell: HTMLTableCellElement): boolean => {
    const filter = filterOf(cell);
    if (filter) go(withFilter(view, filter));
    return Boolean(filter);
  };
  const filterByCell = useRef(filterBy);
  filterByCell.current = filterBy;
  useEffect(() => {
    if (!hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "F" || isTyping(event)) return;
      const focused = (event.target as HTMLElement).closest<HTMLTableCellElement>(".grid-table td");
      const cell = focused ?? element.current?.querySelector<HTMLTableCellElement>("td:hover");
      if (cell && filterByCell.current(cell)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [hasKeys]);

  const onClick = (event: MouseEvent<HTMLTableElement>) => {
    const target = event.target as HTMLElement;
    const id = target.closest<HTMLElement>("tr")?.dataset.row;
    if (id === undefined || event.defaultPrevented || event.button !== 0) return;
    const box = target.closest<HTMLElement>("[data-pick]");
    if (box) {
      if (target.localName === "input") selection?.toggle(id, event.shiftKey);
      return;
    }
    const link = target.closest("a");
    const isOther = link?.dataset.cellLink !== undefined;
    if (link ? (link.dataset.rowLink === undefined && !isOther) || isOfBrowser(event) : target.closest("button, label") || window.getSelection()?.toString())
      return;
    event.preventDefault();
    if (link) router.push(link.pathname + link.search, { scroll: isOther });
    else open(id);
  };

  const minWidth = shown.reduce((sum, column) => sum + (column.width ?? column.minWidth ?? 176), 36 + (selection ? BOX_WIDTH : 0));
  return (
    <div className={cx("grid-room relative min-h-60 flex-1 overflow-auto", (selection?.count ?? 0) > 0 && "scroll-pb-16 pb-16")}>
      {isPending && (
        <div
          aria-hidden="true"
          className="sticky top-[29px] left-0 z-20 -mb-0.5 h-0.5 animate-fade bg-ink [animation-delay:200ms] [animation-fill-mode:both]"
        />
      )}
      <table
        ref={element}
        role="grid"
        aria-label={noun.many}
        aria-rowcount={total.isExact ? total.count + 1 : -1}
        aria-busy={isPending}
        aria-multiselectable={selection ? true : undefined}
        onKeyDown={grid.onKeyDown}
        onFocus={grid.onFocus}
        onPointerDown={grid.onPointerDown}
        onMouseDown={(event) => event.shiftKey && (event.target as HTMLElement).closest("[data-pick]") && event.preventDefault() /* a range marks no text */}
        onClick={onClick}
        onPointerOver={nameCut}
        style={{ "--least": `${minWidth}px`, marginBottom: toCome ? `calc(${toCome} * var(--row))` : undefined } as CSSProperties}
        className="grid-table"
      >
        <colgroup>
          {selection && <col style={{ width: GUTTER + BOX_WIDTH }} />}
          {shown.map(({ id, width }, index) => {
            const edge = index === 0 && !selection ? GUTTER : index === shown.length - 1 ? 12 : 0;
            return <col key={id} style={width ? { width: width + edge } : undefined} />;
          })}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selection && (
              <th scope="col">
                <PageBox selection={selection} />
              </th>
            )}
            {shown.map((column) => {
              const isSorted = column.sortKey !== undefined && column.sortKey === view.sort.field;
              return (
                <th
                  key={column.id}
                  scope="col"
                  aria-sort={isSorted ? (view.sort.direction === "asc" ? "ascending" : "descending") : undefined}
                  className={classOf(column)}
                >
                  {column.sortKey ? (
                    <button
                      type="button"
                      tabIndex={-1}
                      className={cx("inline-flex h-6 items-center gap-1 rounded-1 hover:text-ink", isSorted && "text-ink")}
                      onClick={() => {
                        const first = column.startsDescending ? "desc" : "asc";
                        const direction = isSorted ? (view.sort.direction === "asc" ? "desc" : "asc") : first;
                        go({ ...view, sort: { field: column.sortKey ?? "", direction } });
                      }}
                    >
                      {column.label}
                      {isSorted && <Icon name={view.sort.direction === "asc" ? "arrow-up" : "arrow-down"} size={12} />}
                    </button>
                  ) : (
                    column.label
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody className={cx("transition-opacity duration-(--fast)", isPending && "opacity-60 delay-200")}>
          {rows.map((row, index) => {
            const id = rowKey(row);
            const isTicked = selection?.has(id) ?? false;
            const first = index === 0 ? 0 : undefined; // the tab stop, until the keys move it
            return (
              <tr
                key={id}
                data-row={id}
                aria-rowindex={index + 2}
                aria-selected={selection || isSelected ? isTicked || (isSelected?.(row) ?? false) : undefined}
              >
                {selection && (
                  <td tabIndex={first}>
                    <label data-pick="">
                      <input type="checkbox" tabIndex={-1} aria-label={`Select ${noun.one} ${index + 1}`} checked={isTicked} onChange={HEARD_BY_THE_TABLE} />
                    </label>
                  </td>
                )}
                {shown.map((column, at) => (
                  <td key={column.id} tabIndex={at === 0 && !selection ? first : undefined} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
      {asked && menu && (
        <menu.RowMenu
          noun={noun.one}
          row={asked}
          isChosen={selection?.has(asked.id) ?? false}
          onSelect={selection ? () => selection.toggle(asked.id, false) : undefined}
          onFilter={filterOf(asked.cell) ? () => filterBy(asked.cell) : undefined}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

/** What is cut, a cell or a part of it, tells it all while somebody points at it. */
function nameCut(event: { target: EventTarget }): void {
  for (let part = event.target as HTMLElement | null; part && part.localName !== "tr" && !part.title; part = part.parentElement) {
    if (part.clientWidth === 0 || part.scrollWidth <= part.clientWidth) continue;
    const whole = part.closest<HTMLElement>(".parted") ?? part;
    if (!whole.querySelector("[title]")) whole.title = whole.textContent;
    return;
  }
}

/** A click that the browser takes: another tab, another window, a download. */
export const isOfBrowser = (event: Pick<globalThis.MouseEvent, "ctrlKey" | "metaKey" | "shiftKey" | "altKey">): boolean =>
  event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;

function classOf<Row>(column: DataColumn<Row>): string | undefined {
  if (column.align !== "right") return column.className;
  return column.className ? `text-right ${column.className}` : "text-right";
}

const HEARD_BY_THE_TABLE = () => undefined;

/** The box of the page, in the head. */
function PageBox({ selection }: { selection: RowSelection }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = selection.page === "some";
  }, [selection.page]);
  return (
    <label data-pick="">
      <input ref={box} type="checkbox" tabIndex={-1} aria-label="Select the page" checked={selection.page === "all"} onChange={selection.togglePage} />
    </label>
  );
}
