"use server";

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { redeemEmergencyLink } from "@/lib/identity/emergency";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionCookie, sessionToken } from "@/lib/identity/session";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import type { LinkState } from "../link-state";

/** Uses an emergency link up and signs in. Public: the secret, 256 random bits, is the proof; same origin only. */
export async function signInWithEmergencyLink(_previous: LinkState, form: FormData): Promise<LinkState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  try {
    requireSameOrigin(requestHeaders);
    const store = await cookies();
    const { token, expiresAt } = await redeemEmergencyLink(String(form.get("secret") ?? ""), request, sessionToken(store));
    const session = sessionCookie();
    store.set(session.name, token, { ...session.options, expires: new Date(expiresAt) });
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, requestId: request.requestId };
  }
  redirect("/");
}
