import http from "node:http";
import type { AddressInfo } from "node:net";
import pg from "pg";
import { GOOD } from "../../lib/outgoing/certificates.sample";
import { expect, runningReeve, test } from "../browser";
import { checkPages } from "../page-check";

// A security engineer connects identity providers: by fields, by metadata, by an issuer that is not what it says; proves a domain; and is
// told why it can't be enforced yet.

test.describe.configure({ mode: "default" });

const SECRET = "a-client-secret-of-the-test";
let provider: http.Server;
let issuer = "";

const metadata =
  () => `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example/meta">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${GOOD.replace(/-----[^-]+-----|\s/g, "")}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor>
    <SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://idp.example/meta/sso"/>
  </IDPSSODescriptor></EntityDescriptor>`;

test.beforeAll(async () => {
  provider = http.createServer((request, response) => {
    if (request.url === "/realm/.well-known/openid-configuration") response.end(JSON.stringify(discovery(issuer)));
    else if (request.url === "/other/.well-known/openid-configuration") response.end(JSON.stringify(discovery("https://accounts.example")));
    else if (request.url === "/metadata") response.end(metadata());
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/realm`;
});
test.afterAll(() => provider?.close().closeAllConnections());

const discovery = (of: string) => ({ issuer: of, authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t`, jwks_uri: `${issuer}/k` });

test("a connection over SAML is made step by step, by fields", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/sso");
  await expect(page.getByText("No identity provider is connected.")).toBeVisible();
  await page.getByRole("link", { name: "Connect a provider" }).click();
  await page.getByLabel("Identity provider").selectOption({ label: "Keycloak" });
  await page.getByLabel("Name", { exact: true }).fill("Keycloak of Acme");
  await page.getByLabel("Name in the address").fill("new");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByText("This name is taken by a page of ours.").first()).toBeVisible();
  await page.getByLabel("Name in the address").fill("keycloak-acme");
  await page.getByRole("button", { name: "Save and continue" }).click();

  await expect(page).toHaveURL("/settings/sso/keycloak-acme/give");
  const fields = page.getByRole("region", { name: "What to fill in there" });
  await expect(fields.getByRole("row").filter({ hasText: "Master SAML Processing URL" })).toContainText("/api/sso/keycloak-acme/acs");
  await expect(page.getByText("Revision 1, not switched on")).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch on…" })).toHaveCount(0);
  await page.getByRole("link", { name: "Continue" }).click();

  await page.getByLabel("Field by field").check();
  await page.getByLabel("Issuer").fill("https://idp.example/realm");
  await page.getByLabel("Single sign-on URL").fill("https://idp.example/realm/saml");
  await page.getByLabel("Signing certificates").fill("no certificate");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("At least one certificate, in PEM");
  await expect(page.getByLabel("Issuer")).toHaveValue("https://idp.example/realm");
  await page.getByLabel("Signing certificates").fill(GOOD);
  await page.getByRole("button", { name: "Save and continue" }).click();

  await expect(page.getByLabel("E-mail address")).toHaveValue("email");
  await page.getByLabel("Groups optional").fill("memberOf");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByRole("button", { name: "Start the test login" })).toBeVisible();
  await expect(page.getByText("No domain is proven yet", { exact: false })).toBeVisible();

  await page.goto("/settings/sso/keycloak-acme/take");
  await expect(page.getByRole("region", { name: "Certificates" })).toContainText("CN=idp.example");
  await page.goto("/settings/sso");
  await expect(page.getByRole("region", { name: "Connections" }).getByRole("row").filter({ hasText: "Keycloak of Acme" })).toContainText("Not switched on");
});

