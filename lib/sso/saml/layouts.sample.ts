import { type Answer, minutes } from "./identity-provider.sample";

// How identity providers in use lay out a response, unsigned: namespaces, order, optional parts, space. Each says the same of the same person.

type Layout = (a: Answer) => string;
const URI = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
const BASIC = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const XSI = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const EMAIL_ID = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
const ENTITY = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
const PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport";
const inResponseTo = (a: Answer): string => (a.requestId ? ` InResponseTo="${a.requestId}"` : "");
const first = (a: Answer, name: string): string => a.attributes[name]?.[0] ?? "";
const each = (a: Answer, name: string, write: (value: string) => string): string => (a.attributes[name] ?? []).map(write).join("");

const okta: Layout = (a) => {
  const value = (text: string) => `<saml2:AttributeValue ${XSI} xsi:type="xs:string">${text}</saml2:AttributeValue>`;
  const attribute = (name: string) => `<saml2:Attribute Name="${name}" NameFormat="${UNSPECIFIED}">${each(a, name, value)}</saml2:Attribute>`;
  return `<?xml version="1.0" encoding="UTF-8"?><saml2p:Response Destination="${a.acsUrl}" ID="${a.responseId}"${inResponseTo(a)} IssueInstant="${minutes(a.now, 0)}" Version="2.0" xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:xs="http://www.w3.org/2001/XMLSchema"><saml2:Issuer Format="${ENTITY}" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">${a.issuer}</saml2:Issuer><saml2p:Status xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol"><saml2p:StatusCode Value="${SUCCESS}"/></saml2p:Status><saml2:Assertion ID="${a.assertionId}" IssueInstant="${minutes(a.now, 0)}" Version="2.0" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xs="http://www.w3.org/2001/XMLSchema"><saml2:Issuer Format="${ENTITY}" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">${a.issuer}</saml2:Issuer><saml2:Subject xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:NameID Format="${EMAIL_ID}">${a.subject}</saml2:NameID><saml2:SubjectConfirmation Method="${BEARER}"><saml2:SubjectConfirmationData${inResponseTo(a)} NotOnOrAfter="${minutes(a.now, 5)}" Recipient="${a.acsUrl}"/></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="${minutes(a.now, -5)}" NotOnOrAfter="${minutes(a.now, 5)}" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:AudienceRestriction><saml2:Audience>${a.entityId}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AuthnStatement AuthnInstant="${minutes(a.now, -1)}" SessionIndex="${a.requestId}" xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion"><saml2:AuthnContext><saml2:AuthnContextClassRef>${PASSWORD}</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement><saml2:AttributeStatement xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">${["email", "name", "groups"].map(attribute).join("")}</saml2:AttributeStatement></saml2:Assertion></saml2p:Response>`;
};

const CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
const microsoft = (a: Answer): string => {
  const value = (text: string) => `<AttributeValue>${text}</AttributeValue>`;
  return `<Assertion ID="${a.assertionId}" IssueInstant="${minutes(a.now, 0).replace("Z", "1234Z")}" Version="2.0" xmlns="urn:oasis:names:tc:SAML:2.0:assertion"><Issuer>${a.issuer}</Issuer><Subject><NameID Format="${EMAIL_ID}">${a.subject}</NameID><SubjectConfirmation Method="${BEARER}"><SubjectConfirmationData${inResponseTo(a)} NotOnOrAfter="${minutes(a.now, 5)}" Recipient="${a.acsUrl}"/></SubjectConfirmation></Subject><Conditions NotBefore="${minutes(a.now, -5)}" NotOnOrAfter="${minutes(a.now, 60)}"><AudienceRestriction><Audience>${a.entityId}</Audience></AudienceRestriction></Conditions><AttributeStatement><Attribute Name="http://schemas.microsoft.com/identity/claims/tenantid"><AttributeValue>7f1c</AttributeValue></Attribute><Attribute Name="http://schemas.microsoft.com/ws/2008/06/identity/claims/groups">${each(a, "groups", value)}</Attribute><Attribute Name="${CLAIMS}/emailaddress">${value(first(a, "email"))}</Attribute><Attribute Name="${CLAIMS}/name">${value(first(a, "name"))}</Attribute></AttributeStatement><AuthnStatement AuthnInstant="${minutes(a.now, -30)}" SessionIndex="${a.assertionId}"><AuthnContext><AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</AuthnContextClassRef></AuthnContext></AuthnStatement></Assertion>`;
};
const entra: Layout = (a) =>
  `<samlp:Response ID="${a.responseId}" Version="2.0" IssueInstant="${minutes(a.now, 0)}" Destination="${a.acsUrl}"${inResponseTo(a)} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">${a.issuer}</Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status>${microsoft(a)}</samlp:Response>`;
