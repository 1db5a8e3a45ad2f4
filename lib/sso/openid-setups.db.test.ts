import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { actorOfToken } from "@/lib/identity/session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { jwkOf, startCertified } from "./certified-provider.sample";
import { arrive, begin, type Flow, makeConnection } from "./drive.sample";
import { type Behaviour, startProvider, type TestProvider } from "./openid-provider.sample";
import { takeOpenidAnswer } from "./take-answer";
import { ecKeys, edKeys, rsaKeys } from "@/lib/kernel/key-pairs.sample";

// A gate that locks people out is a failure too: providers set up in the ways that occur all sign in. First a certified provider of others,
// then what some providers send that it doesn't.

const db = useTestDatabase();
let acme: TestOrganization;
let domain: string;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  process.env.REEVE_ALLOW_NETWORKS = "127.0.0.0/8";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
});

async function connect(issuer: string, secret: string, scopes = ["openid", "email", "profile"]) {
  domain = `d${newId().slice(-12)}.example`;
  const settings = { issuer, clientId: "reeve", scopes, endSessionUrl: null };
  return makeConnection({ protocol: "oidc", settings, secret }, { organizationId: acme.id, domains: [domain] });
}

async function signedIn(flow: Flow, back: URL) {
  const to = await takeOpenidAnswer(Object.fromEntries(back.searchParams), testRequest());
  const arrived = await arrive(flow, to);
  if ("token" in arrived) return actorOfToken(arrived.token);
  const id = arrived.to.split("attempt=")[1] ?? newId();
  return (await asOwner(db.ownerUrl, "select refusal, steps from sso_attempt where id = $1", [id]))[0] ?? arrived;
}

/** What a browser does there: it follows, and keeps cookies. */
async function follow(from: string): Promise<URL> {
  const cookies = new Map<string, string>();
  let to = from;
  for (let step = 0; step < 10 && !to.startsWith("http://localhost:3000/"); step++) {
    const answer = await fetch(to, { redirect: "manual", headers: { cookie: [...cookies].map((pair) => pair.join("=")).join("; ") } });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
      cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (!location) throw new Error(`no way on from ${to}: ${answer.status} ${await answer.text()}`);
    to = new URL(location, to).href;
  }
  return new URL(to);
}

const RSA = rsaKeys().privateKey;
const EC = ecKeys().privateKey;
const ED = edKeys().privateKey;

const REAL: [string, Record<string, unknown>, Record<string, unknown>][] = [
  ["as it comes", {}, {}],
  ["the secret in the header", { token_endpoint_auth_method: "client_secret_basic" }, { clientAuthMethods: ["client_secret_basic"] }],
  ["the secret in the body", { token_endpoint_auth_method: "client_secret_post" }, { clientAuthMethods: ["client_secret_post"] }],
  ["ES256", { id_token_signed_response_alg: "ES256" }, { jwks: { keys: [jwkOf(EC, "ES256")] }, enabledJWA: { idTokenSigningAlgValues: ["ES256"] } }],
  ["PS256", { id_token_signed_response_alg: "PS256" }, { jwks: { keys: [jwkOf(RSA, "PS256")] }, enabledJWA: { idTokenSigningAlgValues: ["PS256"] } }],
  ["RS512", { id_token_signed_response_alg: "RS512" }, { jwks: { keys: [jwkOf(RSA, "RS512")] }, enabledJWA: { idTokenSigningAlgValues: ["RS512"] } }],
  ["Ed25519", { id_token_signed_response_alg: "EdDSA" }, { jwks: { keys: [jwkOf(ED, "EdDSA")] }, enabledJWA: { idTokenSigningAlgValues: ["EdDSA"] } }],
  ["several keys", {}, { jwks: { keys: [jwkOf(EC, "ES256"), jwkOf(RSA, "RS256"), jwkOf(rsaKeys(3072).privateKey, "RS256")] } }],
  ["claims in the id token", {}, { conformIdTokenClaims: false }],
  [
    "claims in the id token only, without userinfo",
    {},
    { conformIdTokenClaims: false, features: { devInteractions: { enabled: false }, userinfo: { enabled: false } } },
  ],
  ["pairwise subjects", { subject_type: "pairwise" }, { subjectTypes: ["pairwise"], pairwiseIdentifier: async () => "p-ada" }],
];

