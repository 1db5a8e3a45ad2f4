import type { ReactNode } from "react";
import { cx } from "./class-names";

/** `isExtra`: left out where there is little room. */
export type PlainColumn = { label: string; align?: "right"; className?: string; isExtra?: boolean };

/** A short table inside a page: ruled, without filters. It scrolls sideways when it must. `rows` are cells in the columns' order. */
export function PlainTable({ label, columns, rows }: { label: string; columns: PlainColumn[]; rows: { key: string; cells: ReactNode[] }[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways and must be reachable by key
    <section aria-label={label} tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-separate border-spacing-0">
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                className={cx(
                  "h-[30px] border-b border-rule-strong pr-4 text-left text-label whitespace-nowrap text-ink-3 last:pr-0",
                  column.align === "right" && "text-right",
                  column.isExtra && "max-md:hidden",
                )}
              >
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="hover:bg-hover">
              {row.cells.map((cell, index) => {
                const column = columns[index];
                return (
                  <td
                    key={column?.label ?? index}
                    className={cx(
                      "h-(--row) border-b border-rule py-1 pr-4 align-middle last:pr-0",
                      column?.align === "right" && "text-right",
                      column?.isExtra && "max-md:hidden",
                      column?.className,
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
