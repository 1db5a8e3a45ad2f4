import { expect, it } from "vitest";
import { EXPIRED, GOOD, KEY } from "@/lib/outgoing/certificates.sample";
import { certificateFacts, certificatesField, certificatesIn, weaknessOf } from "./certificates";
import { keyAndCertificate } from "./saml/certificates.sample";

const bare = (pem: string) => pem.replace(/-----[^-]+-----/g, "").trim();

it("takes PEM, several, with other line ends, and the bare base64 of metadata", () => {
  expect(certificatesIn(GOOD)).toEqual([GOOD]);
  expect(certificatesIn(`${GOOD}${EXPIRED}`)).toEqual([GOOD, EXPIRED]);
  expect(certificatesIn(GOOD.replaceAll("\n", "\r\n"))).toEqual([GOOD]);
  expect(certificatesIn(bare(GOOD))).toEqual([GOOD]);
  expect(certificatesIn(`${bare(GOOD)}\n\n${bare(EXPIRED)}`)).toEqual([GOOD, EXPIRED]);
  expect(certificatesField.parse(`${GOOD}\n${GOOD}`)).toEqual([GOOD]);
});

it("refuses what is none, and says what a private key is", () => {
  for (const text of ["", "hello", `${GOOD}and more`, GOOD.replace("MII", "AAA")]) expect(certificatesField.safeParse(text).success, text).toBe(false);
  expect(certificatesField.safeParse(KEY).error?.issues[0]?.message).toMatch(/private key/);
});

it("refuses keys that are too weak to trust, or of a kind that signatures here don't use", () => {
  const weak = keyAndCertificate({ kind: { type: "rsa", bits: 1024 } }).certificate;
  const odd = keyAndCertificate({ kind: { type: "ec", curve: "secp256k1" } }).certificate;
  expect(certificatesField.safeParse(weak).error?.issues[0]?.message).toMatch(/1024 bits/);
  expect([weaknessOf(weak), weaknessOf(odd), weaknessOf(GOOD)]).toEqual([expect.stringMatching(/weak/), expect.stringMatching(/kind/), undefined]);
  expect(certificateFacts(GOOD).key).toBe("EC, 256 bits");
});

it("says whose it is and when it ends", () => {
  expect(certificateFacts(EXPIRED)).toMatchObject({ subject: "CN=idp.example", startsAt: "2026-11-28T06:31:49.000Z", endsAt: "2026-11-27T06:31:49.000Z" });
});
