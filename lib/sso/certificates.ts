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

/** A list of certificates, or the text that they were pasted as. */
export const certificatesField = z.union([z.string().max(200_000), z.array(z.string().max(20_000)).max(10)]).transform((value, context) => {
  const found = certificatesIn(typeof value === "string" ? value : value.join("\n"));
  if (found && found.length > 0 && found.length <= 10) return found;
  const message = /PRIVATE KEY/.test(String(value))
    ? "That is a private key. The identity provider keeps it; paste the certificate."
    : "At least one certificate, in PEM: -----BEGIN CERTIFICATE----- and so on.";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});

/** What a person compares: whose it is, its fingerprint, and from when to when it holds. */
export function certificateFacts(pem: string): CertificateFacts {
  const { subject, fingerprint256, validFrom, validTo } = new X509Certificate(pem);
  const iso = (text: string) => new Date(text).toISOString();
  return { subject: subject.replaceAll("\n", ", "), sha256: fingerprint256, startsAt: iso(validFrom), endsAt: iso(validTo) };
}
