import { importPKCS8, SignJWT } from "jose";
import { type Call, type Connection, ProviderError } from "../contract";
import { accepted, endOf, form, type Json, jsonOf, keyFile, needed, parsedOrNull, posted, textOf } from "../reading";
import { subjectToken } from "./subject-token";

// An access token of the connection's main key, by each method: a signed JWT (RFC 7523), a refresh token, a token exchange (RFC 8693), an impersonation.

export const SCOPE = "https://www.googleapis.com/auth/cloud-platform";
const TOKEN_URL = "https://oauth2.googleapis.com/token";
const IMPERSONATION = "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts";
const ASSERTION_SECONDS = 3_600;
export const GOOGLE = "Google";

export interface Token {
  token: string;
  expiresAt: Date | null;
  actsAs: string | null;
}

function field(key: Json, name: string): string {
  const text = textOf(key[name]);
  if (!text) throw new ProviderError("misconfigured", `The key file has no ${name}.`);
  return text;
}

async function tokenOf(url: string, fields: Record<string, string>, call: Call, actsAs: string | null): Promise<Token> {
  const answer = jsonOf(accepted(await call.send(url, form(fields)), GOOGLE, "Google refused the key."), GOOGLE);
  const token = textOf(answer.access_token);
  if (!token) throw new ProviderError("unreadable-answer", "Google's answer has no access token.");
  return { token, expiresAt: endOf(answer, call.now()), actsAs };
}

async function ofServiceAccount(key: Json, call: Call): Promise<Token> {
  const [email, url] = [field(key, "client_email"), textOf(key.token_uri) ?? TOKEN_URL];
  const signing = await importPKCS8(field(key, "private_key"), "RS256").catch(() => {
    throw new ProviderError("misconfigured", "The key file's private key can't be read.");
  });
  const now = Math.floor(call.now().getTime() / 1_000);
  const assertion = await new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(textOf(key.private_key_id) ? { kid: field(key, "private_key_id") } : {}) })
    .setIssuer(email)
    .setAudience(url)
    .setIssuedAt(now)
    .setExpirationTime(now + ASSERTION_SECONDS)
    .sign(signing);
  return tokenOf(url, { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion }, call, email);
}

const ofUser = (key: Json, call: Call): Promise<Token> =>
  tokenOf(
    textOf(key.token_uri) ?? TOKEN_URL,
    {
      grant_type: "refresh_token",
      client_id: field(key, "client_id"),
      client_secret: field(key, "client_secret"),
      refresh_token: field(key, "refresh_token"),
    },
    call,
    textOf(key.account),
  );

async function ofWorkload(key: Json, call: Call): Promise<Token> {
  const fields = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    audience: field(key, "audience"),
    scope: SCOPE,
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
    subject_token: await subjectToken(key, call),
    subject_token_type: field(key, "subject_token_type"),
  };
  const federated = await tokenOf(textOf(key.token_url) ?? "https://sts.googleapis.com/v1/token", fields, call, null);
  const url = textOf(key.service_account_impersonation_url);
  return url ? impersonated(url, federated.token, ASSERTION_SECONDS, call) : federated;
}

/** A token of a service account, by one that may make them. */
async function impersonated(url: string, token: string, seconds: number, call: Call): Promise<Token> {
  const [, email = null] = /serviceAccounts\/([^/:]+@[^/:]+):generateAccessToken$/.exec(url) ?? [];
  const refused = `Google refuses a token of ${email ?? "the service account"}: the main key needs the role Service Account Token Creator on it.`;
  const answer = jsonOf(
    accepted(await call.send(url, posted({ scope: [SCOPE], lifetime: `${seconds}s` }, { authorization: `Bearer ${token}` })), GOOGLE, refused),
    GOOGLE,
  );
  const [made, end] = [textOf(answer.accessToken), new Date(String(answer.expireTime))];
  if (!made || Number.isNaN(end.getTime())) throw new ProviderError("unreadable-answer", "Google's answer has no access token with an end.");
  return { token: made, expiresAt: end, actsAs: email };
}

const OF_KEY: Record<string, (key: Json, call: Call) => Promise<Token>> = {
  service_account: ofServiceAccount,
  authorized_user: ofUser,
  external_account: ofWorkload,
};

async function ofHost(call: Call): Promise<Token> {
  if (!call.host) throw new ProviderError("misconfigured", "Implicit methods are switched off on this server.");
  const file = call.host.variable("GOOGLE_APPLICATION_CREDENTIALS");
  const key = parsedOrNull((file && (await call.host.file(file))) || "");
  const take = OF_KEY[textOf(key?.type) ?? ""];
  if (!key || !take)
    throw new ProviderError("misconfigured", "This server has no Google identity of its own: GOOGLE_APPLICATION_CREDENTIALS names no key file.");
  return take(key, call);
}

/** What the tenant's key file may not do: read this machine's files is what the operator's own may (`ofHost`). */
const withoutHost = (call: Call): Call => ({ ...call, host: null });

/** An access token of the connection. Error: ProviderError. */
export async function accessToken(connection: Connection, lifetime: number | null, call: Call): Promise<Token> {
  const { method, values } = connection;
  const own = withoutHost(call);
  if (method === "implicit") return ofHost(call);
  if (method === "user-account") return ofUser(keyFile(connection, "user_account_json", "The user's key file"), own);
  if (method === "external-account") return ofWorkload(keyFile(connection, "external_account_json", "The workload identity's file"), own);
  if (method === "oauth2-token") return { token: needed(connection, "token", "The token"), expiresAt: null, actsAs: textOf(values.service_account_email) };
  const main = await ofServiceAccount(keyFile(connection, "service_account_json", "The service account's key file"), own);
  if (method !== "impersonation") return main;
  const target = needed(connection, "target_principal", "The service account to act as");
  if (!/^[^\s/:@]+@[^\s/:@]+$/.test(target)) throw new ProviderError("misconfigured", "The service account to act as is no e-mail address of one.");
  const seconds = Math.min(lifetime ?? ASSERTION_SECONDS, ASSERTION_SECONDS);
  return impersonated(`${IMPERSONATION}/${target}:generateAccessToken`, main.token, seconds, own);
}

/** Says that Google takes a token that somebody gave; the others come from Google a moment ago. Error: ProviderError. */
export async function requireAccepted({ token }: Token, call: Call): Promise<void> {
  const answer = await call.send(`https://oauth2.googleapis.com/tokeninfo?access_token=${encodeURIComponent(token)}`);
  accepted(answer, GOOGLE, "Google doesn't accept the token: it may have expired.");
}
