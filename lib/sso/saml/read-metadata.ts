import "server-only";
import type { Element } from "@xmldom/xmldom";
import { AppError } from "@/lib/kernel/errors";
import { certificateFacts, certificatesIn, weaknessOf } from "../certificates";
import type { CertificateFacts, SamlSettings } from "../schema";
import { momentOf } from "./moments";
import { UnreadableXml } from "./scan";
import { attribute, children, everyElement, isNamed, NS, readXml, textOf } from "./xml";

// An identity provider's metadata document, read into the fields that a connection keeps. The document is the administrator's choice (a file,
// or fetched by our own guard); what it names is shown before it is trusted.

export type IdpMetadata = {
  settings: Omit<SamlSettings, "metadataUrl">;
  certificates: CertificateFacts[];
  /** ISO 8601: until when the document says that it holds; null when it does not say. */
  validUntil: string | null;
  wantsSignedRequests: boolean;
};

const MOST_BYTES = 1024 * 1024;
const LIMITS = { depth: 60, elements: 20_000 };
const BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:";
const AGAIN = "Download the metadata of this one application from the identity provider again.";

const refuse = (message: string, fix: string): never => {
  throw new AppError("invalid_input", message, { fix });
};

function rootOf(xml: string): Element {
  if (Buffer.byteLength(xml) > MOST_BYTES)
    refuse("The metadata is larger than 1 MB.", "Give the metadata of the one identity provider, not of a whole federation.");
  try {
    return readXml(xml.replace(/^\ufeff/, ""), LIMITS);
  } catch (error) {
    if (!(error instanceof UnreadableXml)) throw error;
    return refuse(`The metadata can't be read: ${error.reason}.`, AGAIN);
  }
}

/** The one identity provider in the document: its descriptor and its part of it. */
function providerOf(root: Element): { entity: Element; role: Element } {
  const all = everyElement(root);
  const entities = all.filter((one) => isNamed(one, "metadata", "EntityDescriptor"));
  if (entities.length === 0) refuse("This is not SAML metadata.", AGAIN);
  const speaks = (role: Element) => (attribute(role, "protocolSupportEnumeration") ?? NS.protocol).split(/\s+/).includes(NS.protocol);
  const providers = entities.flatMap((entity) =>
    children(entity, "metadata", "IDPSSODescriptor")
      .filter(speaks)
      .map((role) => ({ entity, role })),
  );
  const [provider, another] = providers;
  if (another) return refuse(`The metadata holds ${providers.length} identity providers.`, "Give the metadata of the one that people sign in with.");
  if (provider) return provider;
  const isService = all.some((one) => isNamed(one, "metadata", "SPSSODescriptor"));
  return isService
    ? refuse("This is the metadata of an application, not of an identity provider.", "Look for the identity provider's own metadata; ours goes to it.")
    : refuse("The metadata describes no SAML 2.0 identity provider.", AGAIN);
}

/** The earliest end that the document states. A document that is over may name keys that are no longer to be trusted. */
function validityOf(root: Element, entity: Element, role: Element, now: Date): string | null {
  const ends = [root, entity, role].flatMap((one) => {
    const text = attribute(one, "validUntil");
    return text === null ? [] : [momentOf(text) ?? refuse("The metadata's validUntil is not a time.", AGAIN)];
  });
  if (ends.length === 0) return null;
  const end = new Date(Math.min(...ends)).toISOString();
  return new Date(end) > now ? end : refuse(`The metadata was valid until ${end}.`, AGAIN);
}

function locationOf(role: Element, service: string, bindings: ("HTTP-Redirect" | "HTTP-POST")[]): { url: string; binding: "redirect" | "post" } | undefined {
  const services = children(role, "metadata", service);
  for (const binding of bindings) {
    const url = attribute(
      services.find((one) => attribute(one, "Binding") === BINDING + binding),
      "Location",
    )?.trim();
    if (!url) continue;
    const isAddress = url.length <= 2_000 && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
    return isAddress ? { url, binding: binding === "HTTP-POST" ? "post" : "redirect" } : refuse(`The metadata's ${service} is not an http address.`, AGAIN);
  }
  return undefined;
}

/** Keys that sign, as PEM: those for signing, and those that say no use. Of a chain the first is the key's own. */
function certificatesOf(role: Element): string[] {
  const keys = children(role, "metadata", "KeyDescriptor").filter((one) => (attribute(one, "use") ?? "signing") === "signing");
  const data = keys.flatMap((key) => children(key, "signature", "KeyInfo").flatMap((info) => children(info, "signature", "X509Data")));
  const texts = data.map((one) => textOf(children(one, "signature", "X509Certificate")[0]).replace(/\s/g, "")).filter(Boolean);
  if (texts.length === 0)
    refuse("The metadata holds no certificate to check signatures with.", "Switch signing on at the identity provider, then give its metadata again.");
  const found = new Set(texts.map((text) => certificatesIn(text)?.[0] ?? refuse("A certificate in the metadata can't be read.", AGAIN)));
  if (found.size > 10) refuse("The metadata holds more than 10 signing certificates.", "Remove the ones that are no longer used at the identity provider.");
  for (const weakness of [...found].map(weaknessOf)) if (weakness) refuse(weakness, "Have the identity provider make a new key, then give its metadata again.");
  return [...found];
}

/** Throws invalid_input with the reason and what to do. */
export function parseIdpMetadata(xml: string, now: Date): IdpMetadata {
  const root = rootOf(xml);
  const { entity, role } = providerOf(root);
  const validUntil = validityOf(root, entity, role, now);
  const issuer = attribute(entity, "entityID")?.trim();
  if (!issuer || issuer.length > 1_024) return refuse("The metadata does not name its issuer (entityID).", AGAIN);
  const sso = locationOf(role, "SingleSignOnService", ["HTTP-Redirect", "HTTP-POST"]);
  if (!sso) return refuse("The metadata names no address to sign in at.", "Switch on sign-in by HTTP-Redirect or HTTP-POST at the identity provider.");
  const slo = locationOf(role, "SingleLogoutService", ["HTTP-Redirect", "HTTP-POST"]);
  const certificates = certificatesOf(role);
  return {
    settings: {
      issuer,
      ssoUrl: sso.url,
      ssoBinding: sso.binding,
      sloUrl: slo?.url ?? null,
      sloBinding: slo?.binding ?? "redirect",
      certificates,
    },
    certificates: certificates.map(certificateFacts),
    validUntil,
    wantsSignedRequests: /^(true|1)$/.test(attribute(role, "WantAuthnRequestsSigned") ?? ""),
  };
}
