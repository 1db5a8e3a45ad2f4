import { inflateRawSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { actorOfToken } from "@/lib/identity/session";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { arrive, begin, makeConnection } from "./drive.sample";
import { serviceKeys } from "./library";
import { type KeyAndCertificate, keyAndCertificate } from "./saml/certificates.sample";
import { answerOf, encoded, encryptAssertion, idpKey, settingsOf, type Signing, signResponse } from "./saml/identity-provider.sample";
import { LAYOUTS } from "./saml/layouts.sample";
import { serviceAddresses } from "./schema";
import { takeSamlResponse } from "./take-answer";

// What passes our gate has to pass the library behind it, and to mean the same there: each layout, the whole way.

const db = useTestDatabase();
const BASE = "http://localhost:3000";
const MORE = "http://www.w3.org/2001/04/xmldsig-more#";
let acme: TestOrganization;
let ours: KeyAndCertificate;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_URL = BASE;
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  ours = { ...idpKey(), certificate: (await serviceKeys()).certificate };
});

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const NAMES: Record<string, [string, string]> = {
  entra: [`${CLAIMS}/emailaddress`, `${CLAIMS}/name`],
  adfs: [`${CLAIMS}/emailaddress`, `${CLAIMS}/name`],
  plain: ["email", `${CLAIMS}/name`],
};

/** Signs Ada in with a response that `write` makes; gives who she is here, or why not. */
async function through(layout: string, signing: Signing, encrypt?: Parameters<typeof encryptAssertion>[2]) {
  const domain = `d${newId().slice(-12)}.example`;
  const issuer = `https://idp.example/${newId()}`;
  const [email, name] = NAMES[layout] ?? ["email", "name"];
  const settings = settingsOf([(signing.by ?? idpKey()).certificate], issuer);
  const attributes = { email, name, givenName: null, familyName: null, groups: null };
  const { id, slug } = await makeConnection({ protocol: "saml", settings }, { organizationId: acme.id, domains: [domain], attributes });
  const flow = await begin(id);
  const sent = new URL(flow.to).searchParams;
  const requestId = / ID="([^"]+)"/.exec(inflateRawSync(Buffer.from(sent.get("SAMLRequest") ?? "", "base64")).toString())?.[1] ?? "";
  const { acsUrl, entityId } = serviceAddresses(BASE, slug);
  const answer = answerOf({
    issuer,
    acsUrl,
    entityId,
    requestId,
    now: new Date(),
    subject: `ada@${domain}`,
    attributes: { email: [`ada@${domain}`], name: ["Ada"], groups: ["a"] },
  });
  const prefix = ["entra", "adfs", "plain"].includes(layout) ? "" : "ds";
  const xml = signResponse(LAYOUTS[layout]?.(answer) ?? "", { prefix, inclusivePrefixes: layout === "okta" ? ["xs"] : [], ...signing });
  const response = encoded(encrypt ? encryptAssertion(xml, ours, encrypt) : xml);
  const to = await takeSamlResponse(slug, new URLSearchParams({ SAMLResponse: response, RelayState: sent.get("RelayState") ?? "" }), testRequest());
  const arrived = await arrive(flow, to);
  if ("token" in arrived) return { ...(await actorOfToken(arrived.token)), expects: `ada@${domain}` };
  return (await asOwner(db.ownerUrl, "select refusal, steps from sso_attempt where id = $1", [arrived.to.split("attempt=")[1] ?? newId()]))[0] ?? arrived;
}

describe.each(Object.keys(LAYOUTS))("%s, the whole way", (layout) => {
  it.each(["response", "assertion", "both"] as const)("signed: %s", async (what) => {
    expect(await through(layout, { what })).toMatchObject({ fullName: "Ada" });
  });
  it("encrypted", async () => {
    expect(await through(layout, {}, { cipher: layout === "google" ? "aes-256-gcm" : "aes-256-cbc" })).toMatchObject({ fullName: "Ada" });
  });
});

describe("algorithms, the whole way", () => {
  it.each([
    ["RSA with SHA-384", { method: `${MORE}rsa-sha384`, digest: `${MORE}sha384` }],
    ["RSA with SHA-512", { method: `${MORE}rsa-sha512`, digest: "http://www.w3.org/2001/04/xmlenc#sha512" }],
    ["ECDSA", { by: keyAndCertificate({ kind: { type: "ec", curve: "prime256v1" } }), method: `${MORE}ecdsa-sha256` }],
  ])("%s", async (_name, signing) => {
    expect(await through("okta", { what: "both", ...signing })).toMatchObject({ fullName: "Ada" });
  });
  it.each([
    ["AES-192", { cipher: "aes-192-cbc" }],
    ["OAEP with SHA-256", { keyMethod: "http://www.w3.org/2009/xmlenc11#rsa-oaep", hash: "sha256" }],
  ])("%s", async (_name, encrypt) => {
    expect(await through("google", {}, encrypt)).toMatchObject({ fullName: "Ada" });
  });
});
