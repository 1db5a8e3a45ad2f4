import "server-only";
import type { Kysely } from "kysely";
import { database } from "@/db/client";
import type { DB } from "@/db/types";
import { environment } from "@/lib/kernel/env";
import { keptKey } from "@/lib/kernel/kept-key";
import { authenticationKey } from "@/lib/kernel/keys";
import { outsideScope } from "@/lib/kernel/transaction";
import { SIGN_IN_LIFETIME_S } from "./attempts";
import { loadOfLibrary } from "./library-module";
import { openidConfiguration } from "./openid";
import { signOnStore } from "./store";

// The sign-on library, once in a process, on our tables. What it believes is checked again by our own gates; what it calls passes our
// guard. This file, openid.ts and library-module.ts are all that reach into it.

type Jackson = typeof import("@boxyhq/saml-jackson");
export type SignOnLibrary = Awaited<ReturnType<Jackson["default"]>>;
type OpenidModule = { oidcClientConfig: unknown };
type Certificates = { getDefaultCertificate: () => Promise<{ publicKey: string; privateKey: string }> };

declare global {
  var reeveSignOn: { db: Kysely<DB>; library: Promise<SignOnLibrary> } | undefined;
  /** Where the library keeps its own store. */
  var __jacksonDb: unknown;
}

/** What the library calls us. Every connection is a tenant of its own. */
export const PRODUCT = "reeve";

/** Where the session library takes over from it. */
export const callbackUrl = (): string => `${environment().url}/api/auth/callback/${PRODUCT}`;
/** What proves to the library that a code is exchanged by us. */
export const exchangeSecret = (): string => authenticationKey("sso-exchange").toString("base64url");

/** The library. Error: sealed, without a master key. */
export function signOnLibrary(): Promise<SignOnLibrary> {
  const db = database();
  if (globalThis.reeveSignOn?.db !== db) {
    const library = openLibrary(db);
    globalThis.reeveSignOn = { db, library };
    library.catch(() => {
      globalThis.reeveSignOn = undefined;
    });
  }
  return globalThis.reeveSignOn.library;
}

/** The certificate that we sign requests with and that assertions are encrypted for, and its private key; both PEM. */
export async function serviceKeys(): Promise<{ certificate: string; privateKey: string }> {
  await signOnLibrary();
  const { publicKey, privateKey } = await (loadOfLibrary("@boxyhq/saml-jackson/dist/saml/x509.js") as Certificates).getDefaultCertificate();
  return { certificate: publicKey, privateKey };
}

async function openLibrary(db: Kysely<DB>): Promise<SignOnLibrary> {
  const encryptionKey = (await outsideScope((tx) => keptKey(tx, "sso-store"))).toString("base64");
  globalThis.__jacksonDb = undefined;
  // It would call identity providers by itself, without our guard and without checking the id token's signature (OIDC Core §3.1.3.7).
  (loadOfLibrary("@boxyhq/saml-jackson/dist/controller/oauth/oidc-client.js") as OpenidModule).oidcClientConfig = openidConfiguration;
  const { controllers } = loadOfLibrary("@boxyhq/saml-jackson") as Jackson;
  const silent = () => undefined;
  return controllers({
    externalUrl: environment().url,
    samlPath: "/api/sso/acs",
    oidcPath: "/api/sso/oidc",
    samlAudience: `${environment().url}/api/sso`,
    db: { driver: signOnStore(db), encryptionKey, ttl: SIGN_IN_LIFETIME_S } as never,
    clientSecretVerifier: exchangeSecret(),
    noAnalytics: true,
    idpEnabled: false,
    openid: { redirectExactMatch: true },
    ssoTraces: { disable: true },
    // Its messages may hold what an identity provider sent; attempts of ours say what happened.
    logger: { info: silent, warn: silent, error: silent },
  });
}
