import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

// Keys and certificates of identity providers that do not exist, made when a test asks: self-signed, of any kind and for any time.

const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const RSA_SHA256 = der(0x30, oid("2a864886f70d01010b"), der(0x05));
const ECDSA_SHA256 = der(0x30, oid("2a8648ce3d040302"));
const nameOf = (text: string) => der(0x30, der(0x31, der(0x30, oid("550403"), der(0x0c, Buffer.from(text)))));
const timeOf = (moment: Date) => der(0x18, Buffer.from(`${moment.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));

export type Kind = { type: "rsa"; bits: number } | { type: "ec"; curve: string };
export type KeyAndCertificate = { key: KeyObject; keyPem: string; certificate: string };

/** A key with its certificate for `name`. */
export function keyAndCertificate({
  kind = { type: "rsa", bits: 2048 } as Kind,
  name = "idp.example",
  from = new Date("2020-01-01T00:00:00Z"),
  to = new Date("2100-01-01T00:00:00Z"),
} = {}): KeyAndCertificate {
  const { privateKey, publicKey } =
    kind.type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: kind.bits }) : generateKeyPairSync("ec", { namedCurve: kind.curve });
  const algorithm = kind.type === "rsa" ? RSA_SHA256 : ECDSA_SHA256;
  const serial = der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)]));
  const validity = der(0x30, timeOf(from), timeOf(to));
  const content = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    serial,
    algorithm,
    nameOf(name),
    validity,
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", content, privateKey));
  const base64 = der(0x30, content, algorithm, signature).toString("base64").replace(/.{64}/g, "$&\n").trimEnd();
  return {
    key: privateKey,
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** The base64 inside a PEM. */
export const bareCertificate = (pem: string): string => pem.replace(/-----[A-Z ]+-----|\s/g, "");
