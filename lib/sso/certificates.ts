import "server-only";
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import type { CertificateFacts } from "./schema";

// Certificates that an identity provider signs with, as people paste them: PEM, or the bare base64 of a metadata file.

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates in a text, as PEM; undefined when something in it is none. */
export function certificatesIn(text: string): string[] | undefined {
  const found = text.includes("-----BEGIN") ? text.match(PEM) : text.split(/\n\s*\n/).filter((block) => block.trim());
  const rest = text.replace(PEM, "").trim();
  if (!found || (text.includes("-----BEGIN") && rest)) return undefined;
  try {
    return [...new Set(found.map((one) => new X509Certificate(one.includes("-----") ? one : Buffer.from(one, "base64")).toString()))];
  } catch {
    return undefined;
  }
}

const CURVES: Record<string, number> = { prime256v1: 256, secp384r1: 384, secp521r1: 521 };
const LEAST_RSA_BITS = 2048;

function keyOf(pem: string): { kind: "RSA" | "EC" | undefined; bits: number } {
  const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(pem).publicKey;
  if (asymmetricKeyType === "rsa") return { kind: "RSA", bits: asymmetricKeyDetails?.modulusLength ?? 0 };
  const bits = CURVES[asymmetricKeyDetails?.namedCurve ?? ""];
  return bits ? { kind: "EC", bits } : { kind: undefined, bits: 0 };
}

/** Why nothing that was signed with this certificate's key can be trusted; undefined when it can. */
export function weaknessOf(pem: string): string | undefined {
  const { kind, bits } = keyOf(pem);
  if (!kind) return "The certificate's key is of a kind that is not accepted: RSA, or an elliptic curve P-256, P-384 or P-521.";
  return kind === "RSA" && bits < LEAST_RSA_BITS ? `The certificate's key has ${bits} bits, which is too weak: ${LEAST_RSA_BITS} or more.` : undefined;
}

/** A list of certificates, or the text that they were pasted as. */
export const certificatesField = z.union([z.string().max(200_000), z.array(z.string().max(20_000)).max(10)]).transform((value, context) => {
  const found = certificatesIn(typeof value === "string" ? value : value.join("\n"));
  const weakness = found?.map(weaknessOf).find(Boolean);
  if (found && found.length > 0 && found.length <= 10 && !weakness) return found;
  const message = weakness
    ? weakness
    : /PRIVATE KEY/.test(String(value))
      ? "That is a private key. The identity provider keeps it; paste the certificate."
      : "At least one certificate, in PEM: -----BEGIN CERTIFICATE----- and so on.";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** What a person compares: whose it is, its key, its fingerprint, and from when to when it holds. */
export function certificateFacts(pem: string): CertificateFacts {
  const { subject, fingerprint256, validFrom, validTo } = new X509Certificate(pem);
  const iso = (text: string) => new Date(text).toISOString();
  const { kind = "", bits } = keyOf(pem);
  return {
    subject: (subject ?? "").replaceAll("\n", ", "),
    key: `${kind}, ${bits} bits`,
    sha256: fingerprint256,
    startsAt: iso(validFrom),
    endsAt: iso(validTo),
  };
}
