import type { ReactNode } from "react";
import { cx } from "./class-names";

export type PlainColumn = { label: string; align?: "right"; className?: string };

/** The column of what one does with a row: in a card its buttons stand without it. */
const ACTIONS = "Actions";

const CARD = "max-md:flex max-md:flex-wrap max-md:items-baseline max-md:gap-x-4 max-md:gap-y-1 max-md:border-b max-md:border-rule max-md:py-2.5";
const FIELD =
  "max-md:flex max-md:h-auto max-md:min-w-0 max-md:items-baseline max-md:gap-1.5 max-md:border-0 max-md:p-0 max-md:first:basis-full max-md:empty:hidden max-md:data-label:before:shrink-0 max-md:data-label:before:text-meta max-md:data-label:before:text-ink-3 max-md:data-label:before:content-[attr(data-label)]";

type Props = {
  label: string;
  columns: PlainColumn[];
  /** Cells in the columns' order. */
  rows: { key: string; cells: ReactNode[] }[];
  /** Of a matrix, which is read along both sides: it stays a table on a phone, and scrolls. */
  isMatrix?: boolean;
};

/**
 * A short table inside a page: ruled, without filters. On a phone a row of more than two cells is a card: the first cell, then the others with
 * their labels.
 */
export function PlainTable({ label, columns, rows, isMatrix = false }: Props) {
  const hasCards = !isMatrix && columns.length > 2;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways and must be reachable by key
    <section aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table className={cx("w-full border-separate border-spacing-0", hasCards && "max-md:block max-md:[&>tbody]:block")}>
        <thead className={cx(hasCards && "max-md:sr-only")}>
          <tr>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                className={cx(
                  "h-[30px] border-b border-rule-strong pr-4 text-left text-label whitespace-nowrap text-ink-3 last:pr-0",
                  column.align === "right" && "text-right",
                )}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className={cx("hover:bg-hover", hasCards && CARD)}>
              {row.cells.map((cell, index) => {
                const column = columns[index];
                return (
                  <td
                    key={column?.label ?? index}
                    data-label={index > 0 && column?.label !== ACTIONS ? column?.label : undefined}
                    className={cx(
                      "h-(--row) border-b border-rule py-1 pr-4 align-middle last:pr-0",
                      column?.align === "right" && "md:text-right",
                      column?.className,
                      hasCards && FIELD,
                    )}
                  >
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
