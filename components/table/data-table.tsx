"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { type ReactNode, useDeferredValue, useEffect, useRef, useState, useTransition } from "react";
import { isInField, isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { useIsNarrow } from "@/components/shell/use-is-narrow";
import { Banner } from "@/components/ui/banner";
import { Button, buttonClass } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { useClock } from "@/components/ui/clock";
import { Kbd } from "@/components/ui/kbd";
import { countWords, zoneName } from "@/components/ui/time-words";
import { ColumnsMenu } from "./columns-menu";
import type { DataColumn } from "./data-column";
import { FilterBar } from "./filter-bar";
import { Grid } from "./grid";
import { useHeldRows } from "./held-rows";
import { type PackedRows, useRows } from "./packed-rows";
import { PhoneList } from "./phone-list";
import { type RowSelection, type Selection, useRowSelection } from "./selection";
import { SelectionBar } from "./selection-bar";
import { fieldFor, type ListDefinition, type ListView, operatorWords, valueWords, viewSearch, withoutFilter } from "./list-params";
import { type Preset, SaveView, ViewTabs } from "./saved-views";

export type Total = { count: number; isExact: boolean };

type Props<Row> = {
  /** What the rows are: "run", "runs". */
  noun: { one: string; many: string };
  rows: PackedRows<Row>;
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
  /** What one does with a row on a phone, under it. */
  phoneActs?: (row: Row) => ReactNode;
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

/** What a screen shows at first. The server draws no more, and the browser draws the rest when it has the time: before anybody has scrolled there. */
const FIRST_ROWS = 24;
const NO_PRESETS: readonly Preset[] = [];

/** The one table of every list: filters and sort in the URL, keyset pages, a grid under the keys, two-line rows on a phone. */
export function DataTable<Row>(props: Props<Row>) {
  const { definition, view, path, columns, rowKey, presets = NO_PRESETS } = props;
  const { preferences } = useShell();
  const router = useRouter();
  const [isPending, startTransition] = useTransition();
  const list = viewSearch(definition, { ...view, open: undefined, columns: null });
  const { shown, waiting, release, expectLoss } = useHeldRows(useRows(props.rows), `${path}${list}`, rowKey);

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
  const selection = useRowSelection({ filter, page: shown.map(rowKey), total: props.total.count, view, expectLoss });
  const [isSelecting, setSelecting] = useState(false); // on a phone: rows are ticked instead of opened
  const endSelecting = () => {
    selection.clear();
    setSelecting(false);
  };
  const chosen = props.bulk ? selection : null;
  useSelectionKeys(chosen, endSelecting);
  const isNarrow = useIsNarrow(preferences.isNarrow);
  const picks = isSelecting || selection.count > 0;

  const drawn = useDeferredValue(true, false) ? shown : shown.slice(0, FIRST_ROWS);
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
            <ColumnsMenu
              all={columns.map(({ id, label }) => ({ id, label }))}
              visible={[...order]}
              metadata={definition.showsMetadata ? definition.metadata : undefined}
              onChange={(next) => go({ ...view, columns: next })}
            />
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
          {!isNarrow && (
            <Grid
              {...props}
              rows={drawn}
              toCome={shown.length - drawn.length}
              order={order}
              isPending={isPending}
              go={change}
              hasKeys={preferences.hasKeys}
              selection={chosen}
            />
          )}
          {isNarrow && (
            <PhoneList
              rows={drawn}
              toCome={shown.length - drawn.length}
              rowKey={rowKey}
              hrefOf={props.phoneHref ?? props.rowHref}
              phoneRow={props.phoneRow}
              phoneActs={props.phoneActs}
              isPending={isPending}
              selection={chosen}
              picks={picks}
              onPick={(id) => {
                setSelecting(true);
                selection.toggle(id, false);
              }}
            />
          )}
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

function Foot<Row>({
  noun,
  view,
  definition,
  path,
  total,
  next,
  pageSize,
  shownCount,
  hasKeys,
  bulk,
  columns,
}: Props<Row> & { shownCount: number; hasKeys: boolean }) {
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
          {columns.some((column) => column.filterBy) && (
            <span>
              <Kbd>⇧F</Kbd> filter by this
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
              <Button icon="x" onClick={() => change(withoutFilter(view, index))}>
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
