import "server-only";

// What was to be reached and what was: collected while the figures come, said in one place at the end.

type Verdict = { what: string; seen: number; most: number };

export class Verdicts {
  readonly #all: Verdict[] = [];
  readonly #failed: string[] = [];

  /** Notes a figure that must be at most `most`. */
  atMost(what: string, seen: number, most: number): void {
    this.#all.push({ what, seen, most });
  }

  /** Notes that a row has no figures, because an answer was wrong: slow is a figure, wrong is not. */
  failed(what: string, error: unknown): void {
    this.#failed.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }

  get hasFailed(): boolean {
    return this.#failed.length > 0;
  }

  get missed(): readonly Verdict[] {
    return this.#all.filter(({ seen, most }) => !(seen <= most));
  }

  /** Prints what was missed, by name, and how many targets held. */
  print(): void {
    if (this.hasFailed) console.log(`\n## Failed\n\n${this.#failed.map((line) => `- ${line}`).join("\n")}`);
    if (this.#all.length === 0) return;
    console.log(`\n## Against the targets\n\n${this.#all.length - this.missed.length} of ${this.#all.length} held.`);
    if (this.missed.length === 0) return;
    console.log("\n| missed | seen | at most |\n|---|---:|---:|");
    for (const { what, seen, most } of this.missed) console.log(`| ${what} | ${seen.toFixed(1)} | ${most} |`);
  }
}