const adfs: Layout = (a) =>
  `<samlp:Response ID="${a.responseId}" Version="2.0" IssueInstant="${minutes(a.now, 0)}" Destination="${a.acsUrl}" Consent="urn:oasis:names:tc:SAML:2.0:consent:unspecified"${inResponseTo(a)} xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"><Issuer xmlns="urn:oasis:names:tc:SAML:2.0:assertion">${a.issuer}</Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}" /></samlp:Status>${microsoft(a)}</samlp:Response>`;

const google: Layout = (a) => {
  const value = (text: string) => `<saml2:AttributeValue ${XSI} xsi:type="xs:anyType">${text}</saml2:AttributeValue>`;
  const attribute = (name: string) => `<saml2:Attribute Name="${name}">${each(a, name, value)}</saml2:Attribute>`;
  return `<?xml version="1.0" encoding="UTF-8" standalone="no"?><saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" Destination="${a.acsUrl}" ID="${a.responseId}"${inResponseTo(a)} IssueInstant="${minutes(a.now, 0)}" Version="2.0"><saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">${a.issuer}</saml2:Issuer><saml2p:Status><saml2p:StatusCode Value="${SUCCESS}"/></saml2p:Status><saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="${a.assertionId}" IssueInstant="${minutes(a.now, 0)}" Version="2.0"><saml2:Issuer>${a.issuer}</saml2:Issuer><saml2:Subject><saml2:NameID Format="${EMAIL_ID}">${a.subject}</saml2:NameID><saml2:SubjectConfirmation Method="${BEARER}"><saml2:SubjectConfirmationData${inResponseTo(a)} NotOnOrAfter="${minutes(a.now, 5)}" Recipient="${a.acsUrl}"/></saml2:SubjectConfirmation></saml2:Subject><saml2:Conditions NotBefore="${minutes(a.now, -5)}" NotOnOrAfter="${minutes(a.now, 5)}"><saml2:AudienceRestriction><saml2:Audience>${a.entityId}</saml2:Audience></saml2:AudienceRestriction></saml2:Conditions><saml2:AttributeStatement>${["email", "name", "groups"].map(attribute).join("")}</saml2:AttributeStatement><saml2:AuthnStatement AuthnInstant="${minutes(a.now, -2)}" SessionIndex="${a.assertionId}"><saml2:AuthnContext><saml2:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml2:AuthnContextClassRef></saml2:AuthnContext></saml2:AuthnStatement></saml2:Assertion></saml2p:Response>`;
};

const keycloak: Layout = (a) => {
  const attribute = (name: string, friendly: string, text: string) =>
    `<saml:Attribute FriendlyName="${friendly}" Name="${name}" NameFormat="${BASIC}"><saml:AttributeValue ${XSI} xsi:type="xs:string">${text}</saml:AttributeValue></saml:Attribute>`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" Destination="${a.acsUrl}" ID="${a.responseId}"${inResponseTo(a)} IssueInstant="${minutes(a.now, 0)}" Version="2.0"><saml:Issuer>${a.issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="${SUCCESS}"/></samlp:Status><saml:Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="${a.assertionId}" IssueInstant="${minutes(a.now, 0)}" Version="2.0"><saml:Issuer>${a.issuer}</saml:Issuer><saml:Subject><saml:NameID Format="${EMAIL_ID}">${a.subject}</saml:NameID><saml:SubjectConfirmation Method="${BEARER}"><saml:SubjectConfirmationData${inResponseTo(a)} NotOnOrAfter="${minutes(a.now, 5)}" Recipient="${a.acsUrl}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${minutes(a.now, -1)}" NotOnOrAfter="${minutes(a.now, 1)}"><saml:AudienceRestriction><saml:Audience>${a.entityId}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${minutes(a.now, 0)}" SessionIndex="c1::d2" SessionNotOnOrAfter="${minutes(a.now, 600)}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute("email", "E-Mail", first(a, "email"))}${attribute("name", "Name", first(a, "name"))}${each(a, "groups", (group) => attribute("groups", "Groups", group))}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
};

