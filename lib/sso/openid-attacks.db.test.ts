import { createHmac, sign } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { tries } from "@/lib/kernel/soak";
import { makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { arrive, begin, type Flow, makeConnection } from "./drive.sample";
import { callbackUrl } from "./library";
import { type Behaviour, startProvider, type TestProvider } from "./openid-provider.sample";
import { startSignOn } from "./start";
import { takeOpenidAnswer } from "./take-answer";
import { rsaKeys } from "@/lib/kernel/key-pairs.sample";

// ATTACKS §2, against a provider that misbehaves as told. Denied means: no code, no session, and a reason in the attempt.

const db = useTestDatabase();
let acme: TestOrganization;
let provider: TestProvider;
let connection: { id: string };
const domain = `d${newId().slice(-12)}.example`;

const connect = (options: { domains?: string[] } = {}) => {
  const settings = { issuer: provider.issuer, clientId: provider.clientId, scopes: ["openid", "email"], endSessionUrl: null };
  return makeConnection({ protocol: "oidc", settings, secret: provider.secret }, { organizationId: acme.id, ...options });
};

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = "http://localhost:3000";
  process.env.REEVE_ALLOW_NETWORKS = "127.0.0.0/8";
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  provider = await startProvider();
  connection = await connect({ domains: [domain] });
});
beforeEach(() => provider.behave({}));
afterAll(() => provider.stop());

type Claims = Record<string, unknown>;
const ada = { sub: "ada", email: `ada@${domain}`, email_verified: true };
const answerTo = (flow: Flow, claims: Claims = ada) => Object.fromEntries(provider.login(flow.to, claims).searchParams);
const take = (answer: Record<string, string>) => takeOpenidAnswer(answer, testRequest());
const sessions = async () => (await asOwner<{ n: number }>(db.ownerUrl, "select count(*)::int as n from session"))[0]?.n;

/** Why the provider's answer is refused: the code in our address, or in the attempt that it leads to. */
async function reason(to: string): Promise<string | undefined> {
  const url = new URL(to, "http://localhost:3000");
  if (url.searchParams.get("error")) return url.searchParams.get("error") ?? undefined;
  const rows = await asOwner<{ refusal: string }>(db.ownerUrl, "select refusal from sso_attempt where id = $1", [url.searchParams.get("attempt") ?? newId()]);
  return rows[0]?.refusal ?? `went on to ${url.pathname}`;
}
async function refusalFor(behaviour: Partial<Behaviour>): Promise<string | undefined> {
  const before = await sessions();
  provider.behave(behaviour);
  const refused = await reason(await take(answerTo(await begin(connection.id))));
  expect(await sessions()).toBe(before);
  return refused;
}
const claims = (change: Claims): Partial<Behaviour> => ({ claims: (right) => ({ ...right, ...change }) });
const seconds = () => Math.floor(Date.now() / 1_000);
const segment = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

it("what the attacks are made of signs in when nothing is wrong with it", async () => {
  const flow = await begin(connection.id);
  expect(await arrive(flow, await take(answerTo(flow)))).toMatchObject({ token: expect.any(String) });
});

