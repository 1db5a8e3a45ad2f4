// The pages that were open in this tab last, for the palette. Kept by the tab alone and for one person: nothing stays for the next one.

export type Recent = { href: string; label: string };

const KEY = "reeve.recent";
const AT_MOST = 8;

type Kept = { person: string; pages: Recent[] };

function read(person: string): Recent[] {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Kept | null;
    return kept?.person === person ? kept.pages : [];
  } catch {
    return [];
  }
}

/** The pages, the last one first, without the one that is open. */
export const recentPages = (person: string): Recent[] => read(person).filter((page) => page.href !== location.pathname);

/** Notes that a page is open. */
export function keepRecent(person: string, page: Recent): void {
  try {
    const pages = [page, ...read(person).filter((known) => known.href !== page.href)].slice(0, AT_MOST);
    sessionStorage.setItem(KEY, JSON.stringify({ person, pages } satisfies Kept));
  } catch {
    // no storage, no list
  }
}
