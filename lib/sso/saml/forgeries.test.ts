import { expect, test } from "vitest";
import { keyAndCertificate } from "./certificates.sample";
import { checkResponse } from "./check-response";
import { forgeries } from "./forgeries";
import { answerOf, encoded, encryptAssertion, expectedOf, responseXml, signResponse } from "./identity-provider.sample";
import { LAYOUTS } from "./layouts.sample";

const ours = keyAndCertificate({ name: "reeve.example" });
const expected = expectedOf({ privateKeyPem: ours.keyPem });
const inside = signResponse(responseXml(answerOf()));
const SHAPES: [string, string][] = [
  ["signed response", signResponse(responseXml(answerOf()), { what: "response" })],
  ["signed assertion", inside],
  ["both", signResponse(LAYOUTS.keycloak?.(answerOf()) ?? "", { what: "both", prefix: "dsig" })],
  ["default namespaces", signResponse(LAYOUTS.plain?.(answerOf()) ?? "", { prefix: "" })],
  ["encrypted", encryptAssertion(inside, ours)],
  ["a signed response around it", signResponse(encryptAssertion(inside, ours), { what: "response" })],
  ["only the response around it", signResponse(encryptAssertion(responseXml(answerOf()), ours), { what: "response" })],
];

test.each(SHAPES)("each forgery of an answer is refused: %s", (_name, xml) => {
  expect(checkResponse(encoded(xml), expected).subject).toBe("ada@acme.example");
  expect(Object.fromEntries(forgeries(encoded(xml), expected).map(({ forgery, refusal }) => [forgery, refusal]))).toEqual({
    unsigned: "saml.unsigned",
    audience: "saml.audience",
    expired: "saml.time",
    altered: expect.stringMatching(/^saml\.(signature|decryption)$/),
  });
});
