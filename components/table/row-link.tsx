import type { ReactNode } from "react";

/**
 * What a row leads to, as the link in its first text cell. A plain link: the table follows it for all its rows, and nothing is fetched
 * ahead for the rows that nobody opens.
 */
export function RowLink({ href, title, className, children }: { href: string; title?: string; className?: string; children: ReactNode }) {
  return (
    <a href={href} title={title} data-row-link="" tabIndex={-1} className={className}>
      {children}
    </a>
  );
}

/** A link to something else than the row's own thing, as plain for the same reasons: the table follows it too. Only inside a table's cell. */
export function CellLink({ href, title, className, children }: { href: string; title?: string; className?: string; children: ReactNode }) {
  return (
    <a href={href} title={title} data-cell-link="" className={className}>
      {children}
    </a>
  );
}