describe("state, nonce and PKCE", () => {
  it("OIDC-1: state missing, wrong or used before", async () => {
    const flow = await begin(connection.id);
    const answer = answerTo(flow);
    for (const state of [undefined, "", "wrong", `${answer.state}x`, "x".repeat(10_000)]) {
      const { state: _, ...rest } = answer;
      expect(await reason(await take(state === undefined ? rest : { ...rest, state }))).toBe("oidc.state");
    }
    expect(await take(answer)).toContain("code=");
    expect(await reason(await take(answer))).toBe("oidc.state");
  });

  it("OIDC-2: an answer for another browser opens nothing here", async () => {
    const [mine, theirs] = [await begin(connection.id), await begin(connection.id)];
    const before = await sessions();
    expect(await arrive(mine, await take(answerTo(theirs)))).toEqual({ to: expect.stringContaining("/api/auth/callback/reeve?") });
    expect(await sessions()).toBe(before);
  });

  it.each([undefined, "", "another"])("OIDC-3: nonce %s", async (nonce) => {
    expect(await refusalFor(claims({ nonce }))).toBe("oidc.token");
  });
  it("OIDC-3: the nonce of a sign-in before", async () => {
    const nonce = new URL((await begin(connection.id)).to).searchParams.get("nonce");
    expect(nonce).toBeTruthy();
    expect(await refusalFor(claims({ nonce }))).toBe("oidc.token");
  });

  it("OIDC-10: an answer many times at once, and its code many times at once, is one session", async () => {
    const before = (await sessions()) ?? 0;
    const flow = await begin(connection.id);
    const answer = answerTo(flow);
    const many = Array.from({ length: Math.max(10, tries(50)) });
    const ways = (await Promise.all(many.map(() => take(answer)))).filter((to) => to.includes("code="));
    expect(ways).toHaveLength(1);
    const arrived = await Promise.all(many.map(() => arrive(flow, ways[0] as string)));
    expect(arrived.filter((one) => "token" in one)).toHaveLength(1);
    expect((await sessions()) ?? 0).toBeLessThanOrEqual(before + 1);
  });

  it("OIDC-11: the verifier of another sign-in, none, or a plain challenge", async () => {
    const before = await sessions();
    const others = await begin(connection.id);
    for (const verifier of [others.verifier, ""]) {
      const flow = await begin(connection.id);
      const arrived = await arrive({ ...flow, verifier }, await take(answerTo(flow)));
      expect(await reason("to" in arrived ? arrived.to : "")).toBe("library");
    }
    expect(await sessions()).toBe(before);
    const query = { tenant: connection.id, state: "s".repeat(20), code_challenge: "c".repeat(43), redirect_uri: callbackUrl() };
    const weaker: Record<string, string>[] = [{ code_challenge_method: "plain" }, {}, { code_challenge_method: "S256", code_challenge: "" }];
    for (const more of weaker) await expect(startSignOn({ ...query, ...more }, undefined, testRequest())).rejects.toMatchObject({ code: "invalid_input" });
    const sent = new URL(others.to).searchParams;
    expect([sent.get("code_challenge_method"), sent.get("code_challenge")?.length]).toEqual(["S256", 43]);
  });

  it("OIDC-12: a way back that is not exactly ours", async () => {
    const ours = callbackUrl();
    const begins = (redirect_uri: string) =>
      startSignOn(
        { tenant: connection.id, state: "s".repeat(20), code_challenge: "c".repeat(43), code_challenge_method: "S256", redirect_uri },
        undefined,
        testRequest(),
      );
    const others = [
      `${ours}/`,
      `${ours}/x`,
      `${ours}#x`,
      `${ours}?x=1`,
      ours.replace("//", "//a@"),
      ours.replace(":3000", ":3001"),
      ours.replace("/api", "%2fapi"),
    ];
    for (const other of [...others, ours.toUpperCase(), ours.replace("http", "https"), "//localhost:3000/api/auth/callback/reeve", ""])
      await expect(begins(other), other).rejects.toMatchObject({ code: "invalid_input" });
    expect(new URL((await begin(connection.id)).to).searchParams.get("redirect_uri")).toBe("http://localhost:3000/api/sso/oidc");
  });
});

