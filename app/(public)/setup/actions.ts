"use server";

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { operatorActor } from "@/lib/identity/actor";
import { deviceCookie, rememberDevice } from "@/lib/identity/known-device";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionCookie } from "@/lib/identity/session";
import { openSession } from "@/lib/identity/start-session";
import { execute } from "@/lib/kernel/command";
import { toAppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { getPlaces } from "@/lib/organizations/get-places";
import { setUpOrganization } from "@/lib/organizations/set-up";
import { isSetupSecret } from "@/lib/setup/setup-link";
import type { CreateState, SecretState } from "./set-up-state";

/** Says whether the link's secret opens the set-up. Public: the secret, 256 random bits, is the proof. */
export async function checkSetUpSecret(secret: string): Promise<SecretState> {
  const requestHeaders = await headers();
  const { requestId } = requestContext(requestHeaders, "ui");
  try {
    requireSameOrigin(requestHeaders);
    if (typeof secret !== "string" || secret.length > 200) return { status: "closed" };
    const isOpen = await inScope([], (tx) => isSetupSecret(tx, secret));
    return isOpen ? { status: "open", places: getPlaces() } : { status: "closed" };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError({ requestId }, known);
    return { status: "error", message: known.message, fix: known.fix, requestId };
  }
}

/** Makes the organization and signs its first System Admin in. Public for the same reason; the command uses the secret up. */
export async function createOrganization(_previous: CreateState, form: FormData): Promise<CreateState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  try {
    requireSameOrigin(requestHeaders);
    const input = Object.fromEntries(["secret", "organization", "timeZone", "name", "email", "password"].map((field) => [field, form.get(field)]));
    const { principalId } = await execute(setUpOrganization, { actor: operatorActor(newId()), request, workspace: null }, input);
    const { token, expiresAt } = await openSession(principalId, "set-up link", request);
    const store = await cookies();
    const session = sessionCookie();
    store.set(session.name, token, { ...session.options, expires: new Date(expiresAt) });
    const remembered = deviceCookie();
    store.set(remembered.name, rememberDevice(principalId), remembered.options);
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, fields: known.fields ?? {}, requestId: request.requestId };
  }
  // Here and not in the page: the answer draws this page again, which from now on says that it is done.
  redirect("/");
}
