// A view's search string: what a list's address may keep. Only known keys, in one form, of a bounded size; what a list does not know is
// dropped when the view is opened, with a note, as from any address.

const KEPT = new Set(["f", "match", "sort", "cols"]);
export const MAX_QUERY = 2_000;
const MAX_PARTS = 20;

/** The search string in its one form; undefined when it is too large or names something that no view keeps. */
export function viewQuery(text: string): string | undefined {
  if (text.length > MAX_QUERY * 3) return undefined;
  const parts = [...new URLSearchParams(text)];
  if (parts.length > MAX_PARTS || parts.some(([key, value]) => !KEPT.has(key) || /\p{Cc}/u.test(value))) return undefined;
  const query = parts.map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll("%2C", ",").replaceAll("%3A", ":")}`).join("&");
  return query.length > MAX_QUERY ? undefined : query && `?${query}`;
}
