import "server-only";
import { type Conversation, CLOCK_TOLERANCE_S } from "./openid";
import { type Said, SignInRefused } from "./schema";

// Our gate after the library's OpenID client. The client has checked signature, issuer, audience, nonce and end; what its defaults leave open
// is decided here (OIDC Core §3.1.3.7, §5.3.2).

const MAX_TOKEN = 64 * 1024;
const MAX_VALUES = 2_000;
const MAX_VALUE = 2_000;

/** What the provider said, from the id token and, where it says more, the userinfo endpoint. Error: SignInRefused. */
export function checkIdToken({ settings, idToken, userinfo }: Conversation, now: Date): Said {
  const claims = payloadOf(idToken);
  if (claims.iss !== settings.issuer) throw new SignInRefused("oidc.issuer", "iss");
  const audience = [claims.aud].flat();
  if (!audience.includes(settings.clientId)) throw new SignInRefused("oidc.token", "aud");
  if (audience.length > 1 && claims.azp === undefined) throw new SignInRefused("oidc.token", "azp");
  if (claims.azp !== undefined && claims.azp !== settings.clientId) throw new SignInRefused("oidc.token", "azp");
  const seconds = now.getTime() / 1_000;
  if (typeof claims.exp !== "number" || claims.exp < seconds - CLOCK_TOLERANCE_S) throw new SignInRefused("oidc.token", "exp");
  if (typeof claims.iat !== "number" || claims.iat > seconds + CLOCK_TOLERANCE_S) throw new SignInRefused("oidc.token", "iat");
  if (claims.nbf !== undefined && !(Number(claims.nbf) <= seconds + CLOCK_TOLERANCE_S)) throw new SignInRefused("oidc.token", "nbf");
  if (typeof claims.sub !== "string" || claims.sub.length < 1 || claims.sub.length > 255) throw new SignInRefused("oidc.token", "sub");
  if (userinfo && userinfo.sub !== claims.sub) throw new SignInRefused("oidc.token", "userinfo");
  const all = { ...userinfo, ...claims };
  return {
    subject: claims.sub,
    claims: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, valuesOf(value)])),
    sessionEndsAt: null,
    sessionIndex: typeof claims.sid === "string" ? claims.sid : null,
    nameIdFormat: null,
    emailVerified: verifiedOf(all.email_verified),
  };
}

function payloadOf(token: string | undefined): Record<string, unknown> {
  if (!token || token.length > MAX_TOKEN) throw new SignInRefused("oidc.token", "missing");
  try {
    return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
  } catch {
    throw new SignInRefused("oidc.token", "unreadable");
  }
}

const valuesOf = (value: unknown): string[] =>
  [value]
    .flat()
    .filter((one) => one !== null && one !== undefined)
    .slice(0, MAX_VALUES)
    .map((one) => (typeof one === "object" ? JSON.stringify(one) : String(one)).slice(0, MAX_VALUE));

/** Some providers send the words; everything but a clear yes is a no. */
const verifiedOf = (value: unknown): boolean | null => (value === undefined || value === null ? null : value === true || value === "true");
