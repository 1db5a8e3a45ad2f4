import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { randomUUID } from "node:crypto";
import { LosslessNumber, parse, stringify } from "lossless-json";

// The shapes of the zenml wire: envelopes, pages, naive times, and JSON text that must come back exactly as it was sent (a float
// written 2.0 stays 2.0: the client compares types).

/** Unknown outside this process: what clients send can't be taken for a mark. */
const MARK = `raw:${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}(\\d+)"`, "g");

/** The texts of the answer that is being serialized. */
let parts: string[] = [];

/** JSON text to be embedded as it is. `toJSON` leaves a mark that `serialize` replaces: a replacer would be called for every value. */
export class RawJson {
  constructor(readonly text: string) {}

  toJSON(): string {
    return `${MARK}${parts.push(this.text) - 1}`;
  }
}

/** Embeds JSON text verbatim in an answer; null stays null. */
export const raw = (text: string | null | undefined): RawJson | null => (text == null ? null : new RawJson(text));

/** Serializes an answer with its verbatim parts. */
export function serialize(value: unknown): string {
  parts = [];
  const text = JSON.stringify(value) ?? "null";
  const texts = parts;
  return texts.length === 0 ? text : text.replace(MARKED, (_all, index: string) => texts[Number(index)] as string);
}

/** Keeps the spelling of every number that is not a plain safe integer. */
const parseNumber = (text: string): number | LosslessNumber => (/^-?\d{1,15}$/.test(text) && text !== "-0" ? Number(text) : new LosslessNumber(text));

/** Parses JSON so that `stringifyVerbatim` gives back the same numbers. */
export function parseVerbatim(text: string): unknown {
  try {
    return parse(text, null, parseNumber);
  } catch (cause) {
    // A key that comes twice, or deeper than anything real: the plain parser lets both pass.
    throw new AppError("invalid_input", "The body is not JSON that can be kept: a key comes twice, or it is too deep.", { cause });
  }
}

/** The inverse of `parseVerbatim`. */
export const stringifyVerbatim = (value: unknown): string => stringify(value) ?? "null";

/** The JSON text of one part of a body, numbers spelled as sent; undefined when it is not there. */
export function verbatim(rawBody: string, path: readonly (string | number)[]): string | undefined {
  let value: unknown = parseVerbatim(rawBody);
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value === undefined ? undefined : stringifyVerbatim(value);
}

/** Reeve's `2026-11-22T18:10:05.726252Z` → the wire's naive UTC with six digits. */
export const naive = (time: string): string => (time.endsWith("Z") ? time.slice(0, -1) : time);

export const naiveOrNull = (time: string | null | undefined): string | null => (time == null ? null : naive(time));

/** The client's naive time (or one with a zone) → UTC for the database. */
export const utc = (time: string): string => (/(Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`);

export type Envelope = {
  id: string;
  name?: string | null;
  body: Record<string, unknown> | null;
  metadata: Record<string, unknown> | RawJson | null;
  resources: Record<string, unknown> | null;
  permission_denied: boolean;
};

/** An entity. Leave `name` out for kinds that have none. */
export function entity(parts: {
  id: string;
  name?: string | null;
  body: Record<string, unknown>;
  metadata?: Record<string, unknown> | null;
  resources?: Record<string, unknown> | null;
}): Envelope {
  const { id, name, body, metadata = null, resources = null } = parts;
  return { body, metadata, resources, id, permission_denied: false, ...(name === undefined ? {} : { name }) };
}

/** What the reader may not read inside something that they may: its id and name, and that the rest is not theirs to see (PERMISSIONS §3 rule 5). */
export const denied = ({ id, name }: Pick<Envelope, "id" | "name">): Envelope => ({
  id,
  body: null,
  metadata: null,
  resources: null,
  permission_denied: true,
  ...(name === undefined ? {} : { name }),
});

/** `created` and `updated` of a row. */
export const times = (row: { created_at: string; updated_at: string }) => ({ created: naive(row.created_at), updated: naive(row.updated_at) });

export type Page<T> = { index: number; max_size: number; total_pages: number; total: number; items: T[] };

/** A page. An empty result has one page. */
export function pageOf<T>(items: T[], total: number, page: number, size: number): Page<T> {
  return { index: page, max_size: size, total_pages: Math.max(1, Math.ceil(total / size)), total, items };
}
