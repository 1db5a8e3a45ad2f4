import "server-only";
import type { AuthOptions } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { environment } from "@/lib/kernel/env";
import { authenticationKey } from "@/lib/kernel/keys";
import { log } from "@/lib/kernel/log";
import type { RequestContext } from "@/lib/kernel/request";
import { sessionAdapter } from "./adapter";
import { ownPath } from "./next-path";
import type { SignedOnBy, StartedSession } from "./start-session";
import { newSessionToken, SESSION_HOURS, sessionCookie } from "./session";

// How the session library is set up: sessions are rows, its cookie is ours, and it knows no password. Its one provider is single sign-on
// (docs/decisions/0003-sessions.md).

/** How a callback of single sign-on ended: somebody to open a session for, or where the browser goes instead. */
export type SignOnEnding = { principalId: string; signedOn: SignedOnBy } | { to: string };

/** Single sign-on within one request. `ending`: how its callback ended, once it did. */
export type SignOn = {
  providers: OAuthConfig<unknown>[];
  ending: () => SignOnEnding | undefined;
  replacedToken?: string;
  onSession: (session: StartedSession) => Promise<void>;
};

/** The options for one request. Error: sealed, without a signing key. */
export function authOptions(request: RequestContext, signOn?: SignOn): AuthOptions {
  process.env.NEXTAUTH_URL = environment().url; // it takes its own address from here alone, never from the Host header
  const { name, options } = sessionCookie();
  return {
    secret: authenticationKey("session-library").toString("base64url"),
    adapter: sessionAdapter(request, signOn),
    providers: signOn?.providers ?? [],
    callbacks: {
      signIn: () => {
        const ending = signOn?.ending();
        return ending === undefined ? false : "to" in ending ? `${environment().url}${ending.to}` : true;
      },
      redirect: ({ url, baseUrl }) => `${baseUrl}${ownPath(url.startsWith(baseUrl) ? url.slice(baseUrl.length) : url)}`,
    },
    session: { strategy: "database", maxAge: SESSION_HOURS * 3_600, updateAge: SESSION_HOURS * 3_600, generateSessionToken: newSessionToken },
    useSecureCookies: environment().isSecure,
    cookies: { sessionToken: { name, options } },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in", newUser: "/" },
    // Its details may hold tokens: the code alone says what happened.
    logger: {
      error: (code) => log.warn("the session library refused a request", { code, requestId: request.requestId }),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}
