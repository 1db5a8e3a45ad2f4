import "server-only";
import { z } from "zod";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { guardedFetch } from "@/lib/outgoing/guarded-fetch";
import { OutgoingError } from "@/lib/outgoing/judge-url";

// What is read of a provider before its connection is made: a document at an address that a person typed. Only through the guard, and what
// goes wrong is said in words, never in those of the other side.

const WHY: Record<OutgoingError["reason"], string> = {
  url: "This is no address that can be asked.",
  scheme: "The address has to begin with https://.",
  port: "The address names a port that is not asked.",
  address: "The address lies in a network that this server does not call. REEVE_ALLOW_NETWORKS opens networks of your own.",
  redirect: "The address sent the request on to one that can't be followed.",
  size: "The answer is too large.",
  time: "There was no answer in time.",
  connection: "No connection could be made.",
  tls: "The server's certificate is not trusted.",
};

/** Reads a document. Error: invalid_input, on the form's field, with why it could not be read. */
export async function readDocument(url: string, field: string): Promise<string> {
  const refused = (why: string) => new AppError("invalid_input", why, { fields: { [field]: why }, reason: "unreadable" });
  try {
    // Only a trial, which has no https itself, speaks http with its provider.
    const { status, body } = await guardedFetch(url, { allowHttp: !environment().isSecure });
    if (status !== 200) throw refused(`${url} answered with status ${status}, not with a document.`);
    return body.toString("utf8");
  } catch (error) {
    if (error instanceof OutgoingError) throw refused(WHY[error.reason]);
    throw error;
  }
}

const address = z.url({ protocol: /^https?$/ });
const discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: address,
  token_endpoint: address,
  jwks_uri: address,
  end_session_endpoint: address.optional(),
  id_token_signing_alg_values_supported: z.array(z.string()).optional(),
});

/** `algorithms`: what it says that it signs id tokens with, and so logout tokens. */
export type Discovered = { endSessionUrl: string | null; jwksUrl: string; algorithms: string[] | null };

/** Reads the discovery document of an OpenID issuer. Error: invalid_input when it can't be read, or is another issuer's (OIDC-15). */
export async function discover(issuer: string): Promise<Discovered> {
  const refused = (why: string) => new AppError("invalid_input", why, { fields: { issuer: why }, reason: "discovery" });
  const url = `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  const found = discovery.safeParse(fromJson(await readDocument(url, "issuer")));
  if (!found.success) throw refused(`${url} is no discovery document of OpenID Connect.`);
  // Byte for byte: an issuer that differs by a slash would be another one in every token.
  if (found.data.issuer !== issuer)
    throw refused(`The document there is of the issuer ${found.data.issuer.slice(0, 300)}. Enter it exactly so, or correct the address.`);
  const { end_session_endpoint: endSessionUrl = null, jwks_uri: jwksUrl, id_token_signing_alg_values_supported: algorithms = null } = found.data;
  return { endSessionUrl, jwksUrl, algorithms };
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
