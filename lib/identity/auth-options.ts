import "server-only";
import type { AuthOptions } from "next-auth";
import { environment } from "@/lib/kernel/env";
import { deriveKey } from "@/lib/kernel/keys";
import { log } from "@/lib/kernel/log";
import type { RequestContext } from "@/lib/kernel/request";
import { sessionAdapter } from "./adapter";
import { newSessionToken, SESSION_HOURS, sessionCookie } from "./session";

// How the session library is set up: sessions are rows, its cookie is ours, and it knows no password. Its only providers will be the
// single sign-on connections (docs/decisions/0003-sessions.md).

/** The options for one request. Error: sealed, without a master key. */
export function authOptions(request: RequestContext): AuthOptions {
  process.env.NEXTAUTH_URL = environment().url; // it takes its own address from here alone, never from the Host header
  const { name, options } = sessionCookie();
  return {
    secret: deriveKey("session-library").toString("base64url"),
    adapter: sessionAdapter(request),
    providers: [],
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
