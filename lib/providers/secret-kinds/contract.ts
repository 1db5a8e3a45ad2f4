import type { Socket } from "node:net";
import { z } from "zod";

// What a kind of secrets is: the fields of its form, and where the service allows it one call that reads and changes nothing. A kind knows one
// outside service and nothing of Reeve: who may try it and what is recorded is decided by who calls it.

export type Values = Readonly<Record<string, string>>;

export interface Request {
  headers?: Record<string, string>;
  /** PEM certificates that are trusted instead of the usual ones. */
  ca?: string;
}

export interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
}

/** What a test may do outside; all of it is the outgoing guard's, and throws `NotWorked`. Plain connections reach private networks alone. */
export interface KindCall {
  /** A GET. */
  read(url: string, request?: Request): Promise<Answer>;
  /** A socket that connects to an address that was judged, whatever it is asked to connect to. */
  socket(host: string, port: number, options: { isPlain: boolean }): Socket;
  now(): Date;
}

/** Why a test did not work, in our words: what the other side says may quote the keys that it was sent (SEC-4). */
export class NotWorked extends Error {
  override name = "NotWorked";
  constructor(
    readonly outcome: "refused" | "unreachable",
    message: string,
  ) {
    super(message);
  }
}

export interface SecretKind {
  readonly kind: string;
  readonly title: string;
  readonly group: "LLM providers" | "Vector stores" | "Data sources";
  readonly about: string;
  /** Where a key is made, in the provider's own documents. */
  readonly docs: { label: string; url: string };
  readonly fields: z.ZodType<Record<string, string | undefined>>;
  /** Fields that say where the keys are sent: they change only together with the keys. */
  readonly address: readonly string[];
  /** Ports that its service has and that are otherwise not called. */
  readonly ports?: readonly number[];
  /** Reads once with the values and says in a sentence what worked, without any of them: who may not reveal reads it. Null where no call reads and changes nothing. */
  readonly test: ((values: Values, call: KindCall) => Promise<string>) | null;
  /** Why there is no test, or what the test was tried against instead of the real service. */
  readonly note: string;
}

export const NOT_RUN_AGAINST_THE_REAL = "Its test was written from the provider’s documents and not run against the real service.";

const ONE_WORD = /^[!-~]+$/;

/** A field that is shown while it is typed. */
export const plain = (title: string, description: string) =>
  z
    .string()
    .regex(/^[^\p{Cc}]+$/u, "This is one line.")
    .max(1_000, "At most 1,000 characters fit.")
    .meta({ title, description });
/** A field that is never shown. */
export const hidden = (title: string, description: string) => z.string().min(1, "This is needed.").meta({ title, description, writeOnly: true });
/** A key or token: one word, so that a line end that was copied with it is found here and not by the provider. */
export const token = (title: string, description: string) =>
  z
    .string()
    .regex(ONE_WORD, "A key has no spaces, no line ends and no letters beyond those of English: it may be copied with something around it.")
    .meta({ title, description, writeOnly: true });
const BARE = "Enter an address such as https://name.example, without anything behind it.";
export const address = (title: string, description: string) =>
  z
    .string()
    .regex(/^https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?$/, BARE)
    .refine((text) => URL.canParse(text), BARE)
    .meta({ title, description });
export const certificate = hidden("Certificate authority", "PEM of the authority that signed the server’s certificate, when it is your own.").optional();

export const withoutSlash = (url: string): string => url.replace(/\/+$/, "");

/** The answer as JSON. Errors: NotWorked for what is no success, and for what is no JSON. */
export function jsonOf(answer: Answer, who: string): Record<string, unknown> {
  requireAccepted(answer.status, who);
  try {
    const parsed: unknown = JSON.parse(answer.body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch {
    // said below
  }
  throw new NotWorked("unreachable", `what answers at this address is not ${who}.`);
}

/** How many entries a list of the answer has. Error: NotWorked where there is no such list. */
export function countOf(answer: Answer, who: string, list: string): number {
  const found = jsonOf(answer, who)[list];
  if (Array.isArray(found)) return found.length;
  throw new NotWorked("unreachable", `what answers at this address is not ${who}.`);
}

/** Error: NotWorked, with the status and nothing else of the answer. */
export function requireAccepted(status: number, who: string): void {
  if (status >= 200 && status < 300) return;
  if (status === 401) throw new NotWorked("refused", `${who} doesn’t accept the key (401).`);
  if (status === 403) throw new NotWorked("refused", `${who} knows the key, and it may not read this (403).`);
  if (status === 404) throw new NotWorked("refused", `${who} has nothing at this address (404).`);
  if (status === 429) throw new NotWorked("refused", `${who} takes no more calls with this key for now (429).`);
  if (status >= 500) throw new NotWorked("unreachable", `${who} couldn’t answer (${status}).`);
  throw new NotWorked("refused", `${who} refused the call (${status}).`);
}

/** "1 model", "3 models". */
export const many = (count: number, noun: string, nouns = `${noun}s`): string => `${count} ${count === 1 ? noun : nouns}`;
