import "server-only";
import { directoryActor } from "@/lib/identity/actor";
import { noteRefusedCredential } from "@/lib/identity/refused-credentials";
import { execute } from "@/lib/kernel/command";
import { AppError, toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { type RequestContext, requestContext } from "@/lib/kernel/request";
import { readBody } from "@/lib/kernel/route";
import { outsideScope } from "@/lib/kernel/transaction";
import { checkLogoutToken } from "./check-logout-token";
import { findConnection } from "./connection";
import { endSignedOn } from "./logout";
import { SignInRefused } from "./schema";
import { spendMessage } from "./spend-message";

// OpenID Connect Back-Channel Logout 1.0: the provider posts a signed token, and the sessions that it names are over before it is answered. As with
// every sign-out, what acts from command lines (devices, keys, tokens) stays: an account's end takes that, which directories say.

const MAX_FORM = 32 * 1_024;
type Context = { params: Promise<Record<string, string | undefined> | undefined> };

/** Answers a provider: 200 when nothing of what it named is left, else 400; never kept by anybody (§2.8). */
export async function serveBackChannelLogout(incoming: Request, { params }: Context): Promise<Response> {
  const request = requestContext(incoming.headers, "api");
  const headers = { "cache-control": "no-store", "x-request-id": request.requestId };
  try {
    await takeLogoutToken((await params)?.connection ?? "", await tokenOf(incoming), request);
    return new Response(null, { status: 200, headers });
  } catch (error) {
    const said = refusalOf(error, request);
    noteRefusedCredential(request, "back-channel logout", said.reason);
    return Response.json({ error: "invalid_request", error_description: said.description }, { status: 400, headers });
  }
}

async function tokenOf(incoming: Request): Promise<string> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(incoming.headers.get("content-type") ?? "")) throw new SignInRefused("oidc.token", "content type");
  const sent = new URLSearchParams(await readBody(incoming, MAX_FORM)).getAll("logout_token");
  if (sent.length !== 1) throw new SignInRefused("oidc.token", "missing");
  return sent[0] as string;
}

async function takeLogoutToken(slug: string, token: string, request: RequestContext): Promise<void> {
  const connection = await outsideScope((tx) => findConnection(tx, { slug }));
  if (connection?.protocol !== "oidc") throw new SignInRefused("oidc.token", "connection");
  const { id, endsAt, subject, sessionIndexes } = await checkLogoutToken(token, connection.settings, new Date());
  const actor = directoryActor(connection.organizationId, connection, { id: connection.id, label: "back-channel logout" });
  const input = { connectionId: connection.id, subject, sessionIndexes };
  // Spent with the end of the sessions: a provider that hears of no success sends the same token again.
  await execute(endSignedOn, { actor, request, workspace: null }, input, {
    within: (tx) =>
      spendMessage(connection.id, { id, endsAt }, tx).catch((error) => {
        throw error instanceof SignInRefused ? new AppError("conflict", "This token was used before.", { reason: "oidc.replayed" }) : error;
      }),
  });
}

/** What the provider reads, and what the trail does: why, and never what was sent. */
function refusalOf(error: unknown, request: RequestContext): { description: string; reason: string } {
  if (error instanceof SignInRefused)
    return { description: `The logout token is not valid: ${error.detail ?? error.code}.`, reason: `${error.code} ${error.detail}` };
  const known = toAppError(error);
  if (known.code === "internal") logError(request, known);
  return { description: known.code === "internal" ? "The sign-out failed." : known.message, reason: known.reason ?? known.code };
}
