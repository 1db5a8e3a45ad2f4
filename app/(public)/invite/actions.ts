"use server";

import { cookies, headers } from "next/headers";
import { deviceCookie, rememberDevice } from "@/lib/identity/known-device";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionActor, sessionCookie, sessionToken } from "@/lib/identity/session";
import { openSession } from "@/lib/identity/start-session";
import { AppError, toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import { acceptWithLink, readInvitation } from "@/lib/members/accept-invitation";
import type { OpenInvitation } from "@/lib/members/invitation-schema";

export type LinkState =
  | { status: "open"; invitation: OpenInvitation }
  | { status: "closed" }
  | { status: "error"; message: string; fix?: string; requestId: string };
export type AcceptState =
  | { status: "idle" }
  | { status: "done" }
  | { status: "error"; message: string; fix?: string; fields: Record<string, string>; requestId: string };

/** What the link opens. Public: its secret, 256 random bits, is the proof. */
export async function readLink(secret: string): Promise<LinkState> {
  const requestHeaders = await headers();
  const { requestId } = requestContext(requestHeaders, "ui");
  try {
    requireSameOrigin(requestHeaders);
    if (typeof secret !== "string" || secret.length > 200) return { status: "closed" };
    const invitation = await readInvitation(secret, await sessionActor(await cookies()));
    return invitation ? { status: "open", invitation } : { status: "closed" };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError({ requestId }, known);
    return { status: "error", message: known.message, fix: known.fix, requestId };
  }
}

/** Uses the link up and signs a new person in. Public for the same reason; the command uses the secret up. */
export async function acceptLink(_previous: AcceptState, form: FormData): Promise<AcceptState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  try {
    requireSameOrigin(requestHeaders);
    const store = await cookies();
    const signedIn = await sessionActor(store);
    const text = (name: string) => {
      const value = form.get(name);
      return typeof value === "string" ? value : undefined;
    };
    const secret = text("secret");
    if (!secret) throw new AppError("bad_request", "The link is not complete.");
    const password = text("password");
    const { principalId, isNew } = await acceptWithLink(
      { secret, ...(password === undefined ? {} : { password, name: text("name") ?? "" }) },
      signedIn,
      request,
    );
    if (isNew) {
      const { token, expiresAt } = await openSession(principalId, "invitation link", request, { replacedToken: sessionToken(store) });
      const session = sessionCookie();
      store.set(session.name, token, { ...session.options, expires: new Date(expiresAt) });
      const remembered = deviceCookie();
      store.set(remembered.name, rememberDevice(principalId), remembered.options);
    }
    return { status: "done" };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, fields: known.fields ?? {}, requestId: request.requestId };
  }
}
