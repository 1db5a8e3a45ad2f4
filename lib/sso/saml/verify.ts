import "server-only";
import { createHash, X509Certificate } from "node:crypto";
import type { Element } from "@xmldom/xmldom";
import { SignedXml } from "xml-crypto";
import { SignInRefused } from "../schema";
import { DIGESTS, fromBase64, isSignedBy } from "./algorithms";
import { canonicalForms, canonicalInfo } from "./canonical";
import { judgeAlgorithms, type Parts, partsOf } from "./signature-parts";
import { attribute, readXml, textOf } from "./xml";

// An element's own signature: its direct child, over the whole element, made with one of the connection's keys. What comes back is read
// from the very bytes that were signed, so nothing else of the document can speak. Keys named in the message are never looked at.

export type Trust = { certificates: string[]; allowsSha1: boolean };
export type Signed = { element: Element; usesSha1: boolean; certificate: X509Certificate };

const refuse = (): never => {
  throw new SignInRefused("saml.signature");
};

/** Certificates that can be read; one that can't is no reason to refuse what another one signed. */
export function keysOf(certificates: string[]): X509Certificate[] {
  return certificates.flatMap((pem) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      return [];
    }
  });
}

/** Whose key made the signature. Asked before the library looks at the whole document, which costs much more: who holds no key costs us little. */
function signerOf({ method, info, value }: Parts, certificates: string[]): X509Certificate {
  const [data, bytes] = [canonicalInfo(info), fromBase64(textOf(value)) ?? refuse()];
  return keysOf(certificates).find((one) => isSignedBy(method, data, bytes, one.publicKey)) ?? refuse();
}

/** The library's verifier with nothing but our algorithms in it. */
function verifier({ method, info }: Parts, isSigned: (data: string, signature: string) => boolean): SignedXml {
  const signed = new SignedXml({ publicCert: "ours", getCertFromKeyInfo: () => null });
  signed.idAttributes = ["ID"];
  signed.CanonicalizationAlgorithms = canonicalForms(signed.CanonicalizationAlgorithms, info);
  signed.HashAlgorithms = Object.fromEntries(
    [...DIGESTS].map(([name, hash]) => [
      name,
      class {
        getAlgorithmName = () => name;
        getHash = (xml: string) => createHash(hash).update(xml, "utf8").digest("base64");
      },
    ]),
  );
  signed.SignatureAlgorithms = {
    [method]: class {
      getAlgorithmName = () => method;
      getSignature = refuse;
      verifySignature = (data: string, _key: unknown, signature: string) => isSigned(data, signature);
    },
  };
  return signed;
}

/** `element` as it was signed, read anew. `text` is the document that holds it, `root` its root. */
export function verifySigned(text: string, root: Element, element: Element, signature: Element, trust: Trust): Signed {
  const parts = partsOf(signature, element, root);
  const usesSha1 = judgeAlgorithms(parts, trust.allowsSha1);
  const certificate = signerOf(parts, trust.certificates);
  const signed = verifier(parts, (data, value) => isSignedBy(parts.method, data, fromBase64(value) ?? refuse(), certificate.publicKey));
  let isValid = false;
  try {
    signed.loadSignature(signature as unknown as Node);
    isValid = signed.checkSignature(text);
  } catch {
    // Its messages repeat the values of the document.
  }
  const [bytes, another] = isValid ? signed.getSignedReferences() : [];
  if (!bytes || another !== undefined) return refuse();
  const read = readXml(bytes);
  const isSame = read.localName === element.localName && read.namespaceURI === element.namespaceURI && attribute(read, "ID") === attribute(element, "ID");
  return isSame ? { element: read, usesSha1, certificate } : refuse();
}