/** By object identifier with friendly names, laid out over lines, with Advice-free extras that federations of universities send. */
const shibboleth: Layout = (a) => {
  const attribute = (id: string, friendly: string, name: string) => `
      <saml2:Attribute FriendlyName="${friendly}" Name="urn:oid:${id}" NameFormat="${URI}">
        ${each(a, name, (text) => `<saml2:AttributeValue>${text}</saml2:AttributeValue>\n        `)}
      </saml2:Attribute>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<saml2p:Response xmlns:saml2p="urn:oasis:names:tc:SAML:2.0:protocol" Destination="${a.acsUrl}" ID="${a.responseId}"${inResponseTo(a)} IssueInstant="${minutes(a.now, 0)}" Version="2.0">
  <saml2:Issuer xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion">${a.issuer}</saml2:Issuer>
  <saml2p:Status><saml2p:StatusCode Value="${SUCCESS}"/><saml2p:StatusMessage>ok</saml2p:StatusMessage></saml2p:Status>
  <saml2:Assertion xmlns:saml2="urn:oasis:names:tc:SAML:2.0:assertion" ID="${a.assertionId}" IssueInstant="${minutes(a.now, 0)}" Version="2.0">
    <saml2:Issuer>${a.issuer}</saml2:Issuer>
    <saml2:Subject>
      <saml2:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" NameQualifier="${a.issuer}" SPNameQualifier="${a.entityId}">
        ${a.subject}
      </saml2:NameID>
      <saml2:SubjectConfirmation Method="${BEARER}">
        <saml2:SubjectConfirmationData Address="192.0.2.7"${inResponseTo(a)} NotOnOrAfter="${minutes(a.now, 5)}" Recipient="${a.acsUrl}"/>
      </saml2:SubjectConfirmation>
    </saml2:Subject>
    <saml2:Conditions NotBefore="${minutes(a.now, 0)}" NotOnOrAfter="${minutes(a.now, 5)}">
      <saml2:AudienceRestriction>
        <saml2:Audience>
          ${a.entityId}
        </saml2:Audience>
      </saml2:AudienceRestriction>
      <saml2:OneTimeUse/>
      <saml2:ProxyRestriction Count="0"/>
    </saml2:Conditions>
    <saml2:AuthnStatement AuthnInstant="${minutes(a.now, 0)}" SessionIndex="_s1">
      <saml2:SubjectLocality Address="192.0.2.7"/>
      <saml2:AuthnContext><saml2:AuthnContextClassRef>${PASSWORD}</saml2:AuthnContextClassRef></saml2:AuthnContext>
    </saml2:AuthnStatement>
    <saml2:AttributeStatement>${attribute("0.9.2342.19200300.100.1.3", "email", "email")}${attribute("2.16.840.1.113730.3.1.241", "name", "name")}${attribute("1.3.6.1.4.1.5923.1.5.1.1", "groups", "groups")}
    </saml2:AttributeStatement>
  </saml2:Assertion>
</saml2p:Response>
`;
};

/** SAML's own namespaces as defaults everywhere, without prefixes. */
const plain: Layout = (a) =>
  entra(a).replaceAll("samlp:", "").replace("xmlns:samlp=", "xmlns=").replace(" xmlns:samlp=", " xmlns=").replaceAll(`${CLAIMS}/emailaddress`, "email");

export const LAYOUTS: Record<string, Layout> = { okta, entra, adfs, google, keycloak, shibboleth, plain };