test("the same data is read out of metadata, from an address or a file", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/sso/keycloak-acme/take");
  await page.getByLabel("Its metadata's address").check();
  await page.getByLabel("Metadata URL").fill(issuer.replace("/realm", "/nothing"));
  await page.getByRole("button", { name: "Read and save" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("status 404");
  await page.getByLabel("Metadata URL").fill(issuer.replace("/realm", "/metadata"));
  await page.getByRole("button", { name: "Read and save" }).click();
  await expect(page.getByText("https://idp.example/meta/sso")).toBeVisible();
  await page.getByLabel("Its metadata as a file").check();
  await page.getByLabel("Metadata file").setInputFiles({ name: "idp.xml", mimeType: "application/xml", buffer: Buffer.from("<nothing/>") });
  await expect(page.getByLabel("Its text")).toHaveValue("<nothing/>");
  await page.getByRole("button", { name: "Read and save" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("This is not SAML metadata.");
});

test("an OpenID issuer has to be what its own document says; its secret is shown never again", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/sso/new");
  await page.getByLabel("Identity provider").selectOption({ label: "Another provider" });
  await page.getByLabel("Protocol").selectOption({ label: "OpenID Connect" });
  await page.getByLabel("Name", { exact: true }).fill("Accounts");
  await page.getByLabel("Name in the address").fill("accounts");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByText("/api/sso/oidc").first()).toBeVisible();
  await page.getByRole("link", { name: "Continue" }).click();
  await page.getByLabel("Issuer").fill(issuer.replace("/realm", "/other"));
  await page.getByLabel("Client id").fill("reeve");
  await page.getByLabel("Client secret").fill(SECRET);
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The document there is of the issuer https://accounts.example.");
  await page.getByLabel("Issuer").fill(issuer);
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page).toHaveURL("/settings/sso/accounts/attributes");
  await page.goto("/settings/sso/accounts/take");
  await expect(page.getByLabel("Client secret optional")).toHaveValue("");
  expect(await page.content()).not.toContain(SECRET);
});