describe("a certified provider", () => {
  it.each(REAL)("%s", async (_name, client, configuration) => {
    const person = () => ({ email: `ada@${domain}`, email_verified: true, name: "Ada Lovelace", groups: ["a"] });
    const provider = await startCertified(person, { token_endpoint_auth_method: "client_secret_basic", ...client }, configuration);
    const flow = await begin((await connect(provider.issuer, provider.secret)).id);
    expect(await signedIn(flow, await follow(flow.to))).toMatchObject({ email: `ada@${domain}`, fullName: "Ada Lovelace" });
    await provider.stop();
  });
});

const claims = (change: Record<string, unknown>): Partial<Behaviour> => ({ claims: (right) => ({ ...right, ...change }) });
/** Times of a clock that is off by so many seconds. */
const clock = (by: number): Partial<Behaviour> => ({
  claims: (right) => ({ ...right, iat: Number(right.iat) + by, nbf: Number(right.iat) + by, exp: Number(right.iat) + by + (by > 0 ? 300 : 10) }),
});
const discovery = (change: Record<string, unknown>): Partial<Behaviour> => ({ discovery: (right) => ({ ...right, ...change }) });
const OTHER: [string, Partial<Behaviour>][] = [
  ["one key without a name", { header: ({ kid: _, ...right }) => right }],
  ["a list of audiences with us as the party", claims({ aud: ["reeve", "other"], azp: "reeve" })],
  ["a list of one audience", claims({ aud: ["reeve"] })],
  ["a clock that is 45 s ahead", clock(45)],
  ["a clock that is 50 s behind", clock(-50)],
  ["no typ", { header: ({ typ: _, ...right }) => right }],
  [
    "no iss in its answer, and none promised",
    { ...discovery({ authorization_response_iss_parameter_supported: undefined }), answer: ({ iss: _, ...right }) => right },
  ],
  ["no userinfo endpoint", discovery({ userinfo_endpoint: undefined })],
  ["no word on PKCE", discovery({ code_challenge_methods_supported: undefined })],
  ["a session_state beside the code", { answer: (right) => ({ ...right, session_state: "s.1" }) }],
  ["email_verified as a word", { claims: (right) => ({ ...right, email_verified: "true" }) }],
  ["no word on email_verified", {}],
  ["many and nested claims", claims({ groups: Array.from({ length: 200 }, (_, at) => `g${at}`), realm_access: { roles: ["a"] }, n: 1, none: null })],
];

describe("what others send", () => {
  let provider: TestProvider;
  beforeAll(async () => {
    provider = await startProvider();
  });
  afterAll(() => provider.stop());

  it.each(OTHER)("%s", async (_name, behaviour) => {
    provider.behave(behaviour);
    globalThis.reeveOpenid?.clear(); // each reads its own discovery document
    const flow = await begin((await connect(provider.issuer, provider.secret)).id);
    expect(await signedIn(flow, provider.login(flow.to, { sub: newId(), email: `ada@${domain}`, name: "Ada Lovelace" }))).toMatchObject({
      email: `ada@${domain}`,
    });
  });

  it("an issuer that ends with a slash", async () => {
    const iss = `${provider.issuer}/`;
    provider.behave({ ...claims({ iss }), ...discovery({ issuer: iss }), answer: (right) => ({ ...right, iss }) });
    const flow = await begin((await connect(iss, provider.secret)).id);
    expect(await signedIn(flow, provider.login(flow.to, { sub: "slash", email: `ada@${domain}` }))).toMatchObject({ email: `ada@${domain}` });
  });

  it("a new key, the old one gone, minutes after the last sign-in", async () => {
    provider.behave({});
    globalThis.reeveOpenid?.clear();
    const connection = await connect(provider.issuer, provider.secret);
    for (const sub of ["one", "two"]) {
      const flow = await begin(connection.id);
      expect(await signedIn(flow, provider.login(flow.to, { sub, email: `${sub}@${domain}` }))).toMatchObject({ email: `${sub}@${domain}` });
      provider.rotate(true);
      globalThis.reeveOpenid?.clear();
    }
  });
});
