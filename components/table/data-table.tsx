"use client";

import { type ColumnDef, columnOrderingFeature, columnVisibilityFeature, tableFeatures, useTable } from "@tanstack/react-table";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { type MouseEvent, type ReactNode, useEffect, useMemo, useRef, useState, useTransition } from "react";
import { isInField, isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { Banner } from "@/components/ui/banner";
import { Button, buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { useClock } from "@/components/ui/clock";
import { Icon } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { countWords, zoneName } from "@/components/ui/time-words";
import { ColumnsMenu } from "./columns-menu";
import type { DataColumn } from "./data-column";
import { FilterBar } from "./filter-bar";
import { useHeldRows } from "./held-rows";
import { type RowSelection, type Selection, useRowSelection } from "./selection";
import { SelectionBar } from "./selection-bar";
import { fieldFor, type ListDefinition, type ListView, operatorWords, valueWords, viewSearch } from "./list-params";
import { type Preset, SaveView, ViewTabs } from "./saved-views";
import { useGridKeys } from "./use-grid-keys";
import { useLongPress } from "./use-long-press";

const features = tableFeatures({ columnVisibilityFeature, columnOrderingFeature });

export type Total = { count: number; isExact: boolean };

type Props<Row> = {
  /** What the rows are: "run", "runs". */
  noun: { one: string; many: string };
  rows: readonly Row[];
  columns: readonly DataColumn<Row>[];
  definition: ListDefinition;
  view: ListView;
  /** The list's path, without its search string. */
  path: string;
  total: Total;
  /** The signed cursor of the next page. */
  next: string | null;
  pageSize: number;
  rowKey: (row: Row) => string;
  rowHref: (row: Row) => string;
  /** Where a row leads on a phone, when that is another page than on a wide screen. */
  phoneHref?: (row: Row) => string;
  isSelected?: (row: Row) => boolean;
  /** A row on a phone: two lines. */
  phoneRow: (row: Row) => ReactNode;
  /** Shown when the list holds nothing at all. */
  empty: ReactNode;
  /** For an empty answer under filters: how many rows there would be without each of them. */
  countsWithout: number[] | null;
  /** What stands at the right of the filter bar, before the columns. */
  barEnd?: ReactNode;
  /** Views that the list brings itself, beside the saved ones. */
  presets?: readonly Preset[];
  /** What can be done with the selected rows. Without it rows can't be selected. */
  bulk?: (selection: Selection) => ReactNode;
};

const NO_PRESETS: readonly Preset[] = [];

/** The one table of every list: filters and sort in the URL, keyset pages, a grid under the keys, two-line rows on a phone. */
export function DataTable<Row>(props: Props<Row>) {
  const { definition, view, path, columns, rowKey, presets = NO_PRESETS } = props;
  const { preferences } = useShell();
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const list = viewSearch(definition, { ...view, open: undefined, columns: null });
  const { shown, waiting, release } = useHeldRows(props.rows, `${path}${list}`, rowKey);

  const go = (changed: ListView) => startTransition(() => router.push(`${path}${viewSearch(definition, changed)}`, { scroll: false }));
  const change = (changed: ListView) => go({ ...changed, after: undefined });

  useEffect(() => {
    if (!preferences.hasKeys || waiting === 0) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "." || isTyping(event)) return;
      event.preventDefault();
      release();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [preferences.hasKeys, waiting, release]);

  const filter = `${path}${viewSearch(definition, { ...view, sort: definition.defaultSort, columns: null, after: undefined, countsAll: false, open: undefined })}`;
  const selection = useRowSelection({ filter, page: shown.map(rowKey), total: props.total.count, view });
  const [isSelecting, setSelecting] = useState(false); // on a phone: rows are ticked instead of opened
  const endSelecting = () => {
    selection.clear();
    setSelecting(false);
  };
  useSelectionKeys(props.bulk ? selection : null, endSelecting);
  const picks = isSelecting || selection.count > 0;

  const order = view.columns ?? definition.columns.filter((id) => !definition.hiddenAtFirst?.includes(id));
  const isFiltered = view.filters.length > 0;
  return (
    <>
      <ViewTabs definition={definition} view={view} path={path} noun={props.noun.many} presets={presets} />
      <FilterBar
        definition={definition}
        view={view}
        onChange={change}
        hasKeys={preferences.hasKeys}
        end={
          <>
            <SaveView definition={definition} view={view} path={path} presets={presets} />
            {props.barEnd}
            {props.bulk && shown.length > 0 && (
              <Button look="ghost" aria-pressed={picks} className="md:hidden" onClick={() => (picks ? endSelecting() : setSelecting(true))}>
                {picks ? "Done" : "Select"}
              </Button>
            )}
            <ColumnsMenu all={columns.map(({ id, label }) => ({ id, label }))} visible={[...order]} onChange={(next) => go({ ...view, columns: next })} />
          </>
        }
      />
      {view.dropped.length > 0 && (
        <Banner tone="warn" icon="circle-alert">
          Not used from this address: {view.dropped.join(", ")}.
        </Banner>
      )}
      {waiting > 0 && (
        <div className="pad-x border-t border-rule py-1 text-center" role="status">
          <Button look="ghost" icon="arrow-up" onClick={release}>
            {countWords(waiting)} new {waiting === 1 ? props.noun.one : props.noun.many}
            {preferences.hasKeys && <Kbd>.</Kbd>}
          </Button>
        </div>
      )}
      {shown.length === 0 ? (
        <div className="flex-1 border-t border-rule">{isFiltered ? <EmptyByFilter {...props} change={change} /> : props.empty}</div>
      ) : (
        <>
          <Grid
            {...props}
            rows={shown}
            order={order}
            isPending={isPending}
            go={change}
            hasKeys={preferences.hasKeys}
            selection={props.bulk ? selection : null}
          />
          <PhoneList
            {...props}
            rows={shown}
            isPending={isPending}
            selection={props.bulk ? selection : null}
            picks={picks}
            onPick={(id) => {
              setSelecting(true);
              selection.toggle(id, false);
            }}
          />
        </>
      )}
      {shown.length > 0 && <Foot {...props} shownCount={shown.length} hasKeys={preferences.hasKeys} />}
      {props.bulk && (
        <SelectionBar noun={props.noun} selection={selection} total={props.total} isFiltered={isFiltered} onClose={endSelecting}>
          {props.bulk(selection.asked)}
        </SelectionBar>
      )}
    </>
  );
}

/** ⌘A takes the page in, Esc lets everything go; both from anywhere but a field, a menu or a dialog. */
function useSelectionKeys(selection: RowSelection | null, onClear: () => void) {
  const now = useRef({ selection, onClear });
  now.current = { selection, onClear };
  const isOn = selection !== null;
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const { selection, onClear } = now.current;
      if (!selection || event.defaultPrevented || event.altKey || event.shiftKey || isInField(event)) return;
      const isCommand = event.metaKey || event.ctrlKey;
      if (isCommand && event.key.toLowerCase() === "a") selection.choosePage();
      else if (!isCommand && event.key === "Escape" && selection.count > 0) onClear();
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [isOn]);
}

type PhoneListProps<Row> = Props<Row> & { isPending: boolean; selection: RowSelection | null; picks: boolean; onPick: (id: string) => void };

const PHONE_ROW = "flex min-h-16 items-center gap-3 border-b border-rule px-4 py-2 focus-visible:outline-offset-[-2px]";

/** The rows on a phone: two lines each. A held finger, or the Select button, turns opening into ticking. */
function PhoneList<Row>({ rows, rowKey, rowHref, phoneHref, phoneRow, isPending, selection, picks, onPick }: PhoneListProps<Row>) {
  const press = useLongPress(onPick);
  return (
    <ol
      className={cx(
        "border-t border-rule md:hidden",
        isPending && "opacity-60",
        selection && "[-webkit-touch-callout:none]",
        (selection?.count ?? 0) > 0 && "pb-28",
      )}
      {...(selection && press)}
    >
      {rows.map((row) => {
        const id = rowKey(row);
        return (
          <li key={id} data-row={id}>
            {selection && picks ? (
              <label className={cx(PHONE_ROW, "select-none", selection.has(id) && "bg-select shadow-[inset_2px_0_0_var(--ink)]")}>
                <input type="checkbox" className="size-5 shrink-0 accent-ink" checked={selection.has(id)} onChange={() => selection.toggle(id, false)} />
                {phoneRow(row)}
              </label>
            ) : (
              <Link href={(phoneHref ?? rowHref)(row)} className={PHONE_ROW}>
                {phoneRow(row)}
              </Link>
            )}
          </li>
        );
      })}
    </ol>
  );
}

type GridProps<Row> = Props<Row> & {
  order: readonly string[];
  isPending: boolean;
  go: (view: ListView) => void;
  hasKeys: boolean;
  selection: RowSelection | null;
};

const HEAD =
  "sticky top-0 z-10 h-[30px] truncate border-b border-rule-strong bg-paper pr-3 text-left text-label text-ink-3 first:pl-(--gutter) last:pr-(--gutter) focus-visible:outline-offset-[-2px]";
const CELL = "h-(--row) truncate border-b border-rule pr-3 whitespace-nowrap first:pl-(--gutter) last:pr-(--gutter) focus-visible:outline-offset-[-2px]";

function Grid<Row>({ noun, rows, columns, order, view, total, rowKey, rowHref, isSelected, isPending, go, hasKeys, selection }: GridProps<Row>) {
  const router = useRouter();
  const element = useRef<HTMLTableElement>(null);
  const defs = useMemo<ColumnDef<typeof features, Row & object>[]>(
    () => columns.map((column) => ({ id: column.id, header: column.label, cell: ({ row }) => column.cell(row.original) })),
    [columns],
  );
  const state = useMemo(
    () => ({ columnOrder: [...order], columnVisibility: Object.fromEntries(columns.map(({ id }) => [id, order.includes(id)])) }),
    [order, columns],
  );
  const table = useTable({ features, columns: defs, data: rows as readonly (Row & object)[], state, getRowId: (row) => rowKey(row) });
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);
  const model = table.getRowModel().rows;
  const open = (index: number) => {
    const row = rows[index];
    if (row) router.push(rowHref(row), { scroll: false });
  };
  const boxes = selection ? 1 : 0; // the checkboxes are the first column
  const grid = useGridKeys(
    element,
    { rows: model.length, columns: order.length + boxes },
    {
      hasKeys,
      onOpen: open,
      onSelect: selection
        ? (index, isRange) => {
            const row = rows[index];
            if (row) selection.toggle(rowKey(row), isRange);
          }
        : undefined,
    },
  );

  // j and k also work from anywhere on the page, where no field has the focus.
  const focusRow = useRef(grid.focusRow);
  focusRow.current = grid.focusRow;
  useEffect(() => {
    if (!hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== "j" && event.key !== "k") || isTyping(event) || element.current?.contains(event.target as Node)) return;
      event.preventDefault();
      focusRow.current(1);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [hasKeys]);

  const minWidth = order.reduce((sum, id) => sum + (byId.get(id)?.width ?? byId.get(id)?.minWidth ?? 176), 36);
  return (
    <div className={cx("relative min-h-60 flex-1 overflow-auto max-md:hidden", (selection?.count ?? 0) > 0 && "scroll-pb-16 pb-16")}>
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
        style={{ minWidth }}
        className="w-full table-fixed border-separate border-spacing-0"
      >
        <colgroup>
          {selection && <col style={{ width: 24 + 28 }} />}
          {order.map((id, index) => {
            const width = byId.get(id)?.width;
            const edge = index + boxes === 0 ? 24 : index === order.length - 1 ? 12 : 0; // the gutter
            return <col key={id} style={width ? { width: width + edge } : undefined} />;
          })}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} aria-rowindex={1}>
              {selection && (
                <th scope="col" {...grid.cellProps(0, 0)} className={HEAD}>
                  <PageBox selection={selection} />
                </th>
              )}
              {group.headers.map((header, index) => {
                const column = byId.get(header.column.id);
                const isSorted = column?.sortKey !== undefined && column.sortKey === view.sort.field;
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={isSorted ? (view.sort.direction === "asc" ? "ascending" : "descending") : undefined}
                    {...grid.cellProps(0, index + boxes)}
                    className={cx(HEAD, column?.align === "right" && "text-right", column?.className)}
                  >
                    {column?.sortKey ? (
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
                      column?.label
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody className={cx("transition-opacity duration-(--fast)", isPending && "opacity-60 delay-200")}>
          {model.map((row, rowIndex) => {
            const isTicked = selection?.has(row.id) ?? false;
            const chosen = isTicked || (isSelected?.(row.original) ?? false);
            const ground = chosen ? "bg-select first:shadow-[inset_2px_0_0_var(--ink)]" : "group-focus-within:bg-hover group-hover:bg-hover";
            return (
              <tr
                key={row.id}
                aria-rowindex={rowIndex + 2}
                aria-selected={selection || isSelected ? chosen : undefined}
                onClick={(event) => {
                  if ((event.target as HTMLElement).closest("a, button, label")) return;
                  if (window.getSelection()?.toString()) return;
                  open(rowIndex);
                }}
                className="group cursor-pointer"
              >
                {selection && (
                  <td {...grid.cellProps(rowIndex + 1, 0)} className={cx(CELL, ground)}>
                    <RowBox isTicked={isTicked} label={`Select ${noun.one} ${rowIndex + 1}`} onToggle={(isRange) => selection.toggle(row.id, isRange)} />
                  </td>
                )}
                {row.getVisibleCells().map((cell, index) => (
                  <td
                    key={cell.id}
                    {...grid.cellProps(rowIndex + 1, index + boxes)}
                    className={cx(CELL, byId.get(cell.column.id)?.align === "right" && "text-right", byId.get(cell.column.id)?.className, ground)}
                  >
                    <table.FlexRender cell={cell} />
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

// 16 px to the eye, 24 to the pointer.
const BOX = "relative -m-1 grid size-6 cursor-pointer place-items-center";

/** The box of a row. Shift takes the rows between in. */
function RowBox({ isTicked, label, onToggle }: { isTicked: boolean; label: string; onToggle: (isRange: boolean) => void }) {
  return (
    <label className={BOX} onMouseDown={(event) => event.shiftKey && event.preventDefault() /* no text is marked */}>
      <input
        type="checkbox"
        tabIndex={-1}
        className="size-4 accent-ink"
        aria-label={label}
        checked={isTicked}
        onClick={(event: MouseEvent) => onToggle(event.shiftKey)}
        onChange={() => undefined}
      />
    </label>
  );
}

/** The box of the page, in the head. */
function PageBox({ selection }: { selection: RowSelection }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = selection.page === "some";
  }, [selection.page]);
  return (
    <label className={BOX}>
      <input
        ref={box}
        type="checkbox"
        tabIndex={-1}
        className="size-4 accent-ink"
        aria-label="Select the page"
        checked={selection.page === "all"}
        onChange={selection.togglePage}
      />
    </label>
  );
}

function Foot<Row>({ noun, view, definition, path, total, next, pageSize, shownCount, hasKeys, bulk }: Props<Row> & { shownCount: number; hasKeys: boolean }) {
  const { zone, now } = useClock();
  return (
    <footer className="pad-x flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-rule bg-paper py-2 text-meta text-ink-3 print-hidden">
      <span>
        {countWords(shownCount)} of {countWords(total.count)}
        {total.isExact ? "" : "+"} {total.count === 1 && total.isExact ? noun.one : noun.many}
      </span>
      {!total.isExact && (
        <Link href={`${path}${viewSearch(definition, { ...view, countsAll: true })}`} scroll={false} className="link">
          Count all
        </Link>
      )}
      <span suppressHydrationWarning>
        times in {zone.replaceAll("_", " ")}
        {zone === "UTC" ? "" : ` (${zoneName(zone, now)})`}
      </span>
      {hasKeys && (
        <span className="ml-auto flex items-center gap-3 max-lg:hidden">
          <span>
            <Kbd>J</Kbd> <Kbd>K</Kbd> move
          </span>
          {bulk && (
            <span>
              <Kbd>X</Kbd> select
            </span>
          )}
          <span>
            <Kbd>↵</Kbd> open
          </span>
          <span>
            <Kbd>?</Kbd> all keys
          </span>
        </span>
      )}
      <span className={cx("flex gap-2", hasKeys ? "max-lg:ml-auto" : "ml-auto")}>
        {view.after && (
          <Link href={`${path}${viewSearch(definition, { ...view, after: undefined })}`} className={buttonClass()}>
            First page
          </Link>
        )}
        {next && (
          <Link href={`${path}${viewSearch(definition, { ...view, after: next })}`} rel="next" className={buttonClass()}>
            Next {pageSize}
          </Link>
        )}
      </span>
    </footer>
  );
}

function EmptyByFilter<Row>({ noun, definition, view, countsWithout, change }: Props<Row> & { change: (view: ListView) => void }) {
  const count = view.filters.length;
  return (
    <div className="pad-x max-w-[720px] py-8">
      <p className="text-section text-ink">
        No {noun.one} matches {count === 1 ? "this filter" : `${count} filters`}
      </p>
      <ul className="mt-3 flex flex-col gap-1.5">
        {view.filters.map((filter, index) => {
          const field = fieldFor(definition, filter);
          const without = countsWithout?.[index];
          if (!field) return null;
          return (
            <li key={`${filter.field} ${filter.op} ${filter.values.join()}`} className="flex flex-wrap items-center gap-2">
              <Button icon="x" onClick={() => change({ ...view, filters: view.filters.filter((_, at) => at !== index) })}>
                {field.label} {operatorWords(filter)} {valueWords(field, filter)}
              </Button>
              {without !== undefined && (
                <span className="text-ink-3">
                  would give {countWords(without)}
                  {without > 10_000 ? "+" : ""} without it
                </span>
              )}
            </li>
          );
        })}
      </ul>
      <p className="mt-3">
        <Button look="ghost" onClick={() => change({ ...view, filters: [] })}>
          Clear all filters
        </Button>
      </p>
    </div>
  );
}
