"use client";

import type { ShownLine } from "./log-view";
import { PAGE_ROWS } from "./page-rows";

// Asks the server for lines by their place and for the next match; what was read is kept by pages.

const KEPT_PAGES = 120;

export type Rows = { lines: ShownLine[]; row: number; rows: number; total: number; isWhole: boolean };
export type Step = { count: number; found: { place: number; line: number; row: number } | null; scanned: number; total: number; isWhole: boolean };
export type LogProblem = { message: string; fix?: string; requestId?: string };

export class LogRequestError extends Error {
  constructor(readonly problem: LogProblem) {
    super(problem.message);
  }
}

/** A log as the browser reads it, in one view of its level. */
export class LogSource {
  readonly pages = new Map<number, ShownLine[]>();

  constructor(
    readonly path: string,
    readonly level: number,
  ) {}

  /** The line of a row, when it was read. */
  line(row: number): ShownLine | undefined {
    return this.pages.get(Math.floor(row / PAGE_ROWS))?.[row % PAGE_ROWS];
  }

  /** Reads a page of rows. */
  async readPage(page: number, signal?: AbortSignal): Promise<Rows> {
    const begin = page * PAGE_ROWS;
    const rows = await this.ask<Rows>("", { row: String(begin), limit: String(PAGE_ROWS) }, signal);
    // Very long lines come in parts.
    while (rows.lines.length > 0 && begin + rows.lines.length < Math.min(rows.rows, begin + PAGE_ROWS)) {
      const rest = await this.ask<Rows>("", { row: String(begin + rows.lines.length), limit: String(PAGE_ROWS - rows.lines.length) }, signal);
      if (rest.lines.length === 0) break;
      rows.lines.push(...rest.lines);
    }
    this.pages.delete(page);
    this.pages.set(page, rows.lines);
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= KEPT_PAGES) break;
      this.pages.delete(oldest);
    }
    return rows;
  }

  /** The row at which a line stands. */
  async rowOf(line: number): Promise<number> {
    if (this.level === 0) return line - 1;
    const around = await this.ask<Rows>("", { line: String(line), limit: "200" });
    const place = around.lines.findIndex(({ number }) => number >= line);
    return place === -1 ? Math.max(0, around.rows - 1) : around.row + place;
  }

  step(q: string, from: number, isBackwards: boolean, signal: AbortSignal): Promise<Step> {
    return this.ask<Step>("/search", { q, from: String(from), back: isBackwards ? "1" : "0" }, signal);
  }

  async text(from: number, to: number): Promise<string> {
    const answer = await fetch(`${this.path}/download?${new URLSearchParams({ from: String(from), to: String(to), level: String(this.level) })}`);
    if (!answer.ok) throw new LogRequestError({ message: "The lines could not be read." });
    return answer.text();
  }

  private async ask<T>(below: string, query: Record<string, string>, signal?: AbortSignal): Promise<T> {
    const answer = await fetch(`${this.path}${below}?${new URLSearchParams({ ...query, level: String(this.level) })}`, { signal });
    const body = (await answer.json()) as T & { error?: LogProblem };
    if (!answer.ok) throw new LogRequestError(body.error ?? { message: "The server did not say why." });
    return body;
  }
}
