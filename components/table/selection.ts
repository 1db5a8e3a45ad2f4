"use client";

// Which rows of a list are chosen. It lasts from page to page of one filter and ends with it. "All" means every row that the filters match,
// on whichever page: what is done then takes the filters, not the ids.
import { useState } from "react";
import type { ListView } from "./list-params";

/**
 * What a bulk act gets: the ids, or with `isAll` the view whose filters say which rows. `count` is at least, while the total is not exact.
 * `expectLoss` says that rows are gone by what was done, so the next answer is shown as it is.
 */
export type Selection = { ids: string[]; isAll: boolean; count: number; clear: () => void; view: ListView; expectLoss: () => void };

export type Chosen = {
  /** The filter that this belongs to. */
  of: string;
  ids: ReadonlySet<string>;
  isAll: boolean;
  /** Where a range begins. */
  anchor: string | null;
};

export const nothing = (of: string): Chosen => ({ of, ids: new Set(), isAll: false, anchor: null });

const idsOf = (chosen: Chosen, page: readonly string[]) => new Set(chosen.isAll ? page : chosen.ids);

/** One row in or out. Out of "all" leaves the rest of this page. */
export function toggled(chosen: Chosen, id: string, page: readonly string[]): Chosen {
  const ids = idsOf(chosen, page);
  if (!ids.delete(id)) ids.add(id);
  return { ...chosen, ids, isAll: false, anchor: id };
}

/** Every row from the anchor to this one in; without an anchor on this page only this one. */
export function ranged(chosen: Chosen, id: string, page: readonly string[]): Chosen {
  const from = chosen.anchor === null ? -1 : page.indexOf(chosen.anchor);
  const to = page.indexOf(id);
  const ids = idsOf(chosen, page);
  for (const one of from < 0 ? [id] : page.slice(Math.min(from, to), Math.max(from, to) + 1)) ids.add(one);
  return { ...chosen, ids, isAll: false, anchor: from < 0 ? id : chosen.anchor };
}

/** The whole page in; out when it is in already. */
export function pageToggled(chosen: Chosen, page: readonly string[]): Chosen {
  const ids = idsOf(chosen, page);
  const isWhole = page.every((id) => ids.has(id));
  for (const id of page)
    if (isWhole) ids.delete(id);
    else ids.add(id);
  return { ...chosen, ids, isAll: false, anchor: null };
}

export type RowSelection = {
  count: number;
  isAll: boolean;
  has: (id: string) => boolean;
  /** How much of this page is chosen. */
  page: "none" | "some" | "all";
  toggle: (id: string, isRange: boolean) => void;
  togglePage: () => void;
  /** The whole page in, and never out. */
  choosePage: () => void;
  chooseAll: () => void;
  clear: () => void;
  asked: Selection;
};

type Place = { filter: string; page: readonly string[]; total: number } & Pick<Selection, "view" | "expectLoss">;

/** The selection of a list. `filter` names what is filtered by; `page` are the ids on screen, `total` what the filters match. */
export function useRowSelection({ filter, page, total, view, expectLoss }: Place): RowSelection {
  const [kept, keep] = useState<Chosen>(() => nothing(filter));
  const chosen = kept.of === filter ? kept : nothing(filter);
  const { ids, isAll } = chosen;
  const here = isAll ? page.length : page.filter((id) => ids.has(id)).length;
  const count = isAll ? total : ids.size;
  const clear = () => keep(nothing(filter));
  return {
    count,
    isAll,
    has: (id) => isAll || ids.has(id),
    page: here === 0 ? "none" : here === page.length ? "all" : "some",
    toggle: (id, isRange) => keep((isRange ? ranged : toggled)(chosen, id, page)),
    togglePage: () => keep(pageToggled(chosen, page)),
    choosePage: () => keep(isAll ? chosen : { ...chosen, ids: new Set([...ids, ...page]) }),
    chooseAll: () => keep({ ...chosen, ids: new Set(), isAll: true, anchor: null }),
    clear,
    asked: { ids: isAll ? [] : [...ids], isAll, count, clear, view, expectLoss },
  };
}
