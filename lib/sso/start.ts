import "server-only";
import { inflateRawSync } from "node:zlib";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { can } from "@/lib/authz/can";
import { requireNotViewing } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { outsideScope } from "@/lib/kernel/transaction";
import { noteStep, openAttempt } from "./attempts";
import { callbackUrl, PRODUCT, signOnLibrary } from "./library";
import { type Connection, findConnection } from "./connection";
import { type Conversation, inConversation } from "./openid";
import { refuseAttempt } from "./refuse-attempt";
import { registerConnection } from "./register";
import { type Onward, SignInRefused } from "./schema";

// The way to the identity provider. The session library has bound state and PKCE to the browser; here the attempt begins.

const startInput = z.object({
  tenant: z.uuid(),
  state: z.string().min(16).max(500),
  code_challenge: z.string().length(43),
  code_challenge_method: z.literal("S256"),
  redirect_uri: z.string(),
  mode: z.enum(["sign_in", "test", "link"]).default("sign_in"),
  login_hint: z.string().max(320).optional(),
});

/** Begins an attempt. `actor`: who is signed in, needed for tests and links. Errors: invalid_input, not_found, forbidden, SignInRefused. */
export async function startSignOn(query: Record<string, string>, actor: Actor | undefined, request: RequestContext): Promise<Onward> {
  const parsed = startInput.safeParse(query);
  // Exactly the one address of ours (OIDC-12): nothing is compared by its beginning.
  if (!parsed.success || parsed.data.redirect_uri !== callbackUrl())
    throw new AppError("invalid_input", "This is not the beginning of a sign-in.", { fix: "Start again from the sign-in page." });
  const input = parsed.data;
  const connection = await outsideScope((tx) => findConnection(tx, { id: input.tenant }));
  if (!connection) throw new AppError("not_found", "There is no such connection.", { fix: "Start again from the sign-in page." });
  if (input.mode !== "sign_in") requireNotViewing(actor);
  if (input.mode === "link" && !actor) throw new SignInRefused("not_signed_in");
  if (input.mode === "test" && (!actor || !can(actor, "sso-connection:test", {}).allowed))
    throw new AppError("forbidden", "Testing a connection needs the permission sso-connection:test.");
  if (connection.state !== "on" && input.mode !== "test") throw new SignInRefused("connection_off");
  const attempt = { connectionId: connection.id, organizationId: connection.organizationId, mode: input.mode, startedBy: actor?.id ?? null };
  try {
    const sent = await sendTo(connection, input);
    const { id } = await openAttempt({ ...attempt, relay: sent.relay, requestId: sent.requestId }, request);
    await noteStep(id, "sent to the identity provider", true, connection.protocol === "saml" ? connection.settings.ssoUrl : connection.settings.issuer);
    return sent.onward;
  } catch (error) {
    const opened = await openAttempt({ ...attempt, relay: null, requestId: null }, request);
    return { url: await refuseAttempt(opened, error, request) };
  }
}

type Sent = { relay: string; requestId: string | null; onward: Onward };

async function sendTo(connection: Connection, input: z.output<typeof startInput>): Promise<Sent> {
  await registerConnection(connection);
  const { oauthController } = await signOnLibrary();
  const ask = () =>
    oauthController.authorize({
      tenant: connection.id,
      product: PRODUCT,
      client_id: "",
      redirect_uri: input.redirect_uri,
      response_type: "code",
      state: input.state,
      code_challenge: input.code_challenge,
      code_challenge_method: input.code_challenge_method,
      scope: connection.protocol === "oidc" ? connection.settings.scopes.filter((scope) => scope !== "openid").join(" ") : "",
      forceAuthn: "false",
      ...(input.login_hint ? { login_hint: input.login_hint } : {}),
    } as never);
  const conversation: Conversation | undefined = connection.protocol === "oidc" ? { settings: connection.settings, secret: connection.secret } : undefined;
  const answer = await (conversation ? inConversation(conversation, ask) : ask());
  if (answer.authorize_form) return sentByForm(answer.authorize_form, connection);
  const url = new URL(answer.redirect_url ?? "");
  if (url.href.startsWith(`${callbackUrl()}?`) && conversation?.refused) throw conversation.refused;
  if (url.href.startsWith(`${callbackUrl()}?`)) throw new SignInRefused("library", url.searchParams.get("error_description") ?? "authorize");
  if (connection.protocol === "oidc") return { relay: url.searchParams.get("state") ?? "", requestId: null, onward: { url: url.href } };
  const request = inflateRawSync(Buffer.from(url.searchParams.get("SAMLRequest") ?? "", "base64")).toString("utf8");
  return { relay: url.searchParams.get("RelayState") ?? "", requestId: idOf(request), onward: { url: url.href } };
}

function sentByForm(form: string, connection: Connection): Sent {
  const field = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(form)?.[1] ?? "";
  const fields = { RelayState: field("RelayState"), SAMLRequest: field("SAMLRequest") };
  const url = connection.protocol === "saml" ? connection.settings.ssoUrl : connection.settings.issuer;
  return { relay: fields.RelayState, requestId: idOf(Buffer.from(fields.SAMLRequest, "base64").toString("utf8")), onward: { post: { url, fields } } };
}

/** The id of a request that the library made. */
function idOf(request: string): string {
  const id = /<(?:\w+:)?AuthnRequest[^>]*\sID="([^"]+)"/.exec(request)?.[1];
  if (!id) throw new SignInRefused("library", "the request has no id");
  return id;
}
