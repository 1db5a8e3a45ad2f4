import "server-only";
import { z } from "zod";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { inScope, outsideScope } from "@/lib/kernel/transaction";
import type { SignOn, SignOnEnding } from "@/lib/identity/auth-options";
import { type CookieStore, endSession, sessionActor, sessionToken } from "@/lib/identity/session";
import { environment } from "@/lib/kernel/env";
import type { RequestContext } from "@/lib/kernel/request";
import { attemptOfCode, attemptPage, endAttempt, noteStep, takeExchange } from "./attempts";
import { callbackUrl, exchangeSecret, PRODUCT, signOnLibrary } from "./library";
import { findConnection } from "./connection";
import { refuseAttempt } from "./refuse-attempt";
import { subjectForLibrary } from "./saml/hand-over";
import { type Forgery, saidSchema, SignInRefused } from "./schema";
import { signOnAs } from "./sign-in";
import { finishTest } from "./test-sign-on";

// Where the session library meets single sign-on. It checks state and PKCE against the browser's cookies; then the code is exchanged within
// this process, and what the provider said becomes a person, a link or a test.

/** Single sign-on within one request of the session library. */
export function signOnIn(request: RequestContext, cookies: CookieStore): SignOn {
  let ending: (SignOnEnding & { attemptId?: string }) | undefined;
  const end = (how: typeof ending) => {
    ending = how;
  };
  return {
    providers: [provider(request, cookies, end)],
    ending: () => ending,
    replacedToken: sessionToken(cookies),
    onSession: async ({ id }) => {
      const { attemptId, principalId, email } = ending as SignedIn;
      await inScope([], (tx) => endAttempt(tx, attemptId, { outcome: "signed_in", principalId, sessionId: id, email }));
    },
  };
}

type SignedIn = Exclude<SignOnEnding, { to: string }> & { attemptId: string; email: string | null };
type Ending = SignedIn | { to: string };

function provider(request: RequestContext, cookies: CookieStore, end: (ending: Ending) => void): OAuthConfig<unknown> {
  return {
    id: PRODUCT,
    name: "Single sign-on",
    type: "oauth",
    checks: ["pkce", "state"],
    clientId: "dummy",
    clientSecret: exchangeSecret(),
    authorization: { url: `${environment().url}/api/sso/authorize`, params: { scope: "" } },
    token: { request: async ({ params, checks }) => ({ tokens: { code: params.code, code_verifier: checks.code_verifier } }) },
    userinfo: {
      request: async ({ tokens }) => {
        end(await endingOf(String(tokens.code ?? ""), String(tokens.code_verifier ?? ""), request, cookies));
        return { ending: "known" } as never;
      },
    },
    profile: () => ({ id: "known" }),
  };
}

async function endingOf(code: string, verifier: string, request: RequestContext, cookies: CookieStore): Promise<Ending> {
  const attempt = await attemptOfCode(code);
  if (!attempt) return { to: "/sign-in?error=oidc.state" };
  if (!(await takeExchange(attempt.id))) {
    // Whoever brings a code again may have stolen it, or been stolen from: what it opened ends (RFC 6749 §4.1.2).
    if (attempt.sessionId) await inScope([], (tx) => endSession(tx, attempt.sessionId as string));
    await noteStep(attempt.id, "its code was brought again", false);
    return { to: "/sign-in?error=oidc.code_reused" };
  }
  try {
    const connection = await outsideScope((tx) => findConnection(tx, { id: attempt.connectionId }));
    if (!connection) throw new SignInRefused("connection_off");
    const stored = (attempt.result as { said?: unknown } | null)?.said;
    const said = saidSchema.parse(stored);
    await exchange(code, verifier, connection.protocol === "saml" ? subjectForLibrary(said.subject) : said.subject);
    if (attempt.mode === "sign_in") {
      const { principalId, person } = await signOnAs(connection, said, request);
      const signedOn = { connectionId: connection.id, subject: said.subject, sessionIndex: said.sessionIndex, endsAt: said.sessionEndsAt };
      return { principalId, attemptId: attempt.id, email: person.email, signedOn };
    }
    const actor = await sessionActor(cookies);
    if (!actor || actor.view || actor.id !== attempt.startedBy) throw new SignInRefused("not_signed_in");
    if (attempt.mode === "test") {
      await finishTest(attempt, connection, { ...said, ...tried.parse(stored) }, actor, request);
      return { to: await attemptPage(attempt) };
    }
    await signOnAs(connection, said, request, actor.id);
    await inScope([], (tx) => endAttempt(tx, attempt.id, { outcome: "linked", principalId: actor.id }));
    return { to: "/account" };
  } catch (error) {
    return { to: await refuseAttempt(attempt, error, request) };
  }
}

const tried = z.object({
  warnings: z.array(z.string()).optional(),
  forgeries: z.array(z.object({ forgery: z.enum(["unsigned", "audience", "expired", "altered"]), refusal: z.string().nullable() })).optional(),
}) as unknown as z.ZodType<{ warnings?: string[]; forgeries?: Forgery[] }>;

/** Exchanges the code with the library; what it read has to be what our gate read. */
async function exchange(code: string, verifier: string, subject: string): Promise<void> {
  const { oauthController } = await signOnLibrary();
  const body = { grant_type: "authorization_code", code, code_verifier: verifier, redirect_uri: callbackUrl() } as const;
  const { access_token } = await oauthController.token(body).catch((error) => {
    throw new SignInRefused("library", `exchange: ${error instanceof Error ? error.message : "failed"}`);
  });
  const profile = await oauthController.userInfo(access_token);
  if (profile.id !== subject) throw new SignInRefused("saml.signature_scope", "the library read another subject");
}
