// Conditions in a row, where `or` says that one of this and the one before it is enough: (a or b) and c is a, b with or, c.

type Joined = { or?: boolean };

/** The runs of conditions of which one is enough. */
export function orGroups<T extends Joined>(conditions: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const condition of conditions) {
    const last = groups.at(-1);
    if (condition.or && last) last.push(condition);
    else groups.push([condition]);
  }
  return groups;
}

/** Without the one at that place; what followed it in its group stays a group. */
export function withoutOne<T extends Joined>(conditions: readonly T[], at: number): T[] {
  const isFirst = !conditions[at]?.or;
  return conditions.flatMap((condition, index) => {
    if (index === at) return [];
    return index === at + 1 && isFirst && condition.or ? [{ ...condition, or: undefined }] : [condition];
  });
}

/** All of `kept`, and of the others what they say together: all of them, or with `matchesAny` one. To be read as conditions that all hold. */
export const keptWithin = <T extends Joined>(conditions: readonly T[], matchesAny: boolean, kept: readonly T[]): T[] => [
  ...conditions.map((condition, at) => (matchesAny && at > 0 ? { ...condition, or: true } : condition)),
  ...kept,
];
