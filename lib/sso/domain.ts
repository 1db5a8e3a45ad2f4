import "server-only";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";

// Domains of e-mail addresses, in one spelling: small letters, names beyond ASCII as they stand in DNS.

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
/** Names under which anybody can have a name: nobody speaks for all of them. */
const SHARED = /^(co|com|net|org|edu|gov|ac|or|ne)\.[a-z]{2}$/;

/** A domain in its one spelling; undefined for what is none, a single label, an address, or a name that many share. */
export function normaliseDomain(text: string): string | undefined {
  const domain = domainToASCII(text.trim().replace(/^@/, "").replace(/\.$/, "")).toLowerCase();
  const labels = domain.split(".");
  if (labels.length < 2 || domain.length > 253 || isIP(domain) !== 0 || !labels.every((label) => LABEL.test(label))) return undefined;
  return /^\d+$/.test(labels.at(-1) ?? "") || SHARED.test(domain) ? undefined : domain;
}

export const domainField = z.string().transform((text, context) => {
  const domain = normaliseDomain(text);
  if (domain !== undefined) return domain;
  context.addIssue({ code: "custom", message: "A domain of your own, such as example.com." });
  return z.NEVER;
});

/** The DNS record that proves a domain. */
export const proofRecord = (domain: string, token: string) => ({ name: `_reeve-challenge.${domain}`, value: `reeve-domain-verification=${token}` });
