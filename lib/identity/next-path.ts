// Where to go after sign-in. Only a path of this installation: anything that a browser could read as another origin gives the home page.

const BASE = "https://own.invalid";

/** The path of `next` (with query and fragment) when it is one of ours, otherwise "/". */
export function ownPath(next: unknown): string {
  if (typeof next !== "string" || next.length > 2_000) return "/";
  // One slash and then a name: no `//host`, no `/\host`. Control characters, blanks and backslashes are dropped or turned by browsers.
  if (!/^\/(?![/\\])[^\\\s\p{Cc}\p{Cf}]*$/u.test(next)) return "/";
  if (!URL.canParse(next, BASE)) return "/";
  const url = new URL(next, BASE);
  if (url.origin !== BASE || url.pathname.startsWith("//") || /%(?:2f|5c|[01][0-9a-f]|7f)/i.test(url.pathname)) return "/";
  if (/^\/(?:api|sign-in|sign-out|setup)(?:\/|$)/.test(url.pathname)) return "/";
  return url.pathname + url.search + url.hash;
}
