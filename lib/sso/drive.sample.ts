import { createHash, randomBytes } from "node:crypto";
import { callbackUrl } from "./library";
import { signOnIn } from "./exchange";
import { startSignOn } from "./start";
import type { Actor } from "@/lib/identity/actor";
import { openSession } from "@/lib/identity/start-session";
import type { CookieStore } from "@/lib/identity/session";
import { sessionCookie } from "@/lib/identity/session";
import { database } from "@/db/client";
import { newId } from "@/lib/kernel/id";
import { seal } from "@/lib/kernel/seal";
import { outsideScope } from "@/lib/kernel/transaction";
import { testRequest } from "@/lib/kernel/test-organization";
import { CLIENT_SECRET } from "./connection";
import type { AttributeMap, OidcSettings, SamlSettings } from "./schema";

// For tests: a browser's way through single sign-on without a browser, and connections as rows.

export const OIDC_ATTRIBUTES: AttributeMap = { email: "email", name: "name", givenName: null, familyName: null, groups: "groups" };

type Settings = { protocol: "saml"; settings: SamlSettings } | { protocol: "oidc"; settings: OidcSettings; secret: string };
type Options = {
  organizationId: string;
  domains?: string[];
  attributes?: AttributeMap;
  makesAccounts?: boolean;
  allowsUnsolicited?: boolean;
  allowsSha1?: boolean;
};

/** A connection that is on, with proven domains. */
export async function makeConnection(of: Settings, options: Options): Promise<{ id: string; slug: string; directoryId: string }> {
  const [id, directoryId] = [newId(), newId()];
  const slug = `c-${id.slice(-12)}`;
  const organization_id = options.organizationId;
  await database()
    .insertInto("directory")
    .values({ id: directoryId, organization_id, slug: `${slug}-claims`, name: slug, provider: "claims" })
    .execute();
  await database()
    .insertInto("sso_connection")
    .values({
      id,
      organization_id,
      slug,
      name: slug,
      provider: "generic",
      protocol: of.protocol,
      state: "on",
      settings: JSON.stringify(of.settings),
      secret_sealed: of.protocol === "oidc" ? await outsideScope((tx) => seal(tx, CLIENT_SECRET, id, of.secret)) : null,
      attributes: JSON.stringify(options.attributes ?? OIDC_ATTRIBUTES),
      makes_accounts: options.makesAccounts ?? true,
      allows_unsolicited: options.allowsUnsolicited ?? false,
      allows_sha1: options.allowsSha1 ?? false,
      directory_id: directoryId,
    })
    .execute();
  for (const domain of options.domains ?? [])
    await database()
      .insertInto("sso_domain")
      .values({ id: newId(), organization_id, connection_id: id, domain, proof_token: "x", proof: "confirmed", proven_at: new Date().toISOString() })
      .execute();
  return { id, slug, directoryId };
}

/** One browser's flow: what the session library keeps in its cookies. */
export type Flow = { state: string; verifier: string; to: string; form?: Record<string, string> };

let begun = 0;
/** Where a flow comes from: families of thousands are not all of one office (attempts.ts). */
const somewhere = () => `198.51.100.${begun++ % 250}`;

/** Goes to the identity provider. */
export async function begin(connectionId: string, mode: "sign_in" | "test" | "link" = "sign_in", actor?: Actor): Promise<Flow> {
  const [state, verifier] = [randomBytes(32).toString("base64url"), randomBytes(32).toString("base64url")];
  const code_challenge = createHash("sha256").update(verifier).digest("base64url");
  const query = { tenant: connectionId, state, code_challenge, code_challenge_method: "S256", redirect_uri: callbackUrl(), mode };
  const onward = await startSignOn(query, actor, testRequest(somewhere()));
  return "post" in onward ? { state, verifier, to: onward.post.url, form: onward.post.fields } : { state, verifier, to: onward.url };
}

export const cookieOf = (token?: string): CookieStore => ({ get: (name) => (token && name === sessionCookie().name ? { value: token } : undefined) });

/** What the session library does at its callback: the state is compared, the code exchanged, a session opened. */
export async function arrive(flow: Flow, to: string, token?: string): Promise<{ to: string } | { principalId: string; token: string }> {
  const url = new URL(to, "http://localhost:3000");
  const code = url.searchParams.get("code");
  if (!code || url.searchParams.get("state") !== flow.state) return { to: to.replace(/^https?:\/\/[^/]+/, "") };
  const request = testRequest();
  const signOn = signOnIn(request, cookieOf(token));
  const { userinfo } = signOn.providers[0] as unknown as { userinfo: { request: (of: { tokens: object }) => Promise<unknown> } };
  await userinfo.request({ tokens: { code, code_verifier: flow.verifier } });
  const ending = signOn.ending();
  if (!ending || "to" in ending) return { to: ending?.to ?? "" };
  const session = await openSession(ending.principalId, "single sign-on", request, { signedOn: ending.signedOn });
  await signOn.onSession(session);
  return { principalId: ending.principalId, token: session.token };
}
