"use server";

import { headers } from "next/headers";
import { requestPasswordLink } from "@/lib/identity/password-link";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import type { LinkState } from "../link-state";

/** Asks for a link by mail. Public: throttled, and the answer is the same for every address; same origin only. */
export async function askForPasswordLink(_previous: LinkState, form: FormData): Promise<LinkState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  const { requestId } = request;
  try {
    requireSameOrigin(requestHeaders);
    const result = await requestPasswordLink({ email: String(form.get("email") ?? "").trim() }, request);
    return result.status === "sent" ? { status: "done" } : { ...result, requestId };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, fields: known.fields, requestId };
  }
}
