import "server-only";

// Which statements PostgreSQL is asked to keep prepared: those that come again and again. A kept statement is parsed once per connection
// and, where its plan doesn't hang on the values, planned once; each costs memory on every connection, so there is a most.

const TIMES_BEFORE = 4;
const MOST_KEPT = 250;
const MOST_WATCHED = 1_000;

/** Its index is found by the value: with the plan for any value there is none. */
const CHOSEN_BY_VALUE = /\bon conflict\s*\([^)]*\)\s*where\b/i;

export class StatementNames {
  readonly #names = new Map<string, string>();
  #seen = new Map<string, number>();

  /** The name to prepare a text under; undefined while it is not worth it. */
  of(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size >= MOST_KEPT) return name;
    const times = this.#seen.get(text) ?? 0;
    if (times === 0 && CHOSEN_BY_VALUE.test(text)) return undefined;
    if (times >= TIMES_BEFORE) {
      this.#seen.delete(text);
      const given = `reeve_${this.#names.size}`;
      this.#names.set(text, given);
      return given;
    }
    // Texts that never come back (long lists of values) don't fill the memory: counting starts anew.
    if (this.#seen.size >= MOST_WATCHED) this.#seen = new Map();
    this.#seen.set(text, times + 1);
    return undefined;
  }
}
