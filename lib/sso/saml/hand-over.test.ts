import { validate } from "@boxyhq/saml20/dist/response";
import { expect, test } from "vitest";
import { bareCertificate, keyAndCertificate } from "./certificates.sample";
import { checkResponse } from "./check-response";
import { responseForLibrary, subjectForLibrary } from "./hand-over";
import { expectedOf, settingsOf } from "./identity-provider.sample";

const ours = keyAndCertificate({ name: "reeve.example" });
const { entityId, acsUrl } = expectedOf();
const handed = { subject: "  Ada   <b>&\n", issuer: 'https://idp.example/?a=1&b="2"', entityId, acsUrl, requestId: "_request1", now: new Date() };

test("what the library gets passes our own gate, names nobody and says nothing else", () => {
  const response = responseForLibrary(handed, ours.keyPem);
  const said = checkResponse(response, expectedOf({ settings: settingsOf([ours.certificate], handed.issuer), now: handed.now }));
  expect(said).toMatchObject({ subject: subjectForLibrary(handed.subject), claims: {}, warnings: [] });
  expect(Buffer.from(response, "base64").toString()).not.toContain("Ada");
});

test("the library takes it by our certificate, for this request, and by no other", async () => {
  const xml = Buffer.from(responseForLibrary(handed, ours.keyPem), "base64").toString();
  const options = { publicKey: bareCertificate(ours.certificate), audience: entityId, inResponseTo: "_request1" };
  const { claims } = (await validate(xml, options as never)) as unknown as { claims: Record<string, string> };
  expect(Object.values(claims)).toEqual([subjectForLibrary(handed.subject)]);
  await expect(validate(xml, { ...options, publicKey: bareCertificate(keyAndCertificate().certificate) } as never)).rejects.toThrow();
  await expect(validate(xml, { ...options, inResponseTo: "_other" } as never)).rejects.toThrow();
});
