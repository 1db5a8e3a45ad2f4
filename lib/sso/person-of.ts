import "server-only";
import { domainToASCII } from "node:url";
import type { Connection } from "./connection";
import type { Said } from "./schema";

// What an identity provider's claims say of a person, by the connection's map of attributes.

/** `groups` null: the connection reads none. `groupsCut`: the list may be incomplete, so that nobody loses what it does not name. */
export type SaidPerson = {
  subject: string;
  email: string | null;
  emailVerified: boolean | null;
  name: string;
  groups: string[] | null;
  groupsCut: boolean;
};

const MAX_GROUPS = 2_000;
const MAX_GROUP_NAME = 400;
/** At exactly this many Okta's default authorization server cuts its list without a word. */
const OKTA_LIMIT = 100;
/** What Entra sends in place of a list that is too long: JWT, implicit flow, SAML. */
const OVERAGE = ["_claim_names", "hasgroups", "http://schemas.microsoft.com/claims/groups.link"];

const tidy = (text: string | undefined): string => (text ?? "").replace(/\p{Cc}/gu, " ").trim();

export function personOf({ provider, attributes }: Pick<Connection, "provider" | "attributes">, said: Said): SaidPerson {
  const one = (name: string | null) => (name === null ? "" : tidy(said.claims[name]?.[0]));
  const email = one(attributes.email).toLowerCase();
  const isAddress = email.length <= 320 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email);
  const name = one(attributes.name) || [one(attributes.givenName), one(attributes.familyName)].filter(Boolean).join(" ") || email;
  const isOver = OVERAGE.some((claim) => said.claims[claim]?.length);
  const values = attributes.groups === null ? null : (said.claims[attributes.groups] ?? []);
  const groups = values && [...new Set(values.map((value) => tidy(value).slice(0, MAX_GROUP_NAME)).filter(Boolean))].slice(0, MAX_GROUPS);
  return {
    subject: said.subject,
    email: isAddress ? email : null,
    emailVerified: said.emailVerified,
    name: name.slice(0, 200),
    groups,
    groupsCut: isOver || (provider === "okta" && values?.length === OKTA_LIMIT) || (values?.length ?? 0) > MAX_GROUPS,
  };
}

/** The domain of an address, in its ASCII form; empty when there is none. */
export const domainOf = (email: string): string => domainToASCII(email.slice(email.lastIndexOf("@") + 1)).toLowerCase();
