"use server";

import { cookies, headers } from "next/headers";
import { deviceCookie, knownDevice, rememberDevice } from "@/lib/identity/known-device";
import { ownPath } from "@/lib/identity/next-path";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionCookie, sessionToken } from "@/lib/identity/session";
import { signIn } from "@/lib/identity/sign-in";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import { type WaysToSignIn, waysToSignIn } from "@/lib/sso/ways-to-sign-in";
import type { SignInState } from "./sign-in-state";

/** Signs in with e-mail and password. Public: nobody is signed in yet; throttled and audited by `signIn`. */
export async function signInWithPassword(_previous: SignInState, form: FormData): Promise<SignInState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  const { requestId } = request;
  try {
    requireSameOrigin(requestHeaders);
    const store = await cookies();
    const device = knownDevice(store);
    const result = await signIn({ email: form.get("email"), password: form.get("password") }, { request, device, replacedToken: sessionToken(store) });
    if (result.status === "deactivated") return { status: "deactivated", endedAt: result.endedAt, requestId };
    if (result.status !== "signed_in") return { ...result, requestId };
    const session = sessionCookie();
    store.set(session.name, result.token, { ...session.options, expires: new Date(result.expiresAt) });
    const remembered = deviceCookie();
    store.set(remembered.name, rememberDevice(result.principalId, device), remembered.options);
    return { status: "signed_in", next: ownPath(form.get("next")) };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, requestId };
  }
}

/** Where an address signs in. Public: it tells of domains, never of accounts. */
export async function findWays(email: unknown): Promise<WaysToSignIn> {
  requireSameOrigin(await headers());
  return typeof email === "string" && email.length <= 320 ? waysToSignIn(email.trim()) : { connection: null, password: true };
}
