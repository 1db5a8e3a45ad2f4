"use client";

import { useRouter } from "next/navigation";
import type { MouseEvent, ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { isOfBrowser } from "./grid";
import type { RowSelection } from "./selection";
import { useLongPress } from "./use-long-press";

type Props<Row> = {
  rows: readonly Row[];
  toCome: number;
  rowKey: (row: Row) => string;
  hrefOf: (row: Row) => string;
  phoneRow: (row: Row) => ReactNode;
  phoneActs?: (row: Row) => ReactNode;
  isPending: boolean;
  selection: RowSelection | null;
  /** True while rows are ticked instead of opened. */
  picks: boolean;
  onPick: (id: string) => void;
};

const ROW_REM = 4;
const ROW = "flex min-h-16 items-center gap-3 px-4 py-2 focus-visible:outline-offset-[-2px]";

/** The rows on a phone: two lines each. A held finger, or the Select button, turns opening into ticking. */
export function PhoneList<Row>({ rows, toCome, rowKey, hrefOf, phoneRow, phoneActs, isPending, selection, picks, onPick }: Props<Row>) {
  const router = useRouter();
  const press = useLongPress(onPick);
  const onClick = (event: MouseEvent<HTMLOListElement>) => {
    const link = (event.target as HTMLElement).closest("a");
    if (!link || event.defaultPrevented || isOfBrowser(event)) return;
    event.preventDefault();
    router.push(link.pathname + link.search);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links inside raise it by key too
    <ol
      className={cx(
        "border-t border-rule md:hidden print:hidden",
        isPending && "opacity-60",
        selection && "[-webkit-touch-callout:none]",
        (selection?.count ?? 0) > 0 && "pb-28",
      )}
      style={toCome ? { marginBottom: `${toCome * ROW_REM}rem` } : undefined}
      onClick={onClick}
      {...(selection && press)}
    >
      {rows.map((row) => {
        const id = rowKey(row);
        return (
          <li key={id} data-row={id} className="border-b border-rule">
            {selection && picks ? (
              <label className={cx(ROW, "select-none", selection.has(id) && "bg-select shadow-[inset_2px_0_0_var(--ink)]")}>
                <input type="checkbox" className="size-5 shrink-0 accent-ink" checked={selection.has(id)} onChange={() => selection.toggle(id, false)} />
                {phoneRow(row)}
              </label>
            ) : (
              <>
                <a href={hrefOf(row)} className={ROW}>
                  {phoneRow(row)}
                </a>
                {phoneActs && <div className="-mt-1 flex flex-wrap gap-1 px-4 pb-2 empty:hidden">{phoneActs(row)}</div>}
              </>
            )}
          </li>
        );
      })}
    </ol>
  );
}
