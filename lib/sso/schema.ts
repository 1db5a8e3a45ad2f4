import { z } from "zod";

// What a connection to an identity provider is, for forms, pages and the engine.

export const PROVIDERS = {
  okta: "Okta",
  entra: "Microsoft Entra ID",
  google: "Google Workspace",
  keycloak: "Keycloak",
  generic: "Another provider",
} as const;
export type Provider = keyof typeof PROVIDERS;
export const PROTOCOLS = { saml: "SAML 2.0", oidc: "OpenID Connect" } as const;
export type Protocol = keyof typeof PROTOCOLS;

/** A name in addresses: part of the connection's entity id and ACS URL, so it never changes. */
export const connectionSlug = z
  .string()
  .trim()
  .regex(/^[a-z][a-z0-9-]{1,62}$/, "Small letters, digits and hyphens, beginning with a letter; at least two.");

const url = z.url({ protocol: /^https?$/, error: "An address that begins with https://." }).max(2_000);

/** What we know of a SAML identity provider. `certificates`: PEM, those it signs with; two during a rollover. */
export const samlSettings = z.strictObject({
  issuer: z.string().trim().min(1).max(1_024),
  ssoUrl: url,
  ssoBinding: z.enum(["redirect", "post"]),
  sloUrl: url.nullable(),
  certificates: z.array(z.string().max(20_000)).min(1).max(10),
  /** Where the metadata was read from; null when it was a file or fields. */
  metadataUrl: url.nullable(),
});
export type SamlSettings = z.output<typeof samlSettings>;

/** What we know of an OpenID provider; its endpoints and keys come from discovery at the issuer. */
export const oidcSettings = z.strictObject({
  issuer: url,
  clientId: z.string().trim().min(1).max(400),
  scopes: z.array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/)).max(20),
  endSessionUrl: url.nullable(),
});
export type OidcSettings = z.output<typeof oidcSettings>;

const attributeName = z.string().trim().min(1).max(300);
/** Which attribute or claim holds what. `name` alone, or `givenName` and `familyName`; without `groups` none are read. */
export const attributeMap = z.strictObject({
  email: attributeName,
  name: attributeName.nullable(),
  givenName: attributeName.nullable(),
  familyName: attributeName.nullable(),
  groups: attributeName.nullable(),
});
export type AttributeMap = z.output<typeof attributeMap>;

/** Why a sign-in is refused, with what to do about it: said to who signs in, and written in the attempt. */
export const REFUSALS = {
  "saml.signature_scope": "The signature does not cover the assertion that was sent.",
  "saml.unsigned": "Neither the response nor the assertion is signed.",
  "saml.signature": "The signature was not made with a certificate of this connection.",
  "saml.algorithm": "The signature uses an algorithm that is not accepted.",
  "saml.malformed": "The response is not a SAML response that can be read safely.",
  "saml.too_large": "The response is too large.",
  "saml.status": "The identity provider answered that it did not sign the person in.",
  "saml.issuer": "The response comes from another issuer than this connection's.",
  "saml.audience": "The response is meant for another service.",
  "saml.recipient": "The response was sent to another address.",
  "saml.time": "The response is not valid at this time; the clocks may differ.",
  "saml.conditions": "The response does not say how long and for whom it is valid.",
  "saml.in_response_to": "The response answers no sign-in of this browser.",
  "saml.replayed": "This response was used before.",
  "saml.unsolicited": "This connection does not take sign-ins that begin at the identity provider.",
  "saml.decryption": "The assertion could not be decrypted with our key.",
  "saml.subject": "The response names nobody.",
  "oidc.state": "The answer belongs to no sign-in of this browser.",
  "oidc.issuer": "The answer comes from another issuer than this connection's.",
  "oidc.token": "The identity provider's token is not valid.",
  "oidc.provider": "The identity provider answered with an error.",
  "oidc.unreachable": "The identity provider could not be reached.",
  "oidc.code_reused": "This sign-in was used before.",
  connection_off: "This connection is switched off.",
  no_email: "The identity provider sent no e-mail address.",
  email_unverified: "The identity provider says that the e-mail address is not verified.",
  domain_not_proven: "The e-mail address's domain is not proven for this connection.",
  needs_proof: "A System Admin's account is linked from within: sign in as usual, then link it in My account.",
  no_account: "There is no account for this person, and the connection makes none.",
  account_ended: "This account has ended.",
  other_account: "This identity belongs to another account.",
  library: "The sign-in library refused the answer.",
} as const;
export type Refusal = keyof typeof REFUSALS;

/** A refused sign-in: `code` says why in our words, `detail` is for the attempt's record only (no token, no value from outside). */
export class SignInRefused extends Error {
  constructor(
    readonly code: Refusal,
    readonly detail?: string,
  ) {
    super(REFUSALS[code]);
  }
}

/** What an identity provider said of a person, after the gate. `claims`: attribute → values as sent. */
export type Said = {
  subject: string;
  claims: Record<string, string[]>;
  /** SAML: the assertion's id and its last moment, for use once. */
  assertion?: { id: string; endsAt: string };
  /** ISO 8601, when the provider says the session has to end; null: it does not say. */
  sessionEndsAt: string | null;
  sessionIndex: string | null;
  nameIdFormat: string | null;
  /** OIDC: what email_verified said; null when it was not sent. */
  emailVerified: boolean | null;
};

export type AttemptMode = "sign_in" | "test" | "link";
/** A step of an attempt. `detail` holds no secrets. */
export type AttemptStep = { at: string; step: string; ok: boolean; detail?: string };

/** Addresses and names of our side of a connection. `base`: REEVE_URL without a slash at its end. */
export const serviceAddresses = (base: string, slug: string) => ({
  entityId: `${base}/api/sso/${slug}/metadata`,
  acsUrl: `${base}/api/sso/${slug}/acs`,
  sloUrl: `${base}/api/sso/${slug}/logout`,
  redirectUrl: `${base}/api/sso/oidc`,
});
