"use client";

import { useRouter } from "next/navigation";
import { useId, useRef } from "react";
import { useLayers } from "@/components/ui/layers";
import { MenuItem, MenuSeparator } from "@/components/ui/menu";
import { useToast } from "@/components/ui/toast";

/** A row that was asked for its menu, with the cell that had the focus. */
export type MenuRow = { id: string; cell: HTMLTableCellElement; href: string };

type Props = {
  noun: string;
  row: MenuRow;
  isChosen: boolean;
  /** Left out where rows can't be selected. */
  onSelect?: () => void;
  /** Left out where the cell holds nothing to filter by. */
  onFilter?: () => void;
  onClose: () => void;
};

/** What can be done with one row, below its focused cell: it is opened, copied, selected, filtered by, and its links are followed. */
export function RowMenu({ noun, row, isChosen, onSelect, onFilter, onClose }: Props) {
  const router = useRouter();
  const toast = useToast();
  const label = useId();
  const anchor = useRef<HTMLElement>(row.cell);
  anchor.current = row.cell;
  const layers = useLayers(true);
  const links = linksOf(row.cell);
  const copy = () =>
    navigator.clipboard.writeText(new URL(row.href, location.href).href).then(
      () => toast("Copied the link."),
      () => toast("The browser did not let the link be copied."),
    );
  return (
    <>
      <span id={label} className="sr-only">
        {`Acts on this ${noun}`}
      </span>
      {layers && (
        <layers.MenuLayer
          open
          byKey
          onOpenChange={(isOpen) => !isOpen && onClose()}
          anchor={anchor}
          labelledBy={label}
          align="start"
          className="min-w-56 max-w-96 p-1"
        >
          <MenuItem icon="arrow-right" onSelect={() => router.push(row.href, { scroll: false })}>
            Open
          </MenuItem>
          <MenuItem icon="square-arrow-out-up-right" onSelect={() => window.open(row.href, "_blank", "noopener")}>
            Open in a new tab
          </MenuItem>
          <MenuItem icon="link" onSelect={copy}>
            Copy the link
          </MenuItem>
          {(onSelect || onFilter) && <MenuSeparator />}
          {onSelect && (
            <MenuItem icon="check" onSelect={onSelect}>
              {isChosen ? "Take out of the selection" : "Select"}
            </MenuItem>
          )}
          {onFilter && (
            <MenuItem icon="list-filter" onSelect={onFilter}>
              Filter by this cell
            </MenuItem>
          )}
          {links.length > 0 && <MenuSeparator />}
          {links.map(({ href, text, of }) => (
            <MenuItem key={href} icon="arrow-right" onSelect={() => router.push(href)}>
              <span className="truncate">
                <span className="text-ink-3">{of}</span> {text}
              </span>
            </MenuItem>
          ))}
        </layers.MenuLayer>
      )}
    </>
  );
}

/** The other things that a row names, each with the head of its column. */
function linksOf(cell: HTMLTableCellElement): { href: string; text: string; of: string }[] {
  const heads = cell.closest("table")?.tHead?.rows[0]?.cells;
  const found = [...(cell.parentElement?.querySelectorAll<HTMLAnchorElement>("a[data-cell-link]") ?? [])].map((link) => ({
    href: link.pathname + link.search,
    text: link.textContent.trim(),
    of: heads?.[link.closest("td")?.cellIndex ?? -1]?.textContent.trim() ?? "",
  }));
  return found.filter((link, at) => link.text && found.findIndex(({ href }) => href === link.href) === at);
}
