import "server-only";
import { createHmac, randomUUID } from "node:crypto";
import { z } from "zod";
import { directoryActor } from "@/lib/identity/actor";
import { type CookieStore, sessionToken, tokenHash } from "@/lib/identity/session";
import { defineCommand, execute, UNCHANGED } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { authenticationKey } from "@/lib/kernel/keys";
import { recordRefusedSignIn } from "@/lib/identity/record-refused-sign-in";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope } from "@/lib/kernel/transaction";
import { type Connection, findConnection, requireConnection, type SamlConnection } from "./connection";
import { serviceKeys } from "./library";
import { checkLogoutRequest } from "./saml/check-logout-request";
import { checkLogoutResponse } from "./saml/check-logout-response";
import { sendLogoutRequest, sendLogoutResponse } from "./saml/logout-messages";
import type { ExpectedLogout, SentMessage } from "./saml/read-logout";
import { type Onward, type Refusal, serviceAddresses, SignInRefused } from "./schema";
import { spendMessage } from "./spend-message";

// Single logout (SAML profiles §4.4; OpenID Connect RP-Initiated Logout 1.0). Signing out here goes on to the provider where it takes that; a
// provider's signed word ends the sessions that it names, and nothing but its signed word.

/** Ends the sessions that a provider's signed request names: by the subject, by sessions of it, or by sessions alone. */
export const endSignedOn = defineCommand({
  name: "sso-session.ended",
  permission: "sso-connection:update",
  input: z
    .strictObject({ connectionId: z.uuid(), subject: z.string().max(1_024).nullable(), sessionIndexes: z.array(z.string().max(1_024)).max(100) })
    .refine(({ subject, sessionIndexes }) => subject !== null || sessionIndexes.length > 0, "Nobody is named."),
  scope: ({ tx, input }) => requireConnection(tx, input.connectionId),
  run: async ({ tx, input: { subject, sessionIndexes }, target: { connection } }) => {
    const ended = await tx
      .deleteFrom("session")
      .where("sso_connection_id", "=", connection.id)
      .$if(subject !== null, (query) => query.where("sso_subject", "=", subject))
      .$if(sessionIndexes.length > 0, (query) => query.where("sso_index", "in", sessionIndexes))
      .returning("id")
      .execute();
    const audit = ended.map(({ id }) => ({ action: "session.ended", target: { type: "session", id, name: connection.name }, reason: "single_logout" }));
    return { result: { ended: ended.length }, audit: audit.length > 0 ? audit : UNCHANGED };
  },
});

/** What the browser's session came through, asked before it ends; gives the way to sign out at the provider, when it takes that. */
export async function providerLogout(cookies: CookieStore): Promise<Onward | undefined> {
  const token = sessionToken(cookies);
  if (!token) return undefined;
  const session = await outsideScope((tx) =>
    tx
      .selectFrom("session")
      .select(["sso_connection_id as connectionId", "sso_subject as subject", "sso_index as sessionIndex"])
      .where("token_sha256", "=", tokenHash(token))
      .where("sso_connection_id", "is not", null)
      .executeTakeFirst(),
  );
  if (!session?.connectionId || !session.subject) return undefined;
  const id = session.connectionId;
  const connection = await outsideScope((tx) => findConnection(tx, { id }));
  if (connection?.state !== "on") return undefined;
  if (connection.protocol === "oidc") return endSession(connection.settings);
  const requestId = messageId();
  const sender = await senderTo(connection, markOf(connection.id, requestId));
  return sender && sendLogoutRequest(sender, { id: requestId, subject: session.subject, nameIdFormat: null, sessionIndex: session.sessionIndex });
}

/** Without an id token as a hint the provider asks the person itself (RP-Initiated Logout §2). */
function endSession({ endSessionUrl: at, clientId }: { endSessionUrl: string | null; clientId: string }): Onward | undefined {
  if (!at) return undefined;
  const url = new URL(at);
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("post_logout_redirect_uri", `${environment().url}/sign-in`);
  return { url: url.href };
}

