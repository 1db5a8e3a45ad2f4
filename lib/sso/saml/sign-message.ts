import "server-only";
import { SignedXml } from "xml-crypto";
import { ENVELOPED, EXCLUSIVE, RSA_SHA256, SHA256 } from "./algorithms";

export type OurKey = { privateKeyPem: string; certificatePem: string };

/** A message of ours with its signature inside, over the whole of it, as the HTTP-POST binding has it (SAML core §5): after its Issuer. */
export function signMessage(xml: string, { privateKeyPem, certificatePem }: OurKey): string {
  const signed = new SignedXml({
    privateKey: privateKeyPem,
    publicCert: certificatePem,
    signatureAlgorithm: RSA_SHA256,
    canonicalizationAlgorithm: EXCLUSIVE,
    getKeyInfoContent: SignedXml.getKeyInfoContent,
  });
  signed.addReference({ xpath: "/*", transforms: [ENVELOPED, EXCLUSIVE], digestAlgorithm: SHA256 });
  signed.computeSignature(xml, { prefix: "ds", location: { reference: "/*/*[local-name(.)='Issuer']", action: "after" } });
  return signed.getSignedXml();
}
