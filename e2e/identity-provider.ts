import { randomUUID } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { inflateRawSync } from "node:zlib";
import { SignedXml } from "xml-crypto";
import { keyAndCertificate } from "../lib/sso/saml/certificates.sample";

// A small SAML identity provider for browser tests: a page on which one chooses who one is, and signed answers. Knows nothing of the product's
// code. Where a test names a real provider, see e2e/peers.

export type Account = { email: string; name: string; groups: string[]; enabled: boolean };

const NS = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"';
const escaped = (text: string) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);

type Asked = { id: string; acs: string; entityId: string };
function readRequest(encoded: string): Asked {
  const bytes = Buffer.from(encoded, "base64");
  // By redirect it is deflated, by a form it is not.
  const xml = (bytes[0] === 0x3c ? bytes : inflateRawSync(bytes)).toString("utf8");
  const read = (pattern: RegExp) => pattern.exec(xml)?.[1] ?? "";
  return { id: read(/\sID="([^"]+)"/), acs: read(/AssertionConsumerServiceURL="([^"]+)"/), entityId: read(/Issuer[^>]*>([^<]+)</) };
}

/** Starts one on a free port. `accounts` may be changed while it runs. */
export async function startIdentityProvider(accounts: Account[]) {
  const { keyPem: key, certificate } = keyAndCertificate();
  let issuer = "";
  const answer = (asked: Asked, { email, name, groups }: Account): string => {
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    const attribute = (of: string, values: string[]) =>
      `<saml:Attribute Name="${of}">${values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join("")}</saml:Attribute>`;
    const xml = `<samlp:Response ${NS} ID="_${randomUUID()}" Version="2.0" IssueInstant="${at(0)}" Destination="${asked.acs}" InResponseTo="${asked.id}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ${NS} ID="_${randomUUID()}" Version="2.0" IssueInstant="${at(0)}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">id-${escaped(email)}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData Recipient="${asked.acs}" NotOnOrAfter="${at(5)}" InResponseTo="${asked.id}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${at(-5)}" NotOnOrAfter="${at(5)}"><saml:AudienceRestriction><saml:Audience>${escaped(asked.entityId)}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="_${randomUUID()}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("email", [email])}${attribute("firstName", [name.split(" ")[0] ?? ""])}${attribute("lastName", [name.split(" ")[1] ?? ""])}${attribute("groups", groups)}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
    const signer = new SignedXml({
      privateKey: key,
      signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
      canonicalizationAlgorithm: "http://www.w3.org/2001/10/xml-exc-c14n#",
    });
    const xpath = "//*[local-name(.)='Assertion']";
    signer.addReference({
      xpath,
      transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", "http://www.w3.org/2001/10/xml-exc-c14n#"],
      digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
    });
    signer.computeSignature(xml, { prefix: "ds", location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: "after" } });
    return Buffer.from(signer.getSignedXml()).toString("base64");
  };
  const page = (response: http.ServerResponse, body: string) =>
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(`<!doctype html><title>Identity provider</title><h1>Who are you?</h1>${body}`);
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", issuer);
    const ask = (name: string) => url.searchParams.get(name) ?? "";
    if (request.method === "POST") {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      url.search = new URLSearchParams(Buffer.concat(chunks).toString("utf8")).toString();
    }
    if (url.pathname === "/slo") return page(response, `<p>Signed out there, ${url.searchParams.has("Signature") ? "as asked by signature" : "unsigned"}.</p>`);
    if (url.pathname === "/metadata") {
      const body = certificate.replace(/-----[^-]+-----|\s/g, "");
      return response
        .writeHead(200, { "content-type": "application/samlmetadata+xml" })
        .end(
          `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${issuer}"><md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor><md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${issuer}/slo"/><md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:${ask("binding") || "HTTP-Redirect"}" Location="${issuer}/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>`,
        );
    }
    if (url.pathname !== "/sso") return response.writeHead(404).end();
    const account = accounts.find(({ email }) => email === ask("as"));
    if (!account) {
      const links = accounts.map(({ email, name }) => `<p><a href="${escaped(`/sso${url.search}&as=${encodeURIComponent(email)}`)}">${escaped(name)}</a></p>`);
      return page(response, links.join(""));
    }
    if (!account.enabled) return page(response, "<p>This account is disabled.</p>");
    const asked = readRequest(ask("SAMLRequest"));
    const fields = { SAMLResponse: answer(asked, account), RelayState: ask("RelayState") };
    const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`);
    page(
      response,
      `<form method="post" action="${escaped(asked.acs)}">${inputs.join("")}<button>Continue</button></form><script>document.forms[0].submit()</script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { issuer, metadataUrl: `${issuer}/metadata`, accounts, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
