import { type Answer, type Connection, ProviderError, type Value } from "./contract";

// Reading what the providers that speak JSON are given and answered: all but Amazon's and the registries'.

export const textOf = (value: Value | unknown): string | null => (typeof value === "string" && value.trim() ? value.trim() : null);

/** A value that the method needs. Error: ProviderError "misconfigured". */
export function needed({ values }: Connection, field: string, words: string): string {
  const text = textOf(values[field]);
  if (!text) throw new ProviderError("misconfigured", `${words} is missing.`);
  return text;
}

export type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

export const objectAt = (value: unknown, key: string): Json => {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
};

export const listAt = (value: unknown, key: string): Json[] => {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
};

/** Error: ProviderError "unreadable-answer" for what is no JSON object. */
export function jsonOf(answer: Answer, who: string): Json {
  const parsed = parsedOrNull(answer.body.toString("utf8"));
  if (!parsed) throw new ProviderError("unreadable-answer", `${who} answered something that is no JSON.`);
  return parsed;
}

/** A key file that somebody pasted. Error: ProviderError "misconfigured". */
export function keyFile(connection: Connection, field: string, words: string): Json {
  const parsed = parsedOrNull(needed(connection, field, words));
  if (!parsed) throw new ProviderError("misconfigured", `${words} is no JSON.`);
  return parsed;
}

export function parsedOrNull(text: string): Json | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}

/** Error: ProviderError for what is no success; `refusedWords` say what may be missing where the peer refuses. */
export function accepted(answer: Answer, who: string, refusedWords?: string): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  const code = codeOf(answer);
  if (answer.status === 404) throw new ProviderError("not-found", `${who} has no such thing.`, code);
  if (answer.status === 429 || answer.status >= 500) throw new ProviderError("unreachable", `${who} could not answer (status ${answer.status}).`, code);
  throw new ProviderError("refused", refusedWords ?? `${who} refused the call (status ${answer.status}).`, code);
}

/**
 * The peer's own code, wherever it stands: `AADSTS7000215` in Entra's text, a header (Azure Storage), OAuth's `error` (RFC 6749 §5.2), the status
 * or code of an `error` object (Google, Azure), the `reason` of a Kubernetes Status. Underscores become dashes, as in all our codes.
 */
export function codeOf(answer: Answer): string | null {
  const header = textOf(answer.headers["x-ms-error-code"]);
  const body = parsedOrNull(answer.body.toString("utf8"));
  const { error } = body ?? {};
  const entra = /^AADSTS\d{3,8}/.exec(textOf(body?.error_description) ?? "")?.[0];
  const found = entra ?? header ?? textOf(error) ?? textOf(objectAt(body, "error").status) ?? textOf(objectAt(body, "error").code) ?? textOf(body?.reason);
  return found?.replaceAll("_", "-") ?? null;
}

/** What carries a form. */
export const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { ...headers, "content-type": "application/x-www-form-urlencoded", accept: "application/json" },
  body: new URLSearchParams(fields).toString(),
});

/** What carries JSON. */
export const posted = (body: unknown, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { ...headers, "content-type": "application/json", accept: "application/json" },
  body: JSON.stringify(body),
});

/** When an answer with `expires_in` ends; null where it does not say (RFC 6749 §5.1). */
export function endOf(answer: Json, now: Date): Date | null {
  const seconds = Number(answer.expires_in);
  return Number.isFinite(seconds) && seconds > 0 && answer.expires_in !== null ? new Date(now.getTime() + seconds * 1_000) : null;
}

/** The claims of a JWT that is ours to read and nobody's to believe; null for what is none. */
export function claimsOf(token: string): Json | null {
  const [, payload, signature] = token.split(".");
  return payload && signature !== undefined ? parsedOrNull(Buffer.from(payload, "base64url").toString("utf8")) : null;
}

/** What stands between each opening mark and the next closing one. In one pass: an expression would begin anew at every mark that nothing closes. */
export function between(text: string, opening: string, closing: string): string[] {
  const found: string[] = [];
  for (let at = text.indexOf(opening); at !== -1; ) {
    const from = at + opening.length;
    const to = text.indexOf(closing, from);
    if (to === -1) break;
    found.push(text.slice(from, to));
    at = text.indexOf(opening, to + closing.length);
  }
  return found;
}
