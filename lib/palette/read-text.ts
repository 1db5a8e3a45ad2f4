import { isUuid } from "@/lib/kernel/id";

// What a typed or pasted text may name, before anything is asked of the database.

export type Search = {
  /** The text, trimmed and in lower case; empty when there is nothing to look for. */
  text: string;
  /** As it was typed, and in lower case. */
  spellings: string[];
  id?: string;
  /** The ends of a range of ids that begin with the text. */
  idRange?: [string, string];
  /** The number of a run: "№ 12", "#12", "12". */
  number?: number;
  /** A digest: 64 hex digits, with or without "sha256:". */
  digest?: string;
};

const MAX_TEXT = 200;
const NUMBER = /^(?:№|#|no\.?\s)?\s*(\d{1,12})$/;
const DIGEST = /^(?:sha256:)?([0-9a-f]{40,64})$/;
const ID_PREFIX = /^[0-9a-f]{8}(-[0-9a-f]{0,4}(-[0-9a-f]{0,4}(-[0-9a-f]{0,4}(-[0-9a-f]{0,12})?)?)?)?$/;

/** Reads a text as a person types or pastes it. */
export function readText(raw: string): Search {
  const typed = raw.replaceAll("\u0000", "").trim().slice(0, MAX_TEXT);
  const text = typed.toLowerCase();
  const search: Search = { text, spellings: [...new Set([typed, text])] };
  const id: string | undefined = isUuid(text) ? text : undefined;
  if (id) return { ...search, id };
  const number = NUMBER.exec(text)?.[1];
  if (number) search.number = Number(number);
  const digest = DIGEST.exec(text)?.[1];
  if (digest) search.digest = digest;
  if (ID_PREFIX.test(text)) {
    const template = "00000000-0000-0000-0000-000000000000";
    search.idRange = [text + template.slice(text.length), text + template.replaceAll("0", "f").slice(text.length)];
  }
  return search;
}
