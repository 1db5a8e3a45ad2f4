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
  .regex(/^[a-z][a-z0-9-]{1,62}$/, "Small letters, digits and hyphens, beginning with a letter; at least two.")
  .refine((slug) => !["new", "authorize", "oidc"].includes(slug), "This name is taken by a page of ours.");

const url = z.url({ protocol: /^https?$/, error: "An address that begins with https://." }).max(2_000);

/** What we know of a SAML identity provider. `certificates`: PEM, those it signs with; two during a rollover. */
export const samlSettings = z.strictObject({
  issuer: z.string().trim().min(1).max(1_024),
  ssoUrl: url,
  ssoBinding: z.enum(["redirect", "post"]),
  sloUrl: url.nullable(),
  /** How messages of single logout go there; by redirect, where the provider takes both. */
  sloBinding: z.enum(["redirect", "post"]).default("redirect"),
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
  "saml.subject": "The response names nobody, or does not say that the person signed in (AuthnStatement).",
  "oidc.state": "The answer belongs to no sign-in of this browser.",
  "oidc.issuer": "The answer comes from another issuer than this connection's.",
  "oidc.token": "The identity provider's token is not valid.",
  "oidc.provider": "The identity provider answered with an error.",
  "oidc.unreachable": "The identity provider could not be reached.",
  "oidc.code_reused": "This sign-in was used before.",
  "saml.logout": "You are signed out here. Your identity provider did not confirm that it signed you out too: sign out there as well.",
  connection_off: "This connection is switched off.",
  no_email: "The identity provider sent no e-mail address.",
  email_unverified: "The identity provider says that the e-mail address is not verified.",
  domain_not_proven: "The e-mail address's domain is not proven for this connection.",
  needs_proof: "A System Admin's account is linked from within: sign in as usual, then link it in My account.",
  no_account: "There is no account for this person, and the connection makes none.",
  account_ended: "This account has ended.",
  other_account: "The identity provider's subject and our account don't belong together: another one was linked before.",
  not_signed_in: "Linking and testing need the session that they were begun in.",
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

/**
 * What an identity provider said of a person, after the gate. `claims`: attribute → values as sent. `assertion` (SAML): its id and its last moment,
 * for use once. `sessionEndsAt`: when the provider says the session has to end. `emailVerified` (OIDC): what email_verified said. Null: not said.
 */
export const saidSchema = z.object({
  subject: z.string().min(1).max(1_024),
  claims: z.record(z.string(), z.array(z.string())),
  assertion: z.object({ id: z.string(), endsAt: z.string() }).optional(),
  sessionEndsAt: z.string().nullable(),
  sessionIndex: z.string().max(1_024).nullable(),
  nameIdFormat: z.string().nullable(),
  emailVerified: z.boolean().nullable(),
});
export type Said = z.output<typeof saidSchema>;

export type AttemptMode = "sign_in" | "test" | "link";
/** Where the browser goes on: an address, or a form to post there. `back`: of a logout, the address of ours to which it comes back. */
export type Onward = { url: string } | { post: { url: string; fields: Record<string, string>; back?: string } };
/** A step of an attempt. `detail` holds no secrets. */
export type AttemptStep = { at: string; step: string; ok: boolean; detail?: string };

/** Addresses and names of our side of a connection. `base`: REEVE_URL without a slash at its end. */
export const serviceAddresses = (base: string, slug: string) => ({
  entityId: `${base}/api/sso/${slug}/metadata`,
  acsUrl: `${base}/api/sso/${slug}/acs`,
  sloUrl: `${base}/api/sso/${slug}/logout`,
  redirectUrl: `${base}/api/sso/oidc`,
  backChannelUrl: `${base}/api/sso/${slug}/backchannel-logout`,
});

/** `key`: its kind and size. */
export type CertificateFacts = { subject: string; key: string; sha256: string; startsAt: string; endsAt: string };

export type DomainFacts = {
  id: string;
  domain: string;
  /** The DNS record that proves it. */
  record: { name: string; value: string };
  proof: "dns" | "confirmed" | null;
  provenAt: string | null;
  enforcedAt: string | null;
};

export type ConnectionState = "draft" | "on" | "off";

/** A connection in the list. `checks`: of the last test login, when it was of the version that holds now. */
export type ConnectionSummary = {
  id: string;
  slug: string;
  name: string;
  provider: Provider;
  protocol: Protocol;
  state: ConnectionState;
  domains: { domain: string; isProven: boolean; isEnforced: boolean }[];
  /** Who signed in through it in the last 30 days. */
  people: number;
  lastSignInAt: string | null;
  lastRefusedAt: string | null;
  /** When the first of the certificates that still hold ends; the latest end when none does. */
  certificateEndsAt: string | null;
  checks: { held: number; of: number } | null;
};

/** A connection without its secret. `missing`: why nobody can sign in through it yet. */
export type ConnectionFacts = {
  id: string;
  slug: string;
  name: string;
  provider: Provider;
  state: ConnectionState;
  hasSecret: boolean;
  missing: string | null;
  attributes: AttributeMap;
  makesAccounts: boolean;
  allowsUnsolicited: boolean;
  allowsSha1: boolean;
  certificates: CertificateFacts[];
  domains: DomainFacts[];
  directoryId: string;
  version: number;
  testedVersion: number | null;
  testedAt: string | null;
  testedBy: string | null;
  identities: number;
  updatedAt: string;
} & ({ protocol: "saml"; settings: SamlSettings | null } | { protocol: "oidc"; settings: OidcSettings | null });

export type IdentityRow = {
  id: string;
  principalId: string;
  who: string;
  email: string | null;
  subject: string;
  state: "active" | "deactivated";
  linkedAt: string;
  lastAt: string | null;
};

export type AttemptOutcome = "open" | "signed_in" | "tested" | "linked" | "refused";
export type AttemptRow = {
  id: string;
  at: string;
  mode: AttemptMode;
  outcome: AttemptOutcome;
  refusal: Refusal | null;
  /** The account that it ended in, else who began it. */
  who: string | null;
  principalId: string | null;
  email: string | null;
  address: string | null;
};
/** A test login that was kept: `sha256` is of its record's bytes, as they are downloaded. */
export type EvidenceRow = {
  id: string;
  attemptId: string;
  version: number;
  outcome: "tested" | "refused";
  testedBy: string | null;
  testedAt: string;
  keptBy: string;
  keptAt: string;
  sha256: string;
};
export type AttemptFacts = AttemptRow & {
  steps: AttemptStep[];
  result: TestResult | null;
  /** Of a test: what the provider answered, decoded, without secrets. */
  answer: string | null;
  /** The connection's version that was tried; null of attempts that are older than the record of it. */
  version: number | null;
  /** Of a test that was kept as evidence. */
  evidence: Pick<EvidenceRow, "id" | "keptBy" | "keptAt" | "sha256"> | null;
  userAgent: string | null;
  requestId: string;
  endedAt: string | null;
};

export type TestGrant = { change: "=" | "+" | "-"; role: string; scope: string; via: string };
export type TestCheck = { check: string; ok: boolean; detail: string };
/** A forged copy of the answer, and what our gate said to it; null: it was accepted. */
export type Forgery = { forgery: "unsigned" | "audience" | "expired" | "altered"; refusal: Refusal | null };
/** What a test login found: `sso_attempt.result` of a test. */
export type TestResult = {
  subject: string;
  claims: Record<string, string[]>;
  warnings: string[];
  email: string | null;
  name: string;
  groups: string[];
  account: { effect: "existing" | "linked" | "created" | "refused"; principalId: string | null; refusal: Refusal | null };
  grants: TestGrant[];
  checks: TestCheck[];
};

/** What enforcing a domain would do. `refusal`: why it can't be enforced now. */
export type EnforcementPreview = {
  refusal: string | null;
  /** Accounts of the domain that never signed in through the connection: the first 200 by name, and how many they are. */
  strangers: { principalId: string; who: string; email: string; isSystemAdmin: boolean; lastSeenAt: string | null }[];
  total: number;
  /** Browser sessions that would end. */
  sessions: number;
  /** System Admins who could still sign in. */
  admins: number;
};

/** A connection to its user: `linkedAt` null when nothing of theirs is linked to it. */
export type MySignOn = { id: string; name: string; email: string | null; linkedAt: string | null; lastAt: string | null };
