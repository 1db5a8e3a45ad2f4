// What must not reach the trail, a log line or an error: values under secret-looking keys, and text that looks like our credentials.

const SECRET_KEY = /(^|[_-])(password|passwd|secret|token|api[_-]?key|private[_-]?key|access[_-]?key|credential|authorization|cookie|hash|hmac)s?($|[_-])/i;
const SECRET_TEXT =
  /ZENKEY_[A-Za-z0-9+/=_-]+|\brv[lpw]_[A-Za-z0-9_.-]{20,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----|\b(AKIA|ASIA)[A-Z0-9]{16}\b/g;

export const REDACTED = "[redacted]";

/** Whether what stands under a name is a secret, by the name alone. */
export const namesSecret = (key: string): boolean => SECRET_KEY.test(key.replace(/([a-z])([A-Z])/g, "$1_$2"));

/** Text with everything that looks like a credential masked; of our own keys and tokens the kind and the last four signs stay (KEY-9). */
export const maskSecrets = (text: string): string =>
  text.replace(SECRET_TEXT, (found) => {
    const kind = /^(ZENKEY_|rv[lpw]_)/.exec(found)?.[1];
    return kind ? `${kind}…${found.slice(-4)}` : REDACTED;
  });

/** A copy with secrets replaced and long text cut; plain JSON data in and out. */
export const redact = (value: unknown): unknown => copy(value, CUT, 0);

/** A copy with secrets replaced and nothing cut, for those who read the thing itself. */
export const hideSecrets = (value: unknown): unknown => copy(value, WHOLE, 0);

const CUT = { text: 4_000, depth: 8, items: 200 };
/** Deeper than anything real: what can't be looked through is not shown. */
const WHOLE = { text: Number.POSITIVE_INFINITY, depth: 100, items: Number.POSITIVE_INFINITY };

function copy(value: unknown, limits: typeof CUT, depth: number): unknown {
  if (typeof value === "string") {
    const masked = maskSecrets(value);
    return masked.length > limits.text ? `${masked.slice(0, limits.text)}… (${masked.length} characters)` : masked;
  }
  if (typeof value !== "object" || value === null) return value;
  if (depth >= limits.depth) return "[deeper levels left out]";
  if (Array.isArray(value)) return value.slice(0, limits.items).map((item) => copy(item, limits, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, item !== null && item !== "" && namesSecret(key) ? REDACTED : copy(item, limits, depth + 1)]),
  );
}
