import "server-only";
import { refusingUnreadable } from "./decode";
import { type ExpectedLogout, type LogoutMessage, readLogout, refuse, type SentMessage } from "./read-logout";
import { child, children, textOf } from "./xml";

// A request of the identity provider to end a person's sessions.

/** `sessionIndexes`: sessions to end; empty: all of this person's. */
export type LogoutAsked = Omit<LogoutMessage, "element"> & { subject: string; sessionIndexes: string[] };

/** What a logout request asks. Throws SignInRefused with a code that begins with "saml.". */
export function checkLogoutRequest(sent: SentMessage, expected: ExpectedLogout): LogoutAsked {
  return refusingUnreadable(() => {
    const { element, ...message } = readLogout(sent, "LogoutRequest", expected);
    const subject = textOf(child(element, "assertion", "NameID")) || refuse("saml.subject", "no NameID");
    return { ...message, subject, sessionIndexes: children(element, "protocol", "SessionIndex").map(textOf).filter(Boolean) };
  });
}