test("a domain is proven, and enforced only when nobody is locked out", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/sso/keycloak-acme/domains");
  await page.getByRole("button", { name: "Add a domain…" }).click();
  await page.getByRole("dialog").getByLabel("Domain").fill("co.uk");
  await page.getByRole("button", { name: "Add the domain" }).click();
  await expect(page.getByRole("dialog").getByText("A domain of your own, such as example.com.").first()).toBeVisible();
  await page.getByRole("dialog").getByLabel("Domain").fill("ACME.example");
  await page.getByRole("button", { name: "Add the domain" }).click();
  await expect(page.getByText("_reeve-challenge.acme.example")).toBeVisible();
  await page.getByRole("button", { name: "Check DNS" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText(/DNS has no TXT record|DNS did not answer/, { timeout: 20_000 });
  await page.getByRole("button", { name: "Confirm by hand…" }).click();
  await page.getByRole("button", { name: "Confirm acme.example" }).click();
  await expect(page.getByRole("dialog").getByText("Say how you know that the domain is yours.").first()).toBeVisible();
  await page.getByLabel("How you know that the domain is yours").fill("We registered it.");
  await page.getByRole("button", { name: "Confirm acme.example" }).click();
  await expect(page.getByText("Confirmed by hand")).toBeVisible();
  await expect(page.getByText("Keycloak of Acme is not switched on. Switch it on first.", { exact: false })).toBeVisible();
  await expect(page.getByRole("button", { name: "Enforce…" })).toHaveCount(0);
  await page.getByRole("button", { name: "Switch on…" }).click();
  await page.getByRole("button", { name: "Switch it on" }).click();
  await expect(page.getByText("No test login has passed through Keycloak of Acme.", { exact: false })).toBeVisible();
  await expect(
    page
      .getByRole("region", { name: /never signed in/ })
      .getByRole("row")
      .nth(1),
  ).toContainText("System Admin");
});

const RESULT = {
  subject: "f3a1c9",
  claims: { email: ["mira.aalto@acme.example"], firstName: ["Mira"], lastName: ["Aalto"], memberOf: ["ds-contributors", "all-staff"], department: ["Fraud"] },
  warnings: [],
  email: "mira.aalto@acme.example",
  name: "Mira Aalto",
  groups: ["ds-contributors", "all-staff"],
  account: { effect: "created", principalId: null, refusal: null },
  grants: [{ change: "+", role: "contributor", scope: "fraud-detection", via: "ds-contributors" }],
  checks: [
    { check: "Signature, audience, recipient and times", ok: true, detail: "exact" },
    { check: "Certificate", ok: false, detail: "ends in 21 days" },
  ],
};
let attempt = "";

test("what a test login found stands in its step, beside the attributes and with the attempt", async ({ openAs }) => {
  const client = new pg.Client({ connectionString: runningReeve().ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  const steps = [{ at: new Date().toISOString(), step: "sent to the identity provider", ok: true }];
  const { rows } = await client.query(
    `insert into sso_attempt (id, organization_id, connection_id, mode, outcome, email, steps, result, request_ref, ended_at)
     select gen_random_uuid(), organization_id, id, 'test', 'tested', $1, $2, $3, 'test', now() from sso_connection where slug = 'keycloak-acme' returning id`,
    [RESULT.email, JSON.stringify(steps), JSON.stringify(RESULT)],
  );
  await client.query("update sso_connection set tested_version = version, tested_at = now() where slug = 'keycloak-acme'");
  await client.end();
  attempt = rows[0].id;
  const page = await openAs("systemAdmin", "/settings/sso/keycloak-acme/test");
  await expect(page.getByText("A valid answer. Nobody was signed in, nothing was changed.")).toBeVisible();
  await expect(page.getByRole("region", { name: "What was sent" }).getByRole("row").filter({ hasText: "department" })).toContainText("not mapped");
  await expect(page.getByText("Mira Aalto has no account yet", { exact: false })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "fraud-detection" })).toContainText("Contributor");
  await expect(page.getByText("all-staff has no rule")).toBeVisible();
  await expect(page.getByRole("complementary", { name: "Pass sheet" })).toContainText("1 of 2 hold");
  await page.goto("/settings/sso/keycloak-acme/attributes");
  await expect(page.getByText("ds-contributors, all-staff")).toBeVisible();
  await page.goto("/settings/sso/keycloak-acme/attempts");
  await page.getByRole("grid").getByRole("row").filter({ hasText: "Test passed" }).first().click();
  await expect(page.getByRole("cell", { name: "sent to the identity provider" })).toBeVisible();
  await page.goto("/settings/sso/keycloak-acme/domains");
  await expect(
    page
      .getByText("No System Admin could sign in any more.", { exact: false })
      .or(page.getByText("You could not sign in any more yourself.", { exact: false })),
  ).toBeVisible();
});

test("an auditor reads it all, without a way to change it; others don't find it", async ({ openAs }) => {
  const page = await openAs("auditor", "/settings/sso/accounts/take");
  await expect(page.getByLabel("Issuer")).toBeDisabled();
  expect(await page.content()).not.toContain(SECRET);
  await page.getByRole("button", { name: "Save and continue" }).press("Enter");
  await expect(page.getByText("Changing single sign-on is not in your role")).toBeVisible();
  await page.goto("/settings/sso/keycloak-acme/domains");
  await expect(page.getByText("Confirmed by hand")).toBeVisible();
  await expect(page.getByRole("button", { name: /^(Remove|Enforce|Add a domain|Switch off)…$/ })).toHaveCount(0);
  for (const who of ["viewer", "workspaceAdmin"] as const) {
    const other = await openAs(who);
    for (const path of ["", "/new", "/accounts", "/accounts/attempts"]) expect((await other.goto(`/settings/sso${path}`))?.status(), path).toBe(404);
  }
});

test("it is deleted by its typed name", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/sso/accounts/options");
  await page.getByRole("button", { name: "Delete this connection…" }).click();
  await page.getByLabel("Type Accounts").fill("Accounts");
  await page.getByRole("button", { name: "Delete Accounts" }).click();
  await expect(page).toHaveURL("/settings/sso");
  await expect(page.getByRole("link", { name: "Accounts", exact: true })).toHaveCount(0);
});

const at = (part: string) => () => `/settings/sso/keycloak-acme/${part}`;
checkPages([
  { name: "connections", person: "systemAdmin", path: () => "/settings/sso" },
  { name: "a new connection", person: "systemAdmin", path: () => "/settings/sso/new" },
  ...["provider", "give", "take", "attributes", "test", "domains", "options"].map((part) => ({
    name: `a connection: ${part}`,
    person: "systemAdmin" as const,
    path: at(part),
  })),
  { name: "an attempt", person: "auditor", path: () => at("attempts")().concat(`/${attempt}`) },
  { name: "a connection's people", person: "auditor", path: at("people") },
  { name: "a connection's attempts", person: "auditor", path: at("attempts") },
]);
