import "server-only";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope } from "@/lib/kernel/transaction";
import { openedAnswerText, openidAnswerText, samlAnswerText } from "./answer-text";
import { type Attempt, takeAttempt, bindCode, keepAnswer, noteStep, openAttempt } from "./attempts";
import { checkIdToken } from "./check-id-token";
import { callbackUrl, serviceKeys, signOnLibrary } from "./library";
import { findConnection, type OidcConnection, type SamlConnection } from "./connection";
import { type Conversation, inConversation } from "./openid";
import { refuseAttempt } from "./refuse-attempt";
import { checkResponse } from "./saml/check-response";
import { decodeMessage, refusingUnreadable } from "./saml/decode";
import { forgeries } from "./saml/forgeries";
import { responseForLibrary } from "./saml/hand-over";
import { spendMessage } from "./spend-message";
import { type Said, serviceAddresses, SignInRefused } from "./schema";

// What an identity provider answers: our gate first, then the library, then back to the session library with a code that buys one exchange.

/** A SAML response at a connection's own address. Gives where the browser goes on; every refusal ends the attempt that it belongs to. */
export async function takeSamlResponse(slug: string, form: URLSearchParams, request: RequestContext): Promise<string> {
  const connection = await outsideScope((tx) => findConnection(tx, { slug }));
  if (connection?.protocol !== "saml") throw new AppError("not_found", "There is no such connection.", { fix: "Start again from the sign-in page." });
  const relay = form.get("RelayState") ?? "";
  const waiting = relay.length > 0 && relay.length <= 500 ? await takeAttempt(relay, connection.id) : undefined;
  const attempt = waiting ?? (await openAttempt(unasked(connection), request));
  try {
    if (connection.state !== "on" && attempt.mode !== "test") throw new SignInRefused("connection_off");
    const response = form.get("SAMLResponse") ?? "";
    await keepAnswer(attempt, () => samlAnswerText(response));
    const expected = await expectedOf(connection, attempt.requestId);
    const { warnings, ...said } = judge(connection, response, expected);
    await noteStep(attempt.id, "response checked", true, warnings.join("; "));
    await keepAnswer(attempt, () => openedAnswerText(response, expected.privateKeyPem));
    if (!said.assertion) throw new SignInRefused("saml.malformed", "the assertion has no id");
    await spendMessage(connection.id, said.assertion);
    // Who comes unasked is sent on a sign-in of their own: the answer to that one belongs to this browser.
    if (!waiting) return await welcome(attempt, slug);
    const { oauthController } = await signOnLibrary();
    const answer = await oauthController.samlResponse({ SAMLResponse: handedOver(said, expected), RelayState: relay });
    const tried = attempt.mode === "test" ? { warnings, forgeries: await forgeries(response, expected) } : {};
    return await goOn(attempt, answer.redirect_url, said, tried);
  } catch (error) {
    const to = await refuseAttempt(attempt, error, request);
    if (!waiting && error instanceof SignInRefused) refuseUnreadable(error);
    return to;
  }
}

/** What answers nothing and can't be read is no sign-in that a person waits for: it gets a status, not a page to go on to. Error: bad_request, too_large. */
function refuseUnreadable({ code, message }: SignInRefused): void {
  if (code !== "saml.malformed" && code !== "saml.too_large") return;
  throw new AppError(code === "saml.malformed" ? "bad_request" : "too_large", message, { fix: "Start again from the sign-in page.", reason: code });
}

/** The answer of an OpenID provider. */
export async function takeOpenidAnswer(query: Record<string, string>, request: RequestContext): Promise<string> {
  const attempt = query.state && query.state.length <= 500 ? await takeAttempt(query.state, null) : undefined;
  const connection = attempt && (await outsideScope((tx) => findConnection(tx, { id: attempt.connectionId })));
  if (!attempt || connection?.protocol !== "oidc") return "/sign-in?error=oidc.state";
  try {
    if (connection.state !== "on" && attempt.mode !== "test") throw new SignInRefused("connection_off");
    if (query.iss !== undefined && query.iss !== connection.settings.issuer) throw new SignInRefused("oidc.issuer", "the iss parameter (RFC 9207)");
    if (query.error !== undefined) throw new SignInRefused("oidc.provider", `${query.error} ${query.error_description ?? ""}`.slice(0, 256));
    const conversation: Conversation = { settings: connection.settings, secret: connection.secret };
    const { oauthController } = await signOnLibrary();
    const asked = inConversation(conversation, () => oauthController.oidcAuthzResponse(query as never));
    const answer = await asked.finally(() => keepAnswer(attempt, () => openidAnswerText(conversation)));
    refuseError(answer.redirect_url, conversation);
    const said = checkIdToken(conversation, new Date());
    await noteStep(attempt.id, "id token checked", true);
    return await goOn(attempt, answer.redirect_url, said, {});
  } catch (error) {
    return refuseAttempt(attempt, error, request);
  }
}

const unasked = (connection: SamlConnection | OidcConnection) => ({
  connectionId: connection.id,
  organizationId: connection.organizationId,
  mode: "sign_in" as const,
  startedBy: null,
  relay: null,
  requestId: null,
});

type Expected = Awaited<ReturnType<typeof expectedOf>>;
async function expectedOf(connection: SamlConnection, requestId: string | null) {
  const { entityId, acsUrl } = serviceAddresses(environment().url, connection.slug);
  const { privateKey } = await serviceKeys();
  return { settings: connection.settings, entityId, acsUrl, requestId, allowsSha1: connection.allowsSha1, privateKeyPem: privateKey, now: new Date() };
}

function handedOver({ subject }: Said, { settings: { issuer }, entityId, acsUrl, requestId, privateKeyPem, now }: Expected): string {
  return responseForLibrary({ subject, issuer, entityId, acsUrl, requestId: requestId ?? "", now }, privateKeyPem);
}

function judge(connection: SamlConnection, response: string, expected: Expected) {
  if (expected.requestId === null && !connection.allowsUnsolicited) {
    // What answers a request that we don't know is told apart from what answers none, and from what says nothing at all.
    const { root } = refusingUnreadable(() => decodeMessage(response));
    throw new SignInRefused(root.hasAttribute("InResponseTo") ? "saml.in_response_to" : "saml.unsolicited");
  }
  return checkResponse(response, expected);
}

async function welcome(attempt: Attempt, slug: string): Promise<string> {
  await noteStep(attempt.id, "came from the identity provider; sent on a sign-in of its own", true);
  return `/sign-in?connection=${encodeURIComponent(slug)}`;
}

async function goOn(attempt: Attempt, to: string | undefined, said: Said, tried: object): Promise<string> {
  refuseError(to);
  const code = new URL(to as string).searchParams.get("code");
  if (!code || !(await bindCode(attempt.id, code, { ...said, ...tried }))) throw new SignInRefused("saml.replayed", "another answer was first");
  return to as string;
}

/** The library answers with a code, or with an error of its own at our callback. */
function refuseError(to: string | undefined, conversation?: Conversation): void {
  const url = to?.startsWith(`${callbackUrl()}?`) ? new URL(to) : undefined;
  if (!url) throw new SignInRefused("library", "no way back");
  const error = url.searchParams.get("error");
  if (error !== null && conversation?.refused) throw conversation.refused;
  if (error !== null) throw new SignInRefused(conversation ? "oidc.token" : "library", `${error} ${url.searchParams.get("error_description") ?? ""}`);
}
