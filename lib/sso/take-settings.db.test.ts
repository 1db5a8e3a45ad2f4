import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { GOOD } from "@/lib/outgoing/certificates.sample";
import { createConnection } from "./create-connection";
import { getAttempt, getLastTests, listAttempts } from "./list-attempts";
import { getConnection } from "./queries";
import { takeOidcSettings, takeSamlMetadata } from "./take-settings";

// What a person gives of a provider, and what is asked outside for it: for nobody else, and never half taken.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"]);
});

const make = async (protocol: "saml" | "oidc") =>
  (await execute(createConnection, admin, { slug: `s-${newId()}`, name: "Okta", provider: "generic", protocol })).id;

const metadata = `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/m">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${GOOD.replace(/-----[^-]+-----|\s/g, "")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://idp.example/sso"/>
  </IDPSSODescriptor></EntityDescriptor>`;

it("takes metadata as it was given, and nothing of what can't be read", async () => {
  const connectionId = await make("saml");
  await expect(takeSamlMetadata(admin, { connectionId, metadata: "<x/>" })).rejects.toMatchObject({ code: "invalid_input" });
  await expect(takeSamlMetadata(admin, { connectionId, metadataUrl: "http://10.0.0.1/metadata" })).rejects.toMatchObject({
    fields: { metadataUrl: expect.stringContaining("REEVE_ALLOW_NETWORKS") },
  });
  expect(await ask(getConnection, admin, { connection: connectionId })).toMatchObject({ settings: null, version: 1 });
  await takeSamlMetadata(admin, { connectionId, metadata });
  expect(await ask(getConnection, admin, { connection: connectionId })).toMatchObject({
    settings: { issuer: "https://idp.example/m", ssoUrl: "https://idp.example/sso", ssoBinding: "post", certificates: [GOOD], metadataUrl: null },
  });
});

it("asks no issuer for who may not change the connection", async () => {
  const connectionId = await make("oidc");
  // The address is one that is refused: whoever is asked to read it hears so.
  const fields = { connectionId, issuer: "http://10.0.0.1", clientId: "reeve", clientSecret: "x", scopes: "" };
  await expect(takeOidcSettings(admin, fields)).rejects.toMatchObject({ code: "invalid_input", fields: { issuer: expect.any(String) } });
  await expect(takeOidcSettings(callAs(acme.people.auditor), fields)).rejects.toMatchObject({ code: "forbidden" });
  await expect(takeOidcSettings(callAs(acme.people.viewer), fields)).rejects.toMatchObject({ code: "not_found" });
  await expect(takeOidcSettings(admin, { ...fields, issuer: "no address" })).rejects.toMatchObject({ fields: { issuer: expect.any(String) } });
});

it("lists a connection's attempts, finds those that were refused, and keeps another connection's apart", async () => {
  const [mine, other] = [await make("saml"), await make("saml")];
  const [refused, tested] = [newId(), newId()];
  const insert = `insert into sso_attempt (id, organization_id, connection_id, mode, outcome, refusal, result, request_ref)
    values ($1, $2, $3, $4, $5, $6, $7, 'test')`;
  await asOwner(db.ownerUrl, insert, [refused, acme.id, mine, "sign_in", "refused", "saml.time", null]);
  await asOwner(db.ownerUrl, insert, [tested, acme.id, mine, "test", "tested", null, JSON.stringify({ claims: { email: ["a@x.example"] } })]);
  const list = (connectionId: string, value?: string) =>
    ask(listAttempts, admin, {
      connectionId,
      conditions: value ? [{ field: "outcome", op: "equals", value }] : [],
      sort: { field: "at", direction: "desc" },
    });
  expect((await list(mine)).rows.map((row) => row.id)).toEqual([tested, refused]);
  expect((await list(mine, "refused")).rows).toMatchObject([{ id: refused, refusal: "saml.time" }]);
  expect((await list(other)).total.count).toBe(0);
  expect((await ask(getLastTests, admin, { connectionId: mine })).sent).toMatchObject({ id: tested, result: { claims: { email: ["a@x.example"] } } });
  await expect(ask(getAttempt, admin, { connectionId: other, attemptId: refused })).rejects.toMatchObject({ code: "not_found" });
});
