import { type Call, type Connection, ProviderError, type Value } from "../contract";
import { accepted, endOf, form, jsonOf, needed, textOf } from "../reading";

const WHO = "The token endpoint";
/** Headers that say how the call itself is carried: extra ones can't change them. */
const OWN_HEADERS = new Set(["host", "content-length", "content-type", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"]);

export interface Token {
  token: string;
  /** What the answer itself says; null where it says nothing. */
  expiresAt: Date | null;
  refreshToken: string | null;
}

const pairs = (value: Value | undefined): [string, string][] =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value as Record<string, string>) : [];

/** A name or secret as the basic scheme carries it: encoded as in a form first (RFC 6749 §2.3.1). */
const encoded = (text: string) => new URLSearchParams({ "": text }).toString().slice(1);

/** A form by which the client says who it is. Error: ProviderError "misconfigured". */
export function clientForm(connection: Connection, own: Record<string, string>) {
  const { values } = connection;
  const headers = Object.fromEntries(
    pairs(values.token_headers).flatMap(([name, value]) => (OWN_HEADERS.has(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]])),
  );
  const fields = { ...own };
  const [id, secret] = [needed(connection, "client_id", "The client's id"), textOf(values.client_secret)];
  if (secret && values.client_auth_method !== "client_secret_post") {
    headers.authorization = `Basic ${Buffer.from(`${encoded(id)}:${encoded(secret)}`).toString("base64")}`;
  } else {
    fields.client_id = id;
    if (secret) fields.client_secret = secret;
  }
  return form(fields, headers);
}

/** Error: ProviderError. */
export async function fetchToken(connection: Connection, call: Call): Promise<Token> {
  const { values, method } = connection;
  const url = needed(connection, "token_url", "The token endpoint's address");
  const fields: Record<string, string> = Object.fromEntries(pairs(values.token_params));
  if (method === "refresh-token") {
    Object.assign(fields, { grant_type: "refresh_token", refresh_token: needed(connection, "refresh_token", "The refresh token") });
  } else {
    fields.grant_type = "client_credentials";
    const audience = textOf(values.audience);
    if (audience) fields.audience = audience;
  }
  const scope = textOf(values.scope);
  if (scope) fields.scope = scope;
  const answer = jsonOf(accepted(await call.send(url, clientForm(connection, fields)), WHO, "The token endpoint refused the client."), WHO);
  const token = textOf(answer.access_token);
  if (!token) throw new ProviderError("unreadable-answer", "The token endpoint's answer has no access token.");
  return { token, expiresAt: endOf(answer, call.now()), refreshToken: textOf(answer.refresh_token) };
}

/** A refresh token that changes with each use would be spent by the first one who asks. Error: ProviderError "unsupported". */
export function requireStableRefreshToken({ method, values }: Connection, { refreshToken }: Token): void {
  if (method !== "refresh-token" || !refreshToken || refreshToken === values.refresh_token) return;
  throw new ProviderError(
    "unsupported",
    "This service gives a new refresh token at each use, and the one that was given may be spent now. Such tokens can't be kept here.",
  );
}

/** Says that the API takes the token: any answer but 401 and 403 does. Error: ProviderError. */
export async function tryApi(url: string, token: string, call: Call): Promise<void> {
  const { status } = await call.send(url, { method: "HEAD", headers: { authorization: `Bearer ${token}` } });
  if (status === 401 || status === 403) throw new ProviderError("refused", `The API doesn't accept the token (status ${status}).`);
  if (status >= 500) throw new ProviderError("unreachable", `The API could not answer (status ${status}).`);
}
