import "server-only";
import { createPrivateKey, randomUUID } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import { RSA_SHA256, signatureOf } from "./algorithms";
import { escapeXml, NS } from "./xml";

// What we send for single logout: by redirect, signed with our key beside the message.

type Sender = { entityId: string; privateKeyPem: string; now: Date /** The identity provider's logout address. */; sloUrl: string; relayState: string | null };
export type Ended = { subject: string; nameIdFormat: string | null; sessionIndex: string | null };

const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
const REQUESTER = "urn:oasis:names:tc:SAML:2.0:status:Requester";

const message = (name: string, id: string, { entityId, now, sloUrl }: Sender, attributes: string, content: string): string =>
  `<samlp:${name} xmlns:samlp="${NS.protocol}" xmlns:saml="${NS.assertion}" ID="${id}" Version="2.0" IssueInstant="${now.toISOString()}" \
Destination="${escapeXml(sloUrl)}"${attributes}><saml:Issuer>${escapeXml(entityId)}</saml:Issuer>${content}</samlp:${name}>`;

function signedUrl(parameter: "SAMLRequest" | "SAMLResponse", xml: string, { sloUrl, privateKeyPem, relayState }: Sender): string {
  const parameters: [string, string][] = [[parameter, deflateRawSync(Buffer.from(xml)).toString("base64")]];
  if (relayState !== null) parameters.push(["RelayState", relayState]);
  parameters.push(["SigAlg", RSA_SHA256]);
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&");
  const signature = signatureOf(RSA_SHA256, query, createPrivateKey(privateKeyPem));
  return `${sloUrl}${sloUrl.includes("?") ? "&" : "?"}${query}&Signature=${encodeURIComponent(signature)}`;
}

/** Where to send a person who signs out here, so that the identity provider signs them out too. */
export function logoutRequestUrl(sender: Sender, { subject, nameIdFormat, sessionIndex }: Ended): { url: string; id: string } {
  const id = `_${randomUUID()}`;
  const format = nameIdFormat ? ` Format="${escapeXml(nameIdFormat)}"` : "";
  const index = sessionIndex ? `<samlp:SessionIndex>${escapeXml(sessionIndex)}</samlp:SessionIndex>` : "";
  const xml = message("LogoutRequest", id, sender, "", `<saml:NameID${format}>${escapeXml(subject)}</saml:NameID>${index}`);
  return { url: signedUrl("SAMLRequest", xml, sender), id };
}

/** Where to send a person whose identity provider asked for the logout `inResponseTo`, and whether it was done. */
export function logoutResponseUrl(sender: Sender, { inResponseTo, isDone }: { inResponseTo: string; isDone: boolean }): string {
  const status = `<samlp:Status><samlp:StatusCode Value="${isDone ? SUCCESS : REQUESTER}"/></samlp:Status>`;
  return signedUrl("SAMLResponse", message("LogoutResponse", `_${randomUUID()}`, sender, ` InResponseTo="${escapeXml(inResponseTo)}"`, status), sender);
}
