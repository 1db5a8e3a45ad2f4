"use server";

import { headers } from "next/headers";
import { redeemPasswordLink } from "@/lib/identity/password-link";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import type { LinkState } from "../link-state";

/** Sets a new password by a link. Public: the secret, 256 random bits, is the proof; same origin only. */
export async function setNewPassword(_previous: LinkState, form: FormData): Promise<LinkState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  try {
    requireSameOrigin(requestHeaders);
    await redeemPasswordLink({ secret: String(form.get("secret") ?? ""), password: String(form.get("password") ?? "") }, request);
    return { status: "done" };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, fields: known.fields, requestId: request.requestId };
  }
}
