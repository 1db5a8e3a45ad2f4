import "server-only";
import { z } from "zod";
import { directoryActor } from "@/lib/identity/actor";
import { type CookieStore, sessionToken, tokenHash } from "@/lib/identity/session";
import { defineCommand, execute, UNCHANGED } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope } from "@/lib/kernel/transaction";
import { type Connection, findConnection, requireConnection, type SamlConnection } from "./connection";
import { serviceKeys } from "./library";
import { checkLogoutRequest } from "./saml/check-logout-request";
import { logoutRequestUrl, logoutResponseUrl } from "./saml/logout-messages";
import { serviceAddresses, SignInRefused } from "./schema";
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

/** What the browser's session came through, asked before it ends; gives where to sign out at the provider, when it takes that. */
export async function providerLogout(cookies: CookieStore): Promise<string | undefined> {
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
  if (connection.protocol === "oidc") return endSessionUrl(connection.settings);
  const { sloUrl } = connection.settings;
  if (!sloUrl) return undefined;
  return logoutRequestUrl(await senderOf(connection, sloUrl, null), { subject: session.subject, nameIdFormat: null, sessionIndex: session.sessionIndex }).url;
}

/** Without an id token as a hint the provider asks the person itself (RP-Initiated Logout §2). */
function endSessionUrl({ endSessionUrl: at, clientId }: { endSessionUrl: string | null; clientId: string }): string | undefined {
  if (!at) return undefined;
  const url = new URL(at);
  url.searchParams.set("client_id", clientId);
  url.searchParams.set("post_logout_redirect_uri", `${environment().url}/sign-in`);
  return url.href;
}

async function senderOf(connection: SamlConnection, sloUrl: string, relayState: string | null) {
  const { privateKey } = await serviceKeys();
  return { entityId: serviceAddresses(environment().url, connection.slug).entityId, sloUrl, privateKeyPem: privateKey, relayState, now: new Date() };
}

/** A message at a connection's logout address: a request of the provider, or its answer to ours. Gives where the browser goes. Errors: not_found, bad_request. */
export async function takeLogout(slug: string, sent: { query: string } | { form: URLSearchParams }, request: RequestContext): Promise<string> {
  const parameters = "query" in sent ? new URLSearchParams(sent.query) : sent.form;
  const connection: Connection | undefined = await outsideScope((tx) => findConnection(tx, { slug }));
  if (connection?.protocol !== "saml") throw new AppError("not_found", "There is no such connection.");
  // The answer to a request of ours: our session ended before it was sent.
  if (parameters.has("SAMLResponse")) return "/sign-in";
  const { settings, allowsSha1 } = connection;
  const { sloUrl } = serviceAddresses(environment().url, slug);
  const message = "query" in sent ? { query: sent.query } : { encoded: parameters.get("SAMLRequest") ?? "", relayState: parameters.get("RelayState") };
  try {
    const asked = checkLogoutRequest(message, { settings, sloUrl, allowsSha1, now: new Date() });
    await spendMessage(connection.id, asked);
    const actor = directoryActor(connection.organizationId, { name: connection.name }, { id: connection.id, label: "single logout" });
    const { subject, sessionIndexes } = asked;
    await execute(endSignedOn, { actor, request, workspace: null }, { connectionId: connection.id, subject, sessionIndexes });
    if (!settings.sloUrl) return "/sign-in";
    return logoutResponseUrl(await senderOf(connection, settings.sloUrl, asked.relayState), { inResponseTo: asked.id, isDone: true });
  } catch (error) {
    if (error instanceof SignInRefused)
      throw new AppError("bad_request", `The request to sign out was refused: ${error.message}`, { fix: "Sign out in Reeve itself.", reason: error.code });
    throw error;
  }
}
