// What an outside service must do that keeps the key over Reeve's master key. It never gives that key out: it seals 32 bytes, and opens them.

export interface Answer {
  status: number;
  body: Buffer;
}

/** What a service may do outside. `send` is the outgoing guard's. */
export interface Call {
  send(url: string, request: { method: string; headers: Record<string, string>; body: string }): Promise<Answer>;
}

export interface KeyService {
  /** Where it is and which key, in words that hold no credential. */
  readonly place: string;
  /** Seals 32 bytes; what it gives may be known to anybody. Error: KeyServiceError. */
  wrap(root: Buffer): Promise<string>;
  /** The inverse. Error: KeyServiceError. */
  unwrap(wrapped: string): Promise<Buffer>;
}

/** What went wrong, in our words. */
export class KeyServiceError extends Error {
  override name = "KeyServiceError";
}

/** A text of an answer's JSON. Errors: KeyServiceError for what is no success or has no such text. */
export function textOf({ status, body }: Answer, what: string, ...path: string[]): string {
  if (status >= 500 || status === 429) throw new KeyServiceError(`The service could not answer (status ${status}).`);
  if (status < 200 || status >= 300) throw new KeyServiceError(`${what} was refused by the service (status ${status}).`);
  let found: unknown;
  try {
    found = JSON.parse(body.toString("utf8"));
  } catch {
    // told below
  }
  for (const name of path) found = typeof found === "object" && found !== null ? (found as Record<string, unknown>)[name] : undefined;
  if (typeof found === "string" && found !== "") return found;
  throw new KeyServiceError("The service answered with something that can’t be read.");
}
