// The words of our mails: plain text, no pictures, no tracking. A link is built by the caller from REEVE_URL alone.
import { type Expiring, KEYS_OF } from "@/lib/expiry/schema";

type Text = { subject: string; text: string };

/** One line of something that others wrote: no line breaks, no endless names, so that nobody writes our mails for us. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .replace(/https?:\/\/\S*/gi, "")
    .trim()
    .slice(0, 120);

const mail = (subject: string, paragraphs: (string | null)[]): Text => ({
  subject: oneLine(subject),
  text: `${paragraphs.filter((paragraph) => paragraph !== null).join("\n\n")}\n`,
});

const moment = (iso: string) => `${iso.slice(0, 16).replace("T", " ")} UTC`;

/** A new password, asked for on the sign-in page. */
export const passwordMail = (facts: { organization: string; link: string; expiresAt: string }): Text =>
  mail(`Set a new password for ${facts.organization}`, [
    `Somebody asked on the sign-in page of ${oneLine(facts.organization)} to set a new password for this address.`,
    `This link does it, once, until ${moment(facts.expiresAt)}:\n${facts.link}`,
    "Setting it ends every session of your account. If you did not ask for it, leave the link alone: nothing has changed.",
  ]);

/** An invitation to an organization, in a role. */
export const invitationMail = (facts: {
  organization: string;
  invitedBy: string;
  role: string;
  place: string;
  link: string;
  expiresAt: string;
  note: string;
}): Text =>
  mail(`Invitation to ${facts.organization}`, [
    `${oneLine(facts.invitedBy)} invites you to ${oneLine(facts.organization)} as ${facts.role} (${oneLine(facts.place)}).`,
    facts.note ? `"${oneLine(facts.note)}"` : null,
    `This link accepts it, once, until ${moment(facts.expiresAt)}:\n${facts.link}`,
    "If you don't know who invites you, leave the link alone.",
  ]);

/** A directory would take access from too many at once. */
export const heldRemovalsMail = (facts: { organization: string; directory: string; most: number; people: number; place: string }): Text =>
  mail(`${oneLine(facts.directory)} would end the access of many at once`, [
    `The directory ${oneLine(facts.directory)} of ${oneLine(facts.organization)} takes access from more people within an hour than it may without you: ${facts.most} of ${facts.people}.`,
    "What came up to that number is done. What comes since is held: those people keep their access, and so does anybody else whom the directory takes out, until you decide.",
    `See who and what would end, then apply or discard it:\n${facts.place}`,
  ]);

/** A directory was not heard of for longer than its alarm allows. */
export const silentDirectoryMail = (facts: { organization: string; directory: string; lastEventAt: string; hours: number; place: string }): Text =>
  mail(`${oneLine(facts.directory)} is silent`, [
    `Nothing was heard of the directory ${oneLine(facts.directory)} of ${oneLine(facts.organization)} since ${moment(facts.lastEventAt)}, which is longer than its ${facts.hours} hours.`,
    "Who left meanwhile may still be let in. Often its token has ended there, or provisioning was stopped.",
    `Its last requests:\n${facts.place}`,
  ]);

/** A connector's main keys, or a secret's values, end within two weeks. */
export const expiringMail = (facts: {
  organization: string;
  kind: Expiring["kind"];
  name: string;
  workspace: string | null;
  expiresAt: string;
  place: string;
}): Text =>
  mail(`${oneLine(facts.name)} ends ${facts.expiresAt.slice(0, 10)}`, [
    `${KEYS_OF[facts.kind]} ${oneLine(facts.name)} (${facts.workspace ? `${facts.workspace}, ` : ""}${oneLine(facts.organization)}) end ${moment(facts.expiresAt)}.`,
    facts.kind === "connector" ? "From then on it issues nothing that the other side accepts." : "From then on what uses it is refused where it is used.",
    `Replace them before:\n${facts.place}`,
  ]);
