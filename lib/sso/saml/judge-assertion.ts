import "server-only";
import type { Element } from "@xmldom/xmldom";
import { type Said, SignInRefused } from "../schema";
import { judgeTimes, readMoment, SKEW_MS } from "./moments";
import { attribute, child, children, isNamed, textOf } from "./xml";

// What a signed assertion has to say to be meant for us, now, and for this sign-in; and what it says of the person.

export type Expected = { issuer: string; entityId: string; acsUrl: string; requestId: string | null; now: Date };

const KNOWN_CONDITIONS = new Set(["AudienceRestriction", "OneTimeUse", "ProxyRestriction"]);
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/** The end of the assertion's validity. Each restriction has to name us: one member, exactly. */
function judgeConditions(assertion: Element, expected: Expected): number {
  const conditions = child(assertion, "assertion", "Conditions");
  if (!conditions) throw new SignInRefused("saml.conditions", "no Conditions");
  const parts = children(conditions);
  const restrictions = parts.filter((one) => isNamed(one, "assertion", "AudienceRestriction"));
  if (parts.some((one) => !KNOWN_CONDITIONS.has(one.localName ?? "") || !isNamed(one, "assertion", one.localName ?? "")))
    throw new SignInRefused("saml.conditions", "a condition that we do not know");
  if (restrictions.length === 0) throw new SignInRefused("saml.audience", "no AudienceRestriction");
  for (const restriction of restrictions) {
    const audiences = children(restriction, "assertion", "Audience").map(textOf);
    if (!audiences.includes(expected.entityId)) throw new SignInRefused("saml.audience");
  }
  const end = readMoment(attribute(conditions, "NotOnOrAfter"));
  if (end === undefined) throw new SignInRefused("saml.conditions", "no NotOnOrAfter");
  judgeTimes(expected.now, readMoment(attribute(conditions, "NotBefore")), end);
  return end;
}

/** `mustAnswer`: the confirmation itself has to name our request, because nothing else that is signed does. */
function judgeConfirmation(confirmation: Element, expected: Expected, mustAnswer: boolean): number {
  const data = child(confirmation, "assertion", "SubjectConfirmationData");
  if (attribute(data, "Recipient") !== expected.acsUrl) throw new SignInRefused("saml.recipient");
  const end = readMoment(attribute(data, "NotOnOrAfter"));
  if (end === undefined) throw new SignInRefused("saml.conditions", "no NotOnOrAfter of the confirmation");
  judgeTimes(expected.now, readMoment(attribute(data, "NotBefore")), end);
  const answers = attribute(data, "InResponseTo");
  if (answers !== expected.requestId && (answers !== null || mustAnswer)) throw new SignInRefused("saml.in_response_to");
  return end;
}

/** Any one bearer confirmation is enough; when none is, the first one's refusal says why. */
function judgeConfirmations(subject: Element, expected: Expected, mustAnswer: boolean): number {
  let refused: unknown = new SignInRefused("saml.recipient", "no bearer confirmation");
  for (const [index, one] of children(subject, "assertion", "SubjectConfirmation")
    .filter((each) => attribute(each, "Method") === BEARER)
    .entries()) {
    try {
      return judgeConfirmation(one, expected, mustAnswer);
    } catch (error) {
      if (index === 0) refused = error;
    }
  }
  throw refused;
}

/** Attributes by name; by friendly name only where no attribute has that name. Empty values say nothing. */
function claimsOf(assertion: Element): Record<string, string[]> {
  const byName = new Map<string, string[]>();
  const byFriendlyName = new Map<string, string[]>();
  for (const one of children(assertion, "assertion", "AttributeStatement").flatMap((each) => children(each, "assertion", "Attribute"))) {
    const values = children(one, "assertion", "AttributeValue").map(textOf).filter(Boolean);
    const put = (names: Map<string, string[]>, name: string | null) => name && names.set(name, [...(names.get(name) ?? []), ...values]);
    put(byName, attribute(one, "Name"));
    put(byFriendlyName, attribute(one, "FriendlyName"));
  }
  return Object.fromEntries([...byFriendlyName, ...byName]);
}

/** Throws SignInRefused, or gives what the assertion says. `answersElsewhere`: signed bytes around it name our request already. */
export function judgeAssertion(assertion: Element, expected: Expected, answersElsewhere: boolean): Said {
  if (attribute(assertion, "Version") !== "2.0") throw new SignInRefused("saml.malformed", "not version 2.0");
  const id = attribute(assertion, "ID");
  if (!id) throw new SignInRefused("saml.malformed", "no id");
  if (textOf(child(assertion, "assertion", "Issuer")) !== expected.issuer) throw new SignInRefused("saml.issuer", "of the assertion");
  const conditionsEnd = judgeConditions(assertion, expected);
  judgeTimes(expected.now, readMoment(attribute(assertion, "IssueInstant")), undefined);

  const subject = child(assertion, "assertion", "Subject");
  const nameId = subject && child(subject, "assertion", "NameID");
  if (!subject || !textOf(nameId)) throw new SignInRefused("saml.subject", "no NameID");
  const confirmationEnd = judgeConfirmations(subject, expected, !answersElsewhere);

  const statements = children(assertion, "assertion", "AuthnStatement");
  if (statements.length === 0) throw new SignInRefused("saml.subject", "no AuthnStatement");
  const ends = statements.map((one) => readMoment(attribute(one, "SessionNotOnOrAfter"))).filter((one) => one !== undefined);
  const sessionEnd = ends.length > 0 ? Math.min(...ends) : undefined;
  judgeTimes(expected.now, undefined, sessionEnd);
  return {
    subject: textOf(nameId),
    claims: claimsOf(assertion),
    assertion: { id, endsAt: new Date(Math.min(conditionsEnd, confirmationEnd) + SKEW_MS).toISOString() },
    sessionEndsAt: sessionEnd === undefined ? null : new Date(sessionEnd).toISOString(),
    sessionIndex: statements.map((one) => attribute(one, "SessionIndex")).find((one) => one !== null) ?? null,
    nameIdFormat: attribute(nameId, "Format"),
    emailVerified: null,
  };
}
