// Spans of time: from an instant, that included, to another, that not; without an end they go on. Plain arithmetic over milliseconds.

export type Span = { from: number; to: number };

/** Where both hold. */
export const overlap = (a: Span, b: Span): Span | null => {
  const both = { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
  return both.from < both.to ? both : null;
};

/** Where one of the first and one of the second hold. */
export const intersect = (first: readonly Span[], second: readonly Span[]): Span[] => union(first.flatMap((a) => second.flatMap((b) => overlap(a, b) ?? [])));

/** The same spans without those that touch or lie within others, in order. */
export function union(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && span.from <= last.to) last.to = Math.max(last.to, span.to);
    else merged.push({ ...span });
  }
  return merged;
}

/** What is left of the first where none of the second holds. */
export function without(first: readonly Span[], second: readonly Span[]): Span[] {
  let left = union(first);
  for (const cut of second)
    left = left.flatMap((span) =>
      [
        { from: span.from, to: Math.min(span.to, cut.from) },
        { from: Math.max(span.from, cut.to), to: span.to },
      ].filter((part) => part.from < part.to),
    );
  return left;
}

/** Whether any of them holds at an instant of the question, both its ends included. */
export const within = (spans: readonly Span[], { from, to }: Span): Span[] => spans.filter((span) => span.from <= to && span.to > from);

/** A row's times as a span. */
export const spanOf = (row: { valid_from: string; valid_to: string | null }): Span => ({
  from: Date.parse(row.valid_from),
  to: row.valid_to === null ? Number.POSITIVE_INFINITY : Date.parse(row.valid_to),
});
