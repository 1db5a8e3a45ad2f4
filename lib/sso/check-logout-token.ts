import "server-only";
import { CLOCK_TOLERANCE_S } from "./openid";
import { providerKeys } from "./provider-keys";
import { type OidcSettings, SignInRefused } from "./schema";
import { isSigned, isTakenAlgorithm } from "./verify-jws";

// Our gate for a provider's logout token (OpenID Connect Back-Channel Logout 1.0 §2.4, §2.6): signature, issuer, audience, time, event, and that
// it is nothing else that the provider signed. That it is taken once is decided where the sessions end (back-channel-logout.ts).

const EVENT = "http://schemas.openid.net/event/backchannel-logout";
const MAX_TOKEN = 16 * 1_024;
/** How old one may be, for providers that say no end. */
const MAX_AGE_S = 5 * 60;
const TYPES = ["jwt", "logout+jwt", "application/logout+jwt"];

/** Whom a token names: `sessionIndexes` empty, all sessions of the subject; `subject` null, whoever's the session is. `endsAt`: until when its id is remembered. */
export type LogoutToken = { id: string; endsAt: string; subject: string | null; sessionIndexes: string[] };

const refuse = (detail: string) => new SignInRefused("oidc.token", detail);
type Claims = Record<string, unknown>;

/** Errors: SignInRefused with the claim that is wrong; AppError when the provider's keys can't be read. */
export async function checkLogoutToken(token: string, { issuer, clientId }: OidcSettings, now: Date): Promise<LogoutToken> {
  const { header, claims, signed, signature } = partsOf(token);
  // What costs nothing first: keys are read only for what says that it is this provider's.
  if (claims.iss !== issuer) throw refuse("iss");
  if (![claims.aud].flat().includes(clientId)) throw refuse("aud");
  if (header.crit !== undefined) throw refuse("crit");
  if (header.typ !== undefined && !TYPES.includes(String(header.typ).toLowerCase())) throw refuse("typ");
  const { alg, kid } = header;
  if (!isTakenAlgorithm(alg) || (kid !== undefined && typeof kid !== "string")) throw refuse("alg");
  const { keys, algorithms } = await providerKeys(issuer, kid);
  if (algorithms && !algorithms.includes(alg)) throw refuse("alg");
  if (!isSigned({ alg, signed, signature }, keys)) throw refuse("signature");
  return read(claims, now.getTime() / 1_000);
}

function read(claims: Claims, seconds: number): LogoutToken {
  const { iat, exp, nbf, jti, sub, sid } = claims;
  if (typeof iat !== "number" || iat > seconds + CLOCK_TOLERANCE_S || iat < seconds - MAX_AGE_S - CLOCK_TOLERANCE_S) throw refuse("iat");
  if (exp !== undefined && !(typeof exp === "number" && exp > seconds - CLOCK_TOLERANCE_S)) throw refuse("exp");
  if (nbf !== undefined && !(typeof nbf === "number" && nbf <= seconds + CLOCK_TOLERANCE_S)) throw refuse("nbf");
  const event = isRecord(claims.events) ? claims.events[EVENT] : undefined;
  if (!isRecord(event)) throw refuse("events");
  // An id token has one: it must never pass for a word to sign out.
  if ("nonce" in claims) throw refuse("nonce");
  if (!isName(jti)) throw refuse("jti");
  if (sub === undefined && sid === undefined) throw refuse("sub");
  if (sub !== undefined && !isName(sub)) throw refuse("sub");
  if (sid !== undefined && !isName(sid)) throw refuse("sid");
  const endsAt = new Date((iat + MAX_AGE_S + 2 * CLOCK_TOLERANCE_S) * 1_000).toISOString();
  return { id: `logout ${jti}`, endsAt, subject: sub ?? null, sessionIndexes: sid === undefined ? [] : [sid] };
}

function partsOf(token: string) {
  if (token.length > MAX_TOKEN) throw refuse("size");
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw refuse("malformed");
  const [header = "", payload = "", signature = ""] = token.split(".");
  return { header: objectOf(header), claims: objectOf(payload), signed: `${header}.${payload}`, signature: Buffer.from(signature, "base64url") };
}

function objectOf(part: string): Claims {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    throw refuse("malformed");
  }
  if (!isRecord(value)) throw refuse("malformed");
  return value;
}

const isRecord = (value: unknown): value is Claims => typeof value === "object" && value !== null && !Array.isArray(value);
const isName = (value: unknown): value is string => typeof value === "string" && value.length > 0 && value.length <= 1_024;
