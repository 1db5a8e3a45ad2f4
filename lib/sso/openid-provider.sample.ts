import http from "node:http";
import type { AddressInfo } from "node:net";
import { createHash, randomBytes, sign as signBytes } from "node:crypto";
import { rsaKeys } from "@/lib/kernel/key-pairs.sample";

// An OpenID provider for tests that can be told to misbehave in any way: what it answers is made by functions that a test replaces.

type Claims = Record<string, unknown>;
type Login = { claims: Claims; nonce: string; challenge: string; redirectUri: string };
export type Behaviour = {
  /** The id token's claims; gets those of a correct one. */
  claims: (right: Claims) => Claims;
  header: (right: Claims) => Claims;
  /** The compact token; gets the correct one. */
  token: (right: string, sign: (header: Claims, claims: Claims) => string) => string;
  userinfo: (right: Claims) => Claims;
  discovery: (right: Claims) => Claims;
  /** Parameters of the answer to the browser. */
  answer: (right: Record<string, string>) => Record<string, string>;
};

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const same = <T>(value: T) => value;
export const BEHAVES: Behaviour = { claims: same, header: same, token: same, userinfo: same, discovery: same, answer: same };

/** Starts one on a free port. `login`: what a person does at it, without a browser; gives the address that the browser is sent back to. */
export async function startProvider(clientId = "reeve", secret = "a-client-secret") {
  const keys = [newKey()];
  const codes = new Map<string, Login>();
  const asked: string[] = [];
  let behaviour: Behaviour = BEHAVES;
  let issuer = "";
  const signed = (header: Claims, claims: Claims) => {
    const text = `${base64(header)}.${base64(claims)}`;
    return `${text}.${signBytes("sha256", Buffer.from(text), (keys[0] as Key).privateKey).toString("base64url")}`;
  };
  const idToken = ({ claims, nonce }: Login) => {
    const now = Math.floor(Date.now() / 1_000);
    const right = behaviour.claims({ iss: issuer, aud: clientId, iat: now, exp: now + 300, nonce, ...claims });
    const header = behaviour.header({ alg: "RS256", typ: "JWT", kid: keys[0]?.kid });
    return behaviour.token(signed(header, right), signed);
  };
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    asked.push(url.pathname);
    const answer = (status: number, body: unknown) => response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (url.pathname === "/.well-known/openid-configuration") return answer(200, behaviour.discovery(discovery(issuer)));
    if (url.pathname === "/jwks") return answer(200, { keys: keys.map((key) => key.jwk) });
    if (url.pathname === "/userinfo") {
      const login = codes.get(`used:${(request.headers.authorization ?? "").replace("Bearer ", "")}`);
      return login ? answer(200, behaviour.userinfo({ ...login.claims })) : answer(401, { error: "invalid_token" });
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
    const code = form.get("code") ?? "";
    const login = codes.get(code);
    codes.delete(code);
    const isOurs = form.get("client_secret") === secret && form.get("redirect_uri") === login?.redirectUri;
    if (
      !login ||
      !isOurs ||
      createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url") !== login.challenge
    )
      return answer(400, { error: "invalid_grant" });
    const access = randomBytes(16).toString("hex");
    codes.set(`used:${access}`, login);
    answer(200, { access_token: access, token_type: "Bearer", expires_in: 300, id_token: idToken(login) });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    clientId,
    secret,
    asked,
    behave: (how: Partial<Behaviour>) => {
      behaviour = { ...BEHAVES, ...how };
    },
    /** A new signing key; the old one is published beside it, unless it is dropped. */
    rotate: (drop = false) => {
      keys.unshift(newKey());
      if (drop) keys.length = 1;
    },
    publicKey: () => (keys[0] as Key).pem,
    /** A logout token (Back-Channel Logout 1.0 §2.4), or one that is changed: what is undefined is left out. */
    logoutToken: (claims: Claims, header: Claims = {}) => {
      const now = Math.floor(Date.now() / 1_000);
      const events = { "http://schemas.openid.net/event/backchannel-logout": {} };
      const right = { iss: issuer, aud: clientId, iat: now, exp: now + 120, jti: randomBytes(8).toString("hex"), events };
      return signed({ alg: "RS256", typ: "logout+jwt", kid: keys[0]?.kid, ...header }, { ...right, ...claims });
    },
    login: (authorizeUrl: string, claims: Claims): URL => {
      const url = new URL(authorizeUrl);
      const code = randomBytes(16).toString("hex");
      const ask = (name: string) => url.searchParams.get(name) ?? "";
      codes.set(code, { claims, nonce: ask("nonce"), challenge: ask("code_challenge"), redirectUri: ask("redirect_uri") });
      const back = new URL(ask("redirect_uri"));
      for (const [name, value] of Object.entries(behaviour.answer({ code, state: ask("state"), iss: issuer }))) back.searchParams.set(name, value);
      return back;
    },
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
export type TestProvider = Awaited<ReturnType<typeof startProvider>>;

type Key = ReturnType<typeof newKey>;
function newKey() {
  const { privateKey, publicKey } = rsaKeys();
  const kid = randomBytes(4).toString("hex");
  return {
    kid,
    privateKey,
    pem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    jwk: { ...publicKey.export({ format: "jwk" }), kid, alg: "RS256", use: "sig" },
  };
}

const discovery = (issuer: string): Claims => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/jwks`,
  response_types_supported: ["code"],
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: ["RS256"],
  token_endpoint_auth_methods_supported: ["client_secret_post"],
  code_challenge_methods_supported: ["S256"],
  authorization_response_iss_parameter_supported: true,
});
