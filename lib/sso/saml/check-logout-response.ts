import "server-only";
import { refusingUnreadable } from "./decode";
import { SUCCESS } from "./logout-messages";
import { type ExpectedLogout, type LogoutMessage, readLogout, refuse, type SentMessage } from "./read-logout";
import { attribute, child } from "./xml";

// The identity provider's answer to a logout request of ours.

/** `isDone`: the provider says that it signed the person out, everywhere it could. */
export type LogoutAnswered = Omit<LogoutMessage, "element"> & { isDone: boolean };

/** What an answer says. `isOurs`: whether we made the request of an id and a relay state. Throws SignInRefused with a code that begins with "saml.". */
export function checkLogoutResponse(
  sent: SentMessage,
  { isOurs, ...expected }: ExpectedLogout & { isOurs: (id: string, relayState: string | null) => boolean },
): LogoutAnswered {
  return refusingUnreadable(() => {
    const { element, ...message } = readLogout(sent, "LogoutResponse", expected);
    if (!isOurs(attribute(element, "InResponseTo") ?? "", message.relayState)) refuse("saml.in_response_to");
    const status = child(element, "protocol", "Status");
    return { ...message, isDone: attribute(status && child(status, "protocol", "StatusCode"), "Value") === SUCCESS };
  });
}
