import "server-only";
import { createPrivateKey } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import type { Onward } from "../schema";
import { RSA_SHA256, signatureOf } from "./algorithms";
import { type OurKey, signMessage } from "./sign-message";
import { escapeXml, NS } from "./xml";

// What we send for single logout, signed with our key: by redirect beside the message, by a form inside it.

/** `back`: our logout address. `sloUrl`, `sloBinding`: the identity provider's, and how messages go there. */
type Sender = OurKey & { entityId: string; back: string; now: Date; sloUrl: string; sloBinding: "redirect" | "post"; relayState: string | null };
export type Ended = { id: string; subject: string; nameIdFormat: string | null; sessionIndex: string | null };

export const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
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

function sent(parameter: "SAMLRequest" | "SAMLResponse", xml: string, sender: Sender): Onward {
  if (sender.sloBinding === "redirect") return { url: signedUrl(parameter, xml, sender) };
  const message = { [parameter]: Buffer.from(signMessage(xml, sender)).toString("base64") };
  const fields = sender.relayState === null ? message : { ...message, RelayState: sender.relayState };
  return { post: { url: sender.sloUrl, fields, back: sender.back } };
}

/** The way of a person who signs out here, so that the identity provider signs them out too. */
export function sendLogoutRequest(sender: Sender, { id, subject, nameIdFormat, sessionIndex }: Ended): Onward {
  const format = nameIdFormat ? ` Format="${escapeXml(nameIdFormat)}"` : "";
  const index = sessionIndex ? `<samlp:SessionIndex>${escapeXml(sessionIndex)}</samlp:SessionIndex>` : "";
  return sent("SAMLRequest", message("LogoutRequest", id, sender, "", `<saml:NameID${format}>${escapeXml(subject)}</saml:NameID>${index}`), sender);
}

/** The way of a person whose identity provider asked for the logout `inResponseTo`, and whether it was done. */
export function sendLogoutResponse(sender: Sender, { id, inResponseTo, isDone }: { id: string; inResponseTo: string; isDone: boolean }): Onward {
  const status = `<samlp:Status><samlp:StatusCode Value="${isDone ? SUCCESS : REQUESTER}"/></samlp:Status>`;
  return sent("SAMLResponse", message("LogoutResponse", id, sender, ` InResponseTo="${escapeXml(inResponseTo)}"`, status), sender);
}