const messageId = () => `_${randomUUID()}`;

/** The relay state of a request of ours: an answer brings it back, and with it the proof that we asked, kept nowhere. */
const markOf = (connectionId: string, requestId: string): string =>
  createHmac("sha256", authenticationKey("saml-logout")).update(`${connectionId} ${requestId}`).digest("base64url");

/** Who we are to a provider, and where to; undefined when it takes no logout. */
async function senderTo({ slug, settings: { sloUrl, sloBinding } }: SamlConnection, relayState: string | null) {
  if (!sloUrl) return undefined;
  const { privateKey, certificate } = await serviceKeys();
  const our = serviceAddresses(environment().url, slug);
  return { entityId: our.entityId, back: our.sloUrl, sloUrl, sloBinding, privateKeyPem: privateKey, certificatePem: certificate, relayState, now: new Date() };
}

type Sent = { query: string } | { form: URLSearchParams };

/**
 * A message at a connection's logout address: a request of the provider, or its answer to ours. Gives where the browser goes. What is refused leaves
 * an entry in the trail and changes nothing. Errors: not_found; bad_request for a request.
 */
export async function takeLogout(slug: string, sent: Sent, request: RequestContext): Promise<Onward> {
  const connection: Connection | undefined = await outsideScope((tx) => findConnection(tx, { slug }));
  if (connection?.protocol !== "saml") throw new AppError("not_found", "There is no such connection.");
  const parameters = "query" in sent ? new URLSearchParams(sent.query) : sent.form;
  const isAnswer = parameters.has("SAMLResponse");
  try {
    if (isAnswer && parameters.has("SAMLRequest")) throw new SignInRefused("saml.malformed", "a request and an answer");
    return await (isAnswer ? takeAnswer(connection, messageOf(sent, "SAMLResponse")) : takeRequest(connection, messageOf(sent, "SAMLRequest"), request));
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    const { organizationId, id, name } = connection;
    await recordRefusedSignIn(request, { organizationId, reason: `sso.${error.code}`, target: { type: "sso-connection", id, name } });
    // Our session ended before we asked: all that is open is whether the provider's did.
    if (isAnswer) return UNCONFIRMED;
    throw new AppError("bad_request", `The request to sign out was refused: ${error.message}`, { fix: "Sign out in Reeve itself.", reason: error.code });
  }
}

const SIGNED_OUT: Onward = { url: "/sign-in" };
const UNCONFIRMED: Onward = { url: `/sign-in?error=${"saml.logout" satisfies Refusal}` };

const messageOf = (sent: Sent, field: string): SentMessage =>
  "query" in sent ? sent : { encoded: sent.form.get(field) ?? "", relayState: sent.form.get("RelayState") };

const expectedOf = ({ slug, settings, allowsSha1 }: SamlConnection): ExpectedLogout => ({
  settings,
  sloUrl: serviceAddresses(environment().url, slug).sloUrl,
  allowsSha1,
  now: new Date(),
});

async function takeRequest(connection: SamlConnection, message: SentMessage, request: RequestContext): Promise<Onward> {
  const asked = checkLogoutRequest(message, expectedOf(connection));
  await spendMessage(connection.id, asked);
  const actor = directoryActor(connection.organizationId, { name: connection.name }, { id: connection.id, label: "single logout" });
  const { subject, sessionIndexes } = asked;
  await execute(endSignedOn, { actor, request, workspace: null }, { connectionId: connection.id, subject, sessionIndexes });
  const sender = await senderTo(connection, asked.relayState);
  return sender ? sendLogoutResponse(sender, { id: messageId(), inResponseTo: asked.id, isDone: true }) : SIGNED_OUT;
}

async function takeAnswer(connection: SamlConnection, message: SentMessage): Promise<Onward> {
  const isOurs = (id: string, relayState: string | null) => relayState === markOf(connection.id, id);
  const answered = checkLogoutResponse(message, { ...expectedOf(connection), isOurs });
  await spendMessage(connection.id, answered);
  return answered.isDone ? SIGNED_OUT : UNCONFIRMED;
}
