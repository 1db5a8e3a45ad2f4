/** A path segment as its text; undefined when it is not one: a malformed escape, or NUL, which names nothing. */
export function decodeSegment(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