describe("the id token", () => {
  const unsigned = (header: Claims) => (right: string) => `${segment(header)}.${right.split(".")[1]}.`;
  it.each(["none", "None", "NONE", ""])("OIDC-4: alg %j", async (alg) => {
    expect(await refusalFor({ token: unsigned({ alg }) })).toBe("oidc.token");
  });
  it("OIDC-4: HMAC with the provider's public key, or with our client secret", async () => {
    for (const key of [provider.publicKey(), provider.secret]) {
      const token = (right: string) => {
        const text = `${segment({ alg: "HS256" })}.${right.split(".")[1]}`;
        return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
      };
      const supports = (right: Claims) => ({ ...right, id_token_signing_alg_values_supported: ["RS256", "HS256"] });
      expect(await refusalFor({ token })).toBe("oidc.token");
      expect(await refusalFor({ token, discovery: supports })).toBe("oidc.token");
    }
  });
  it.each(["RS1", "RS512", "PS256", "ES256"])("OIDC-4: alg %s that the provider does not list", async (alg) => {
    expect(await refusalFor({ header: (right) => ({ ...right, alg }) })).toBe("oidc.token");
  });
  it("OIDC-4: a signature of nobody, none, or over other claims", async () => {
    expect(await refusalFor({ token: (right) => right.replace(/\.[^.]*$/, ".") })).toBe("oidc.token");
    expect(await refusalFor({ token: (right) => `${right.slice(0, -8)}AAAAAAAA` })).toBe("oidc.token");
    const swapped = (right: string) => {
      const [header, payload, signature] = right.split(".");
      return [header, segment({ ...JSON.parse(Buffer.from(payload ?? "", "base64url").toString()), sub: "admin" }), signature].join(".");
    };
    expect(await refusalFor({ token: swapped })).toBe("oidc.token");
  });

  it("OIDC-5: another provider's name in the token, in the answer, or none where it is promised", async () => {
    expect(await refusalFor(claims({ iss: "https://other.example" }))).toMatch(/^oidc\.(issuer|token)$/);
    expect(await refusalFor(claims({ iss: `${provider.issuer}/` }))).toMatch(/^oidc\.(issuer|token)$/);
    expect(await refusalFor({ answer: (right) => ({ ...right, iss: "https://other.example" }) })).toBe("oidc.issuer");
    expect(await refusalFor({ answer: ({ iss: _, ...right }) => right })).toMatch(/^oidc\.(issuer|token)$/);
  });
  it("OIDC-5: the answer of one connection's provider for another's", async () => {
    const other = await startProvider();
    const flow = await begin(connection.id);
    const back = Object.fromEntries(other.login(flow.to, ada).searchParams);
    expect(await reason(await take(back))).toBe("oidc.issuer");
    await other.stop();
  });

  it.each([
    ["OIDC-6: an audience without us", { aud: ["other", "another"] }],
    ["OIDC-6: no audience", { aud: undefined }],
    ["OIDC-6: us and another, without azp", { aud: ["reeve", "other"] }],
    ["OIDC-6: us and another, for another", { aud: ["reeve", "other"], azp: "other" }],
    ["OIDC-6: us alone, for another", { azp: "other" }],
    ["OIDC-6: our name and more", { aud: "reeve2" }],
    ["OIDC-7: over", { exp: seconds() - 120 }],
    ["OIDC-7: without an end", { exp: undefined }],
    ["OIDC-7: an end in words", { exp: "tomorrow" }],
    ["OIDC-7: not yet", { nbf: seconds() + 3_600 }],
    ["OIDC-7: made in an hour", { iat: seconds() + 3_600 }],
    ["OIDC-7: made at no time", { iat: undefined }],
    ["nobody", { sub: undefined }],
    ["nobody's name", { sub: "" }],
    ["a name that is a list", { sub: ["ada"] }],
  ])("%s", async (_name, change) => {
    expect(await refusalFor(claims(change))).toBe("oidc.token");
  });

  it("OIDC-8: keys that nobody knows are looked for once in half a minute", { timeout: 600_000 }, async () => {
    await refusalFor({ header: (right) => ({ ...right, kid: "unknown" }) });
    const before = provider.asked.filter((path) => path === "/jwks").length;
    const began = performance.now();
    for (let at = 0; at < tries(1_000); at++) expect(await refusalFor({ header: (right) => ({ ...right, kid: `unknown-${at}` }) })).toBe("oidc.token");
    expect(provider.asked.filter((path) => path === "/jwks").length - before).toBeLessThanOrEqual(1 + Math.floor((performance.now() - began) / 30_000));
  });

  it("OIDC-9: keys that the token brings along or points at", async () => {
    const { privateKey, publicKey } = rsaKeys();
    const jwk = { ...publicKey.export({ format: "jwk" }), kid: "evil", alg: "RS256", use: "sig" };
    let asked = 0;
    const evil = http.createServer((_, answer) => answer.end(JSON.stringify({ keys: [jwk] }), () => asked++)).listen(0);
    const url = `http://127.0.0.1:${(evil.address() as AddressInfo).port}/jwks`;
    for (const header of [
      { jwk },
      { jku: url },
      { x5u: url },
      { jku: url, kid: "evil" },
      { x5c: [publicKey.export({ type: "spki", format: "der" }).toString("base64")] },
    ]) {
      const token = (right: string) => {
        const text = `${segment({ alg: "RS256", ...header })}.${right.split(".")[1]}`;
        return `${text}.${sign("sha256", Buffer.from(text), privateKey).toString("base64url")}`;
      };
      expect(await refusalFor({ token })).toBe("oidc.token");
    }
    evil.close();
    expect(asked).toBe(0);
  });

  it("OIDC-14: the userinfo endpoint speaks of somebody else", async () => {
    expect(await refusalFor({ userinfo: (right) => ({ ...right, sub: "admin", email: `admin@${domain}` }) })).toBe("oidc.token");
    expect(await refusalFor({ userinfo: ({ sub: _, ...right }) => right })).toBe("oidc.token");
  });
});

describe("the provider", () => {
  it("OIDC-15: a discovery document of another issuer", async () => {
    const other = await startProvider();
    other.behave({ discovery: (right) => ({ ...right, issuer: "https://other.example" }) });
    const settings = { issuer: other.issuer, clientId: other.clientId, scopes: ["openid"], endSessionUrl: null };
    const misled = await makeConnection({ protocol: "oidc", settings, secret: other.secret }, { organizationId: acme.id });
    expect(await reason((await begin(misled.id)).to)).toBe("oidc.issuer");
    await other.stop();
    expect(await reason((await begin(misled.id)).to)).toBe("oidc.unreachable");
  });

  it("OIDC-16: an error with HTML and 10 kB of text is kept short, and is never in an address", async () => {
    const answer = {
      state: answerTo(await begin(connection.id)).state ?? "",
      error: "<script>alert(1)</script>",
      error_description: `<b>${"x".repeat(10_000)}`,
    };
    const to = await take(answer);
    expect(to).toMatch(/^\/sign-in\?attempt=[0-9a-f-]{36}$/);
    const id = to.split("attempt=")[1];
    const [row] = await asOwner<{ refusal: string; detail: string }>(
      db.ownerUrl,
      "select refusal, steps->-1->>'detail' as detail from sso_attempt where id = $1",
      [id],
    );
    expect(row?.refusal).toBe("oidc.provider");
    expect(row?.detail.replace(/^oidc\.provider: /, "").length).toBeLessThanOrEqual(256);
  });
});
