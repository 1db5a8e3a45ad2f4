import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { keyAndCertificate } from "./certificates.sample";
import { checkResponse } from "./check-response";
import { answerOf, assertionXml, encoded, expectedOf, responseXml, signElement } from "./identity-provider.sample";

// What another implementation encrypts, our gate opens.

type Encrypt = (content: string, options: object, done: (error: Error | null, xml: string) => void) => void;
const { encrypt } = createRequire(import.meta.url)("xml-encryption") as { encrypt: Encrypt };
const ours = keyAndCertificate({ name: "reeve.example" });

const encrypted = (content: string, encryptionAlgorithm: string, keyEncryptionAlgorithm: string) =>
  new Promise<string>((resolve, reject) => {
    const rsa_pub = ours.key.export({ format: "pem", type: "pkcs8" });
    const options = { rsa_pub, pem: ours.certificate, encryptionAlgorithm, keyEncryptionAlgorithm, warnInsecureAlgorithm: false };
    encrypt(content, options, (error, xml) => (error ? reject(error) : resolve(xml)));
  });
const OAEP = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";

async function refusalOrSubject(cipher: string, wrapping: string): Promise<string> {
  const xml = await encrypted(signElement(assertionXml(answerOf()), "Assertion"), cipher, wrapping);
  const place = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${xml}</saml:EncryptedAssertion>`;
  try {
    return checkResponse(encoded(responseXml(answerOf(), place)), expectedOf({ privateKeyPem: ours.keyPem })).subject;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test.each(["2001/04/xmlenc#aes128-cbc", "2001/04/xmlenc#aes256-cbc", "2009/xmlenc11#aes128-gcm", "2009/xmlenc11#aes256-gcm"])("%s", async (cipher) => {
  expect(await refusalOrSubject(`http://www.w3.org/${cipher}`, OAEP)).toBe("ada@acme.example");
});

test("3DES and PKCS #1 v1.5 stay shut", async () => {
  expect(await refusalOrSubject("http://www.w3.org/2001/04/xmlenc#tripledes-cbc", OAEP)).toBe("saml.decryption");
  expect(await refusalOrSubject("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "http://www.w3.org/2001/04/xmlenc#rsa-1_5")).toBe("saml.decryption");
});
